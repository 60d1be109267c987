/* mirror.c - class objects (java.lang.Class), primitive classes and array classes. */
#include <string.h>

#include "java/define.h"

/* ---- class objects ---- */

static void fill_mirror(Value mirror, uint32_t class_index)
{
    const Class *class = class_at(class_index);
    const JavaClass *data = java_class_at(class_index);

    *(int32_t *)object_at(mirror, java_offset(CLASS_INDEX)) = (int32_t)class_index;
    heap_store(mirror, java_offset(CLASS_CLASS_LOADER), java_loader_object(data->loader));
    heap_store(mirror, java_offset(CLASS_MODULE), java_class_module_object(class_index));
    if (class->flags & CLASS_ARRAY)
        heap_store(mirror, java_offset(CLASS_COMPONENT_TYPE), java_mirror(class->element_class));
}

bool mirror_make(Thread *thread, uint32_t class_index, Value *protection_domain, Value *class_data)
{
    uint32_t of = java_class(CLASS), root;
    Value mirror;

    if (of == 0)
        return true;
    mirror = heap_allocate_old(&thread->allocator, of, FORMAT_JAVA_INSTANCE, class_at(of)->slots);
    if (mirror == 0) {
        (void)java_throw_memory(thread);
        return false;
    }
    fill_mirror(mirror, class_index);
    if (protection_domain != NULL)
        heap_store(mirror, java_offset(CLASS_PROTECTION_DOMAIN), *protection_domain);
    if (class_data != NULL)
        heap_store(mirror, java_offset(CLASS_CLASS_DATA), *class_data);
    root = heap_root_add(mirror, java_class_at(class_index)->loader);
    if (root == 0) {
        (void)java_throw_memory(thread);
        return false;
    }
    class_at(class_index)->mirror_root = root;
    return true;
}

/* java.lang.Class has come: the classes before it get their class objects. */
bool mirror_make_all(Thread *thread)
{
    java_world()->mirrors_made = 1;
    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++) {
        if (*class_place(i) == 0)
            continue;
        const Class *class = class_at(i);
        if (class->language == LANGUAGE_JAVA && class->data != 0 && class->mirror_root == 0 && !mirror_make(thread, i, NULL, NULL))
            return false;
    }
    return true;
}

uint32_t java_mirror_class(Value mirror)
{
    return mirror == 0 ? 0 : (uint32_t)*(int32_t *)object_at(mirror, java_offset(CLASS_INDEX));
}

/* ---- primitive classes ---- */

static const struct {
    char type;
    uint8_t shift;
    enum JavaSymbol name;
} primitives[] = {{'Z', 0, SYMBOL_NAME_BOOLEAN}, {'B', 0, SYMBOL_NAME_BYTE}, {'C', 1, SYMBOL_NAME_CHAR}, {'S', 1, SYMBOL_NAME_SHORT},
                  {'I', 2, SYMBOL_NAME_INT}, {'J', 3, SYMBOL_NAME_LONG}, {'F', 2, SYMBOL_NAME_FLOAT}, {'D', 3, SYMBOL_NAME_DOUBLE},
                  {'V', 0, SYMBOL_NAME_VOID}};

static ArenaRef new_data(uint32_t class_index, SymbolRef name)
{
    ArenaRef block = arena_allocate(sizeof(JavaClass));
    if (block != 0) {
        JavaClass *data = ARENA(JavaClass, block);
        data->index = class_index;
        data->name = name;
        data->state = JAVA_INITIALIZED;
        data->nest_host_class = class_index;
    }
    return block;
}

Result primitive_classes_make(void)
{
    Result result = OK;

    for (size_t i = 0; i < COUNT_OF(primitives); i++) {
        Class *class;
        TRY(class_new(&class, 0));
        class->data = new_data(class->index, java_world()->symbols[primitives[i].name]);
        if (class->data == 0)
            return error_set(ERROR_MEMORY, "no room for the primitive classes");
        JavaClass *data = ARENA(JavaClass, class->data);
        class->flags = CLASS_PRIMITIVE | CLASS_ABSTRACT;
        class->format = FORMAT_JAVA_INSTANCE;
        class->element_shift = primitives[i].shift;
        class->language = LANGUAGE_JAVA;
        class->initialized = 1;
        data->primitive_type = primitives[i].type;
        data->access_flags = data->inner_flags = ACCESS_PUBLIC | ACCESS_FINAL | ACCESS_ABSTRACT;
        class->modifiers = data->access_flags;
        java_world()->primitive_classes[(unsigned char)primitives[i].type] = class->index;
    }
done:
    return result;
}

