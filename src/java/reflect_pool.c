/* reflect_pool.c - jdk.internal.reflect.ConstantPool: what annotation parsing reads.
 *
 * The object's constantPoolOop, which the natives get as their first argument, is the class object. */
#include "java/primitive_internal.h"
#include "java/reflect.h"

#define ILLEGAL_ARGUMENT "java/lang/IllegalArgumentException"

static JavaClass *pool_class(const Value *arguments)
{
    return java_class_at(java_mirror_class(arguments[1]));
}

/* Checks the index (arguments[2]). */
static bool pool_tag(Thread *thread, const Value *arguments, uint8_t *tag)
{
    const JavaClass *class = pool_class(arguments);
    int32_t index = as_int(arguments[2]);

    if (index < 0 || index >= class->cp_count) {
        (void)java_throw(thread, ILLEGAL_ARGUMENT, "Constant pool index out of bounds");
        return false;
    }
    *tag = java_pool_tag(class, (unsigned)index);
    return true;
}

/* Checks index and kind: tags lists up to three that will do. */
static bool pool_expect(Thread *thread, const Value *arguments, uint8_t a, uint8_t b, uint8_t c)
{
    uint8_t tag = 0;

    if (!pool_tag(thread, arguments, &tag))
        return false;
    if (tag != 0 && (tag == a || tag == b || tag == c))
        return true;
    (void)java_throw(thread, ILLEGAL_ARGUMENT, "Wrong type at constant pool index");
    return false;
}

static bool expect_member(Thread *thread, const Value *arguments)
{
    return pool_expect(thread, arguments, CONSTANT_FIELD, CONSTANT_METHOD, CONSTANT_INTERFACE_METHOD);
}

/* ---- numbers and texts ---- */

PRIMITIVE(get_size)
{
    *result = pool_class(arguments)->cp_count;
    return OUTCOME_DONE;
}

PRIMITIVE(get_tag)
{
    uint8_t tag = 0;

    if (!pool_tag(thread, arguments, &tag))
        return OUTCOME_THROW;
    *result = tag;
    return OUTCOME_DONE;
}

PRIMITIVE(get_int)
{
    if (!pool_expect(thread, arguments, CONSTANT_INTEGER, 0, 0))
        return OUTCOME_THROW;
    *result = from_int(java_pool_int(pool_class(arguments), (unsigned)arguments[2]));
    return OUTCOME_DONE;
}

PRIMITIVE(get_float)
{
    if (!pool_expect(thread, arguments, CONSTANT_FLOAT, 0, 0))
        return OUTCOME_THROW;
    *result = java_pool_float_bits(pool_class(arguments), (unsigned)arguments[2]);
    return OUTCOME_DONE;
}

PRIMITIVE(get_long)
{
    if (!pool_expect(thread, arguments, CONSTANT_LONG, 0, 0))
        return OUTCOME_THROW;
    *result = java_pool_long(pool_class(arguments), (unsigned)arguments[2]);
    return OUTCOME_DONE;
}

PRIMITIVE(get_double)
{
    if (!pool_expect(thread, arguments, CONSTANT_DOUBLE, 0, 0))
        return OUTCOME_THROW;
    *result = java_pool_long(pool_class(arguments), (unsigned)arguments[2]);
    return OUTCOME_DONE;
}

