/* dump.c - what --dump=code,classes writes to standard error while a program runs. */
#include "java/dump.h"

#include <stdio.h>

#include "java/raise.h"

static bool dumps_code, dumps_classes;

void java_set_dump(bool code, bool classes)
{
    dumps_code = code;
    dumps_classes = classes;
}

void java_dump_class(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);

    if (dumps_classes)
        fprintf(stderr, "class %u %s: loader %u, %u methods, %u fields, %u bytes of instance, version %u.%u\n", class_index,
                java_class_guest_name(class_index), class->loader, class->method_count, class->field_count,
                class->instance_bytes, class->major, class->minor);
}

void java_dump_code(uint32_t method, const Code *code)
{
    const JavaMethod *info = java_method_at(method);

    if (!dumps_code)
        return;
    fprintf(stderr, "; %s.%s%s\n", java_class_guest_name(info->method.holder), symbol_text(info->name),
            symbol_text(info->descriptor));
    code_print(stderr, code);
}