uint32_t java_primitive_class(char type)
{
    return (unsigned char)type < 128 ? java_world()->primitive_classes[(unsigned char)type] : 0;
}

/* ---- array classes ---- */

static SymbolRef array_name(uint32_t element)
{
    const JavaClass *data = java_class_at(element);

    if (data->primitive_type != 0)
        return java_symbol_format("[%c", data->primitive_type);
    if (java_class_is_array(element))
        return java_symbol_format("[%s", symbol_text(data->name));
    return java_symbol_format("[L%s;", symbol_text(data->name));
}

static ArenaRef array_interfaces(void)
{
    uint32_t first = java_class(CLONEABLE), second = java_class(SERIALIZABLE);
    ArenaRef block = arena_allocate(3 * sizeof(uint32_t));

    if (block != 0) {
        uint32_t *list = ARENA(uint32_t, block);
        list[0] = first != 0 && second != 0 ? 2 : 0;
        list[1] = first < second ? first : second;
        list[2] = first < second ? second : first;
    }
    return block;
}

static void fill_array_class(Class *class, uint32_t element_index)
{
    const Class *element = class_at(element_index), *object = class_at(java_class(OBJECT));
    const JavaClass *of = java_class_at(element_index);
    JavaClass *data = ARENA(JavaClass, class->data);
    bool references = !(element->flags & CLASS_PRIMITIVE);

    class->format = FORMAT_JAVA_ARRAY;
    class->element_shift = references ? 3 : element->element_shift;
    class->elements_are_references = references;
    class->slots = 1;
    class->flags = CLASS_ARRAY | CLASS_ABSTRACT | (of->primitive_type == 'Z' ? CLASS_BOOLEAN_ELEMENTS : 0);
    class->owner = element->owner;
    class->super = object->index;
    class->depth = 1;
    class->display[0] = object->index;
    class->display[1] = class->index;
    class->element_class = element_index;
    class->language = LANGUAGE_JAVA;
    class->initialized = 1;
    memcpy(class->vtable, object->vtable, object->vtable_length * sizeof(uint32_t));
    data->loader = of->loader;
    data->module = of->module;
    data->package = of->package;
    data->dimensions = (uint8_t)(of->dimensions + 1);
    data->bottom_class = of->dimensions != 0 ? of->bottom_class : element_index;
    data->access_flags = data->inner_flags =
        (uint16_t)((of->inner_flags & (ACCESS_PUBLIC | ACCESS_PRIVATE | ACCESS_PROTECTED)) | ACCESS_FINAL | ACCESS_ABSTRACT);
    class->modifiers = data->access_flags;
}

uint32_t java_array_class(Thread *thread, uint32_t class_index)
{
    uint32_t there = __atomic_load_n(&class_at(class_index)->array_class, __ATOMIC_ACQUIRE), made, none = 0;
    Class *class;

    if (there != 0)
        return there;
    SymbolRef name = array_name(class_index);
    if (name == 0 || class_new(&class, class_at(java_class(OBJECT))->vtable_length) != OK) {
        (void)java_throw_memory(thread);
        return 0;
    }
    made = class->index;
    class->data = new_data(made, name);
    class->interfaces = array_interfaces();
    if (class->data == 0 || class->interfaces == 0) {
        (void)java_throw_memory(thread);
        return 0;
    }
    fill_array_class(class, class_index);
    if (!mirror_make(thread, made, NULL, NULL))
        return 0;
    if (!__atomic_compare_exchange_n(&class_at(class_index)->array_class, &none, made, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        return none; /* another thread was faster */
    return made;
}
