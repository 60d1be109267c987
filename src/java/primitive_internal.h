/* primitive_internal.h - what the files of primitives share: tables of primitives, arguments, results. */
#ifndef JAVA_PRIMITIVE_INTERNAL_H
#define JAVA_PRIMITIVE_INTERNAL_H

#include <string.h>

#include "base/base.h"
#include "java/java_internal.h"
#include "java/raise.h"
#include "run/run.h"

#define PRIMITIVE(name) static Outcome name(Thread *thread, Value *arguments, Value *result)

/* One for each file of primitives; java_register_primitives calls all. */
void primitive_register_unsafe(void);
void primitive_register_lang(void);
void primitive_register_math(void);
void primitive_register_text(void);
void primitive_register_class(void);
void primitive_register_loader(void);
void primitive_register_boot(void);
void primitive_register_management(void);
void primitive_register_reflect(void);
void primitive_register_accessors(void);
void primitive_register_array(void);
void primitive_register_pool(void);
void primitive_register_nesting(void);
void primitive_register_stack(void);
void primitive_register_stackwalk(void);
void primitive_register_thread(void);
void primitive_register_reference(void);
void primitive_register_module(void);
void primitive_register_misc(void);
void primitive_register_ffi(void);
void primitive_register_properties(void);

/* Class.getName's string, kept in the class object; 0: exception (stacktrace.c). */
Value java_class_name_string(Thread *thread, uint32_t class_index);
/* Class[]; bytes of a class file's attribute at an offset (0: null). 0 with thread->exception: no memory. */
Value java_class_array(Thread *thread, uint32_t count);
Value java_attribute_array(Thread *thread, uint32_t class_index, uint32_t offset);
/* Appends the message of a NullPointerException raised at pc of a method; false: there is none (npe_message.c). */
bool java_null_message(uint32_t method, uint32_t pc, Bytes *text);

/* Arguments as C types. */
static inline int32_t as_int(Value value)
{
    return (int32_t)value;
}
static inline float as_float(Value value)
{
    return f32_of((uint32_t)value);
}
static inline double as_double(Value value)
{
    return f64_of(value);
}
static inline Value from_int(int32_t number)
{
    return (Value)(int64_t)number;
}
static inline Value from_float(float number)
{
    return bits_of_f32(number);
}
static inline Value from_double(double number)
{
    return bits_of_f64(number);
}

#endif