PRIMITIVE(get_utf8)
{
    if (!pool_expect(thread, arguments, CONSTANT_UTF8, 0, 0))
        return OUTCOME_THROW;
    *result = java_string_intern_symbol(thread, java_pool_utf8(pool_class(arguments), (unsigned)arguments[2]));
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(get_string)
{
    if (!pool_expect(thread, arguments, CONSTANT_STRING, 0, 0))
        return OUTCOME_THROW;
    Outcome outcome = java_link_class(thread, pool_class(arguments)->index); /* or there is no place for it yet */
    return outcome != OUTCOME_DONE ? outcome
                                   : java_resolve_string(thread, pool_class(arguments)->index, (unsigned)arguments[2], result);
}

/* ---- classes ---- */

/* DONE with *class_index 0: it is not loaded, and was not to be. */
static Outcome class_at_index(Thread *thread, uint32_t holder, unsigned cp_index, bool load, uint32_t *class_index)
{
    const JavaClass *class = java_class_at(holder);

    if (load)
        return java_resolve_class(thread, holder, cp_index, class_index);
    *class_index = java_pool_resolved(class, cp_index);
    if (*class_index == 0)
        *class_index = java_find_loaded_nogc(class->loader, java_pool_class_name(class, cp_index));
    return OUTCOME_DONE;
}

static Outcome get_class(Thread *thread, const Value *arguments, bool load, Value *result)
{
    uint32_t class_index = 0;
    Outcome outcome;

    if (!pool_expect(thread, arguments, CONSTANT_CLASS, 0, 0))
        return OUTCOME_THROW;
    outcome = class_at_index(thread, pool_class(arguments)->index, (unsigned)arguments[2], load, &class_index);
    if (outcome == OUTCOME_DONE)
        *result = class_index != 0 ? java_mirror(class_index) : 0;
    return outcome;
}

PRIMITIVE(get_class_loading)
{
    return get_class(thread, arguments, true, result);
}

PRIMITIVE(get_class_if_loaded)
{
    return get_class(thread, arguments, false, result);
}

PRIMITIVE(get_class_reference_index)
{
    if (!expect_member(thread, arguments))
        return OUTCOME_THROW;
    *result = java_pool_reference(pool_class(arguments), (unsigned)arguments[2]).class_cp;
    return OUTCOME_DONE;
}

/* ---- members ---- */

static Outcome get_method(Thread *thread, const Value *arguments, bool load, Value *result)
{
    uint32_t class_index = 0, method = 0;
    JavaReference reference;
    Outcome outcome;

    if (!pool_expect(thread, arguments, CONSTANT_METHOD, CONSTANT_INTERFACE_METHOD, 0))
        return OUTCOME_THROW;
    reference = java_pool_reference(pool_class(arguments), (unsigned)arguments[2]);
    outcome = class_at_index(thread, pool_class(arguments)->index, reference.class_cp, load, &class_index);
    if (outcome != OUTCOME_DONE || class_index == 0)
        return outcome;
    for (uint32_t at = class_index; at != 0 && method == 0; at = class_at(at)->super)
        method = java_find_declared_method(at, reference.name, reference.descriptor);
    if (method == 0)
        return java_throw(thread, "java/lang/RuntimeException", "Unable to look up method in target class");
    if (reference.name == SYM(INIT))
        return java_reflect_constructor(thread, method, result);
    return java_reflect_method(thread, method, result);
}

PRIMITIVE(get_method_loading)
{
    return get_method(thread, arguments, true, result);
}

PRIMITIVE(get_method_if_loaded)
{
    return get_method(thread, arguments, false, result);
}

static Outcome get_field(Thread *thread, const Value *arguments, bool load, Value *result)
{
    uint32_t class_index = 0;
    JavaReference reference;
    const JavaField *field;
    Outcome outcome;

    if (!pool_expect(thread, arguments, CONSTANT_FIELD, 0, 0))
        return OUTCOME_THROW;
    reference = java_pool_reference(pool_class(arguments), (unsigned)arguments[2]);
    outcome = class_at_index(thread, pool_class(arguments)->index, reference.class_cp, load, &class_index);
    if (outcome != OUTCOME_DONE || class_index == 0)
        return outcome;
    field = java_find_field(class_index, reference.name, reference.descriptor);
    if (field == NULL)
        return java_throw(thread, "java/lang/RuntimeException", "Unable to look up field in target class");
    return java_reflect_field(thread, field->holder, field->index, result);
}

PRIMITIVE(get_field_loading)
{
    return get_field(thread, arguments, true, result);
}

PRIMITIVE(get_field_if_loaded)
{
    return get_field(thread, arguments, false, result);
}

/* String[] of symbols; 0 stands for a missing one. */
static Outcome give_texts(Thread *thread, const SymbolRef *symbols, unsigned count, Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    uint32_t array_class = java_array_class(thread, java_class(STRING));
    Value *array;

    if (array_class == 0)
        return OUTCOME_THROW;
    array = heap_hold_nogc(&thread->allocator, heap_allocate_array(&thread->allocator, class_at(array_class), count));
    if (*array == 0)
        (void)java_throw_memory(thread);
    for (unsigned i = 0; i < count && thread->exception == 0; i++) {
        Value text = java_string_from_symbol(thread, symbols[i], false);
        array_store(*array, i, text);
    }
    *result = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return thread->exception == 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(get_member_information)
{
    JavaReference reference;

    if (!expect_member(thread, arguments))
        return OUTCOME_THROW;
    reference = java_pool_reference(pool_class(arguments), (unsigned)arguments[2]);
    return give_texts(thread, (SymbolRef[]){reference.class_name, reference.name, reference.descriptor}, 3, result);
}

PRIMITIVE(get_name_and_type_index)
{
    uint8_t tag = 0;

    if (!pool_tag(thread, arguments, &tag))
        return OUTCOME_THROW;
    if (tag != CONSTANT_INVOKE_DYNAMIC && !expect_member(thread, arguments))
        return OUTCOME_THROW;
    *result = *java_pool_cell(pool_class(arguments), (unsigned)arguments[2]) >> 16 & 0xffff;
    return OUTCOME_DONE;
}

PRIMITIVE(get_name_and_type)
{
    uint64_t pair;

    if (!pool_expect(thread, arguments, CONSTANT_NAME_AND_TYPE, 0, 0))
        return OUTCOME_THROW;
    pair = *java_pool_cell(pool_class(arguments), (unsigned)arguments[2]);
    return give_texts(thread, (SymbolRef[]){(SymbolRef)pair, (SymbolRef)(pair >> 32)}, 2, result);
}

/* Class.getConstantPool: null for arrays and primitive types. */
PRIMITIVE(get_constant_pool)
{
    uint32_t class_index = java_wellknown_class(thread, JAVA_CLASS_REFLECT_CONSTANT_POOL);

    if (class_index == 0)
        return OUTCOME_THROW;
    if (class_at(java_mirror_class(arguments[0]))->flags & (CLASS_ARRAY | CLASS_PRIMITIVE))
        return OUTCOME_DONE;
    *result = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (*result == 0)
        return java_throw_memory(thread);
    heap_store(*result, java_offset(REFLECT_CONSTANT_POOL_HOLDER), arguments[0]);
    return OUTCOME_DONE;
}

#define POOL "jdk/internal/reflect/ConstantPool."

void primitive_register_pool(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Class.getConstantPool()Ljdk/internal/reflect/ConstantPool;", get_constant_pool},
        {POOL "getSize0(Ljava/lang/Object;)I", get_size},
        {POOL "getTagAt0(Ljava/lang/Object;I)B", get_tag},
        {POOL "getIntAt0(Ljava/lang/Object;I)I", get_int},
        {POOL "getFloatAt0(Ljava/lang/Object;I)F", get_float},
        {POOL "getLongAt0(Ljava/lang/Object;I)J", get_long},
        {POOL "getDoubleAt0(Ljava/lang/Object;I)D", get_double},
        {POOL "getUTF8At0(Ljava/lang/Object;I)Ljava/lang/String;", get_utf8},
        {POOL "getStringAt0(Ljava/lang/Object;I)Ljava/lang/String;", get_string},
        {POOL "getClassAt0(Ljava/lang/Object;I)Ljava/lang/Class;", get_class_loading},
        {POOL "getClassAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/Class;", get_class_if_loaded},
        {POOL "getClassRefIndexAt0(Ljava/lang/Object;I)I", get_class_reference_index},
        {POOL "getMethodAt0(Ljava/lang/Object;I)Ljava/lang/reflect/Member;", get_method_loading},
        {POOL "getMethodAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/reflect/Member;", get_method_if_loaded},
        {POOL "getFieldAt0(Ljava/lang/Object;I)Ljava/lang/reflect/Field;", get_field_loading},
        {POOL "getFieldAtIfLoaded0(Ljava/lang/Object;I)Ljava/lang/reflect/Field;", get_field_if_loaded},
        {POOL "getMemberRefInfoAt0(Ljava/lang/Object;I)[Ljava/lang/String;", get_member_information},
        {POOL "getNameAndTypeRefIndexAt0(Ljava/lang/Object;I)I", get_name_and_type_index},
        {POOL "getNameAndTypeRefInfoAt0(Ljava/lang/Object;I)[Ljava/lang/String;", get_name_and_type},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
