/* lay_out.c - before java.image is written: the classes and methods that a start touches are laid side by side. */
#include "base/memory.h"
#include "java/java_internal.h"

static void lay_class(uint32_t class_index, bool *laid)
{
    Class *class = class_at(class_index);

    if (laid[class_index] || class->language != LANGUAGE_JAVA)
        return;
    laid[class_index] = true;
    class->data = arena_lay_for_start(class->data, sizeof(JavaClass));
    class_lay_for_start(class_index);
}

/* With those above it, which casts and look-ups read. */
static void lay_holder(uint32_t class_index, bool *laid)
{
    const uint32_t *interfaces = ARENA(const uint32_t, class_at(class_index)->interfaces);

    for (uint32_t i = 1; class_at(class_index)->interfaces != 0 && i <= interfaces[0]; i++) lay_class(interfaces[i], laid);
    for (; class_index != 0; class_index = class_at(class_index)->super) lay_class(class_index, laid);
}

void java_lay_for_start(Thread *thread)
{
    ArenaRef *methods = (ArenaRef *)(void *)method_table.base;
    bool *laid = memory_allocate_array(class_table.count, sizeof *laid);

    if (laid == NULL)
        return; /* it does without */
    run_stop_world(thread);
    for (uint32_t i = 1; i < method_table.count; i++)
        if (methods[i] != 0 && method_at(i)->code != 0) {
            methods[i] = arena_lay_for_start(methods[i], sizeof(JavaMethod));
            lay_holder(method_at(i)->holder, laid);
        }
    run_resume_world(thread);
    memory_free(laid);
}
