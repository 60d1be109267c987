/* dump.c - what --dump=code,final,classes,heap writes to standard error. */
#include "java/dump.h"

#include <stdio.h>
#include <stdlib.h>

#include "java/raise.h"
#include "java/translate.h"

static bool dumps_code, dumps_final, dumps_classes, dumps_heap;
static void (*at_end)(Thread *thread);

void java_set_dump(bool code, bool final, bool classes, bool heap)
{
    dumps_code = code;
    dumps_final = final;
    dumps_classes = classes;
    dumps_heap = heap;
}

void java_dump_class(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);

    if (dumps_classes)
        fprintf(stderr, "class %u %s: loader %u, %u methods, %u fields, %u bytes of instance, version %u.%u\n", class_index,
                java_class_guest_name(class_index), class->loader, class->method_count, class->field_count,
                class->instance_bytes, class->major, class->minor);
}

static void print_name(uint32_t method)
{
    char name[1024];

    java_method_name(method, name, sizeof name);
    fprintf(stderr, "; %s\n", name);
}

void java_dump_code(uint32_t method, const Code *code)
{
    if (!dumps_code)
        return;
    print_name(method);
    code_print(stderr, code);
}

/* What has been called of the program's own classes. */
static void dump_final(void)
{
    for (uint32_t i = 1; dumps_final && i < arena_table_count(&method_table); i++) {
        if (*method_place(i) == 0 || method_at(i)->code == 0 ||
            method_at(i)->language != LANGUAGE_JAVA || java_class_flags(java_method_holder(java_method_at(i))) & JAVA_CLASS_TRUSTED)
            continue;
        print_name(i);
        run_print_code(stderr, ARENA(const Code, method_at(i)->code));
    }
}

/* ---- the heap ---- */

#define LINES 100

typedef struct ClassCount {
    uint64_t objects, bytes;
    uint32_t class_index;
} ClassCount;

static void count_object(void *context, Value object)
{
    ClassCount *count = (ClassCount *)context + object_class_index(object);
    count->objects++;
    count->bytes += object_size_bytes(object);
}

static int by_bytes(const void *a, const void *b)
{
    const ClassCount *x = a, *y = b;
    return x->bytes < y->bytes ? 1 : x->bytes > y->bytes ? -1 : 0;
}

static const char *name_of(uint32_t class_index)
{
    if (class_index < CLASS_INDEX_JAVA_FIRST)
        return "(the machine's own)";
    return java_class_guest_name(class_index);
}

static void dump_heap(Thread *thread)
{
    uint32_t limit;
    ClassCount *counts;

    if (!dumps_heap)
        return;
    run_stop_world(thread); /* before it asks how many classes there are */
    limit = class_table.count;
    counts = memory_allocate_array(limit, sizeof *counts);
    for (uint32_t i = 0; counts != NULL && i < limit; i++)
        counts[i].class_index = i;
    if (counts != NULL)
        heap_each_object(count_object, counts);
    run_resume_world(thread);
    if (counts == NULL)
        return;
    qsort(counts, limit, sizeof *counts, by_bytes);
    for (uint32_t i = 0; i < limit && i < LINES && counts[i].objects != 0; i++)
        fprintf(stderr, "%10llu objects %12llu bytes  %s\n", (unsigned long long)counts[i].objects,
                (unsigned long long)counts[i].bytes, name_of(counts[i].class_index));
    memory_free(counts);
}

void java_set_at_end(void (*hook)(Thread *thread))
{
    at_end = hook;
}

void java_dump_end(Thread *thread)
{
    dump_heap(thread);
    dump_final();
    if (at_end != NULL)
        at_end(thread);
}
