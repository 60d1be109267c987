/* primitive_class.c - java.lang.Class: names, kinds, super types, finding by name. */
#include <string.h>

#include "java/primitive_internal.h"
#include "java/properties.h"
#include "java/strings.h"

/* The class that the receiver stands for. */
static uint32_t self(const Value *arguments)
{
    return java_mirror_class(arguments[0]);
}

static JavaClass *self_class(const Value *arguments)
{
    return java_class_at(self(arguments));
}

PRIMITIVE(desired_assertion_status)
{
    *result = java_assertions_wanted(java_mirror_class(arguments[0]));
    return OUTCOME_DONE;
}

static Outcome throw_not_found(Thread *thread, Value name)
{
    char *text = java_string_text(name);
    Outcome outcome = java_throw(thread, "java/lang/ClassNotFoundException", "%s", text != NULL ? text : "");
    memory_free(text);
    return outcome;
}

/* What no loader is asked for: a part of the name that is empty, but at its end, or that a name cannot have. */
static bool is_class_name(const char *text)
{
    for (const char *at = text; *at != 0; at++)
        if (*at == ';' || *at == '[' || (*at == '/' && (at == text || at[-1] == '/')))
            return false;
    return *text != 0;
}

/* Names are shown as the machine has them, with slashes. */
static Outcome throw_bad_name(Thread *thread, const char *text)
{
    int shown = 979; /* HotSpot's limit for the whole message */

    if (text[0] != '[' && !is_class_name(text))
        return java_throw(thread, "java/lang/ClassNotFoundException", "%s", text);
    while ((text[shown] & 0xc0) == 0x80)
        shown--;
    return java_throw(thread, "java/lang/ClassNotFoundException", "Class name exceeds maximum length of %d: %.*s",
                      JAVA_SYMBOL_MOST, shown, text);
}

/* 0: it cannot be one, and this has been thrown. Names of arrays are looked at where they are loaded. */
static SymbolRef class_name_symbol(Thread *thread, Value string)
{
    char *text = java_string_text(string);
    SymbolRef name = 0;

    if (text == NULL || strchr(text, '/') != NULL) {
        (void)throw_not_found(thread, string);
    } else {
        for (char *at = text; *at != 0; at++)
            if (*at == '.')
                *at = '/';
        if ((text[0] != '[' && !is_class_name(text)) || strlen(text) > JAVA_SYMBOL_MOST)
            (void)throw_bad_name(thread, text);
        else if ((name = java_symbol(text, strlen(text))) == 0)
            (void)java_throw_memory(thread);
    }
    memory_free(text);
    return name;
}

/* forName0(String name, boolean initialize, ClassLoader loader, Class caller) */
PRIMITIVE(for_name)
{
    SymbolRef name;
    uint32_t class_index = 0, loader;
    Outcome outcome;

    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    name = class_name_symbol(thread, arguments[0]);
    if (name == 0)
        return OUTCOME_THROW;
    loader = arguments[2] == 0 ? 0 : java_loader_number(thread, arguments[2]);
    if (thread->exception != 0)
        return OUTCOME_THROW;
    outcome = java_load_class(thread, loader, name, false, &class_index);
    if (outcome == OUTCOME_DONE && as_int(arguments[1]) != 0 && !java_class_is_array(class_index))
        outcome = java_initialize_class(thread, class_index);
    if (outcome == OUTCOME_DONE)
        *result = java_mirror(class_index);
    return outcome;
}

PRIMITIVE(get_primitive_class)
{
    static const char *const names[] = {"boolean", "byte", "char", "short", "int", "long", "float", "double", "void"};

    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (java_string_equals_text(arguments[0], names[i])) {
            *result = java_mirror(java_primitive_class("ZBCSIJFDV"[i]));
            return OUTCOME_DONE;
        }
    return throw_not_found(thread, arguments[0]);
}

PRIMITIVE(get_superclass)
{
    const Class *class = class_at(self(arguments));

    if (class->flags & (CLASS_INTERFACE | CLASS_PRIMITIVE))
        *result = 0;
    else if (class->flags & CLASS_ARRAY)
        *result = java_mirror(java_class(OBJECT));
    else
        *result = class->super != 0 ? java_mirror(class->super) : 0;
    return OUTCOME_DONE;
}

PRIMITIVE(init_class_name)
{
    *result = java_class_name_string(thread, self(arguments));
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(is_array)
{
    *result = (class_at(self(arguments))->flags & CLASS_ARRAY) != 0;
    return OUTCOME_DONE;
}

PRIMITIVE(is_interface)
{
    *result = (class_at(self(arguments))->flags & CLASS_INTERFACE) != 0;
    return OUTCOME_DONE;
}

PRIMITIVE(is_primitive)
{
    *result = (class_at(self(arguments))->flags & CLASS_PRIMITIVE) != 0;
    return OUTCOME_DONE;
}

PRIMITIVE(is_hidden)
{
    *result = (java_class_flags(self_class(arguments)) & JAVA_CLASS_HIDDEN) != 0;
    return OUTCOME_DONE;
}

PRIMITIVE(is_record)
{
    const JavaClass *class = self_class(arguments);
    *result = class->record != 0 && (class->access_flags & ACCESS_FINAL) && class_at(class->index)->super == java_class(RECORD);
    return OUTCOME_DONE;
}

PRIMITIVE(is_assignable_from)
{
    uint32_t to = self(arguments), from;

    if (arguments[1] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    from = java_mirror_class(arguments[1]);
    if ((class_at(to)->flags | class_at(from)->flags) & CLASS_PRIMITIVE)
        *result = to == from;
    else
        *result = java_is_subclass(from, to);
    return OUTCOME_DONE;
}

PRIMITIVE(is_instance)
{
    *result = arguments[1] != 0 && !(class_at(self(arguments))->flags & CLASS_PRIMITIVE) &&
              java_is_instance(arguments[1], self(arguments));
    return OUTCOME_DONE;
}

/* Class.getModifiers' number: of arrays, the element's visibility. */
static int32_t modifiers_of(uint32_t class_index)
{
    const JavaClass *class = java_class_at(class_index);
    const unsigned mask = 0x761f; /* PUBLIC PRIVATE PROTECTED STATIC FINAL INTERFACE ABSTRACT SYNTHETIC ANNOTATION ENUM */

    if (class_at(class_index)->flags & CLASS_PRIMITIVE)
        return ACCESS_PUBLIC | ACCESS_FINAL | ACCESS_ABSTRACT;
    if (class->dimensions != 0)
        return (modifiers_of(class->bottom_class) & (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED)) | ACCESS_FINAL |
               ACCESS_ABSTRACT;
    return (int32_t)(class->inner_flags & mask);
}

PRIMITIVE(get_modifiers)
{
    *result = from_int(modifiers_of(self(arguments)));
    return OUTCOME_DONE;
}

/* Reflection.getClassAccessFlags: as in the class file. */
PRIMITIVE(get_class_access_flags)
{
    const JavaClass *class = java_class_at(java_mirror_class(arguments[0]));

    if (class->primitive_type != 0 || class->dimensions != 0)
        *result = from_int(modifiers_of(class->index));
    else
        *result = from_int(class->access_flags & ~ACCESS_SUPER);
    return OUTCOME_DONE;
}

Value java_class_array(Thread *thread, uint32_t count)
{
    uint32_t array_class = java_array_class(thread, java_class(CLASS));
    Value array = array_class != 0 ? heap_allocate_array(&thread->allocator, class_at(array_class), count) : 0;

    if (array == 0 && thread->exception == 0)
        java_throw_memory(thread);
    return array;
}

PRIMITIVE(get_interfaces)
{
    uint32_t class_index = self(arguments);
    bool array = java_class_is_array(class_index);
    uint32_t count = array ? 2 : java_class_at(class_index)->interface_count;

    *result = java_class_array(thread, count);
    if (*result == 0)
        return OUTCOME_THROW;
    if (array) {
        array_store(*result, 0, java_mirror(java_class(CLONEABLE)));
        array_store(*result, 1, java_mirror(java_class(SERIALIZABLE)));
        return OUTCOME_DONE;
    }
    for (uint32_t i = 0; i < count; i++)
        array_store(*result, i, java_mirror(ARENA(uint32_t, java_class_at(class_index)->interfaces)[i]));
    return OUTCOME_DONE;
}

PRIMITIVE(get_protection_domain)
{
    *result = heap_load(arguments[0], java_offset(CLASS_PROTECTION_DOMAIN));
    return OUTCOME_DONE;
}

PRIMITIVE(static_get_protection_domain)
{
    if (arguments[0] == 0)
        return run_raise(thread, RAISE_NULL, 0, 0);
    *result = heap_load(arguments[0], java_offset(CLASS_PROTECTION_DOMAIN));
    return OUTCOME_DONE;
}

PRIMITIVE(get_signers)
{
    Value signers = heap_load(arguments[0], java_offset(CLASS_SIGNERS));
    Value copy;

    if (signers == 0) {
        *result = 0;
        return OUTCOME_DONE;
    }
    copy = heap_allocate_array(&thread->allocator, class_of(signers), (uint32_t)array_length(signers));
    if (copy == 0)
        return java_throw_memory(thread);
    signers = heap_load(arguments[0], java_offset(CLASS_SIGNERS));
    for (int32_t i = 0; i < array_length(signers); i++)
        array_store(copy, (uint64_t)i, array_element(signers, (uint64_t)i));
    *result = copy;
    return OUTCOME_DONE;
}

PRIMITIVE(set_signers)
{
    if (!(class_at(self(arguments))->flags & (CLASS_PRIMITIVE | CLASS_ARRAY)))
        heap_store(arguments[0], java_offset(CLASS_SIGNERS), arguments[1]);
    return OUTCOME_DONE;
}

PRIMITIVE(get_generic_signature)
{
    const JavaClass *class = self_class(arguments);

    if (class->primitive_type != 0 || class->dimensions != 0 || class->signature == 0)
        return OUTCOME_DONE;
    *result = java_string_intern_symbol(thread, java_pool_utf8(class, class->signature));
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

Value java_attribute_array(Thread *thread, uint32_t class_index, uint32_t offset)
{
    const JavaClass *class = java_class_at(class_index);
    uint32_t size;
    void *copy;
    Value array;

    if (offset == 0)
        return 0;
    (void)java_attribute(class, offset, &size);
    copy = memory_copy(java_attribute(class, offset, &size), size);
    if (copy == NULL) {
        java_throw_memory(thread);
        return 0;
    }
    array = java_byte_array(thread, copy, size);
    memory_free(copy);
    return array;
}

static Outcome give_attribute(Thread *thread, const JavaClass *class, uint32_t offset, Value *result)
{
    if (class->primitive_type == 0 && class->dimensions == 0)
        *result = java_attribute_array(thread, class->index, offset);
    return thread->exception == 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(get_raw_annotations)
{
    const JavaClass *class = self_class(arguments);
    return give_attribute(thread, class, class->annotations, result);
}

PRIMITIVE(get_raw_type_annotations)
{
    const JavaClass *class = self_class(arguments);
    return give_attribute(thread, class, class->type_annotations, result);
}

PRIMITIVE(has_static_initializer)
{
    *result = (java_class_flags(java_class_at(java_mirror_class(arguments[0]))) & JAVA_CLASS_HAS_CLINIT) != 0;
    return OUTCOME_DONE;
}

void primitive_register_class(void)
{
    static const PrimitiveRow rows[] = {
        {"java/lang/Class.desiredAssertionStatus0(Ljava/lang/Class;)Z", desired_assertion_status},
        {"java/lang/Class.forName0(Ljava/lang/String;ZLjava/lang/ClassLoader;Ljava/lang/Class;)Ljava/lang/Class;", for_name},
        {"java/lang/Class.getPrimitiveClass(Ljava/lang/String;)Ljava/lang/Class;", get_primitive_class},
        {"java/lang/Class.getSuperclass()Ljava/lang/Class;", get_superclass},
        {"java/lang/Class.initClassName()Ljava/lang/String;", init_class_name},
        {"java/lang/Class.isArray()Z", is_array},
        {"java/lang/Class.isInterface()Z", is_interface},
        {"java/lang/Class.isPrimitive()Z", is_primitive},
        {"java/lang/Class.isHidden()Z", is_hidden},
        {"java/lang/Class.isRecord0()Z", is_record},
        {"java/lang/Class.isAssignableFrom(Ljava/lang/Class;)Z", is_assignable_from},
        {"java/lang/Class.isInstance(Ljava/lang/Object;)Z", is_instance},
        {"java/lang/Class.getModifiers()I", get_modifiers},
        {"jdk/internal/reflect/Reflection.getClassAccessFlags(Ljava/lang/Class;)I", get_class_access_flags},
        {"java/lang/Class.getInterfaces0()[Ljava/lang/Class;", get_interfaces},
        {"java/lang/Class.getProtectionDomain0()Ljava/security/ProtectionDomain;", get_protection_domain},
        {"java/security/AccessController.getProtectionDomain(Ljava/lang/Class;)Ljava/security/ProtectionDomain;",
         static_get_protection_domain},
        {"java/lang/Class.getSigners()[Ljava/lang/Object;", get_signers},
        {"java/lang/Class.setSigners([Ljava/lang/Object;)V", set_signers},
        {"java/lang/Class.getGenericSignature0()Ljava/lang/String;", get_generic_signature},
        {"java/lang/Class.getRawAnnotations()[B", get_raw_annotations},
        {"java/lang/Class.getRawTypeAnnotations()[B", get_raw_type_annotations},
        {"java/io/ObjectStreamClass.hasStaticInitializer(Ljava/lang/Class;)Z", has_static_initializer},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
