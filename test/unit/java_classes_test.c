#define _GNU_SOURCE /* memmem */
/* java_classes_test.c - class files, the jimage, loading, layout, vtables, and damaged class files. */
#include "java/define.h"
#include "java/java.h"
#include "java/verify.h"
#include "test.h"

static Thread *thread;

static uint32_t load(const char *name)
{
    uint32_t class_index = 0;
    Outcome outcome = java_load_boot_class(thread, java_symbol_text(name), &class_index);
    if (outcome != OUTCOME_DONE || class_index == 0) {
        fprintf(stderr, "cannot load %s: outcome %d\n", name, outcome);
        exit(1);
    }
    return class_index;
}

/* ---- descriptors ---- */

static void test_descriptors(void)
{
    uint8_t bits[32] = {0};

    CHECK(java_descriptor_is_field("I", 1));
    CHECK(java_descriptor_is_field("[[Ljava/lang/String;", 20));
    CHECK(!java_descriptor_is_field("", 0));
    CHECK(!java_descriptor_is_field("V", 1));
    CHECK(!java_descriptor_is_field("Ljava/lang/String", 17));
    CHECK(!java_descriptor_is_field("La//b;", 6));
    CHECK(!java_descriptor_is_field("L;", 2));
    CHECK(!java_descriptor_is_field("[", 1));
    CHECK(java_descriptor_is_method("()V", 3));
    CHECK(java_descriptor_is_method("(IJLa;[D)[I", 11));
    CHECK(!java_descriptor_is_method("(V)V", 4));
    CHECK(!java_descriptor_is_method("()", 2));
    CHECK(!java_descriptor_is_method("()VV", 4));
    CHECK_EQUAL(java_descriptor_argument_slots("(IJLa/B;[DD)V"), 1 + 2 + 1 + 1 + 2);
    CHECK_EQUAL(java_descriptor_parameter_count("(IJLa/B;[DD)V"), 5);
    CHECK_EQUAL(java_descriptor_return("(I)[J"), '[');
    java_descriptor_references("(IJLa/B;[DD)V", true, bits);
    CHECK_EQUAL(bits[0], 1 << 0 | 1 << 4 | 1 << 5);
    CHECK_TEXT(symbol_text(java_method_external_name(java_symbol_text("p/A"), java_symbol_text("m"), java_symbol_text("(I[JLjava/lang/String;)[[Z"))),
               "boolean[][] p.A.m(int, long[], java.lang.String)");
}

static void test_symbols(void)
{
    SymbolRef a = java_symbol_text("alpha");

    CHECK_EQUAL(java_symbol_text("alpha"), a);
    CHECK_EQUAL(java_symbol_find("alpha", 5), a);
    CHECK_EQUAL(java_symbol_find("no such symbol", 14), 0);
    CHECK_TEXT(symbol_text(a), "alpha");
    for (int i = 0; i < 100000; i++)
        CHECK(java_symbol_format("symbol %d", i) != 0);
    CHECK_EQUAL(java_symbol_text("alpha"), a);
    CHECK_EQUAL(java_symbol_text("symbol 99"), java_symbol_format("symbol %d", 99));
    CHECK_EQUAL(java_symbol_text("<init>"), SYM(INIT));
}

/* What is noted is found, by each word of its key; and nothing before or after that. */
static void test_front(void)
{
    SymbolRef known = java_symbol_text("known before"), late;
    uint32_t value = 7;

    java_front_note(1, 2, 3, 4);
    CHECK(!java_front_find(1, 2, 3, &value));
    CHECK(java_front_begin());
    java_front_note(1, 2, 3, 4);
    java_front_note(1, 2, 3, 5);
    java_front_note(1, 2, 30, 0); /* known to be nothing */
    CHECK_EQUAL(java_symbol_text("known before"), known);
    for (uint32_t i = 0; i < 10000; i++) java_front_note(i, 1, 100, i); /* more than there is room for */
    java_front_end();
    java_front_note(8, 8, 8, 8);
    CHECK(java_front_find(1, 2, 3, &value));
    CHECK_EQUAL(value, 4);
    CHECK(java_front_find(1, 2, 30, &value));
    CHECK_EQUAL(value, 0);
    CHECK(!java_front_find(8, 8, 8, &value) && !java_front_find(2, 2, 3, &value) && !java_front_find(1, 3, 3, &value) &&
          !java_front_find(1, 2, 4, &value));
    uint32_t found = 0;
    for (uint32_t i = 0; i < 10000; i++)
        if (java_front_find(i, 1, 100, &value)) {
            CHECK_EQUAL(value, i);
            found++;
        }
    CHECK(found > 100 && found < 512);
    CHECK_EQUAL(java_symbol_find("known before", 12), known);
    CHECK_EQUAL(java_symbol_find("known beford", 12), 0);
    late = java_symbol_text("not known before");
    CHECK_EQUAL(java_symbol_text("not known before"), late);
}

/* ---- every class file of java.base ---- */

static unsigned long classes_read, methods_read, code_bytes;

static void read_one(void *context, const char *module, const char *parent, const char *base, const char *extension)
{
    char path[1024];
    JimageEntry entry;
    ClassFile file;

    if (strcmp(module, "java.base") != 0 || strcmp(extension, "class") != 0 || strcmp(base, "module-info") == 0)
        return;
    snprintf(path, sizeof path, "/%s/%s/%s.class", module, parent, base);
    CHECK(jimage_find(path, &entry));
    bool read = class_file_read(&file, entry.bytes, entry.size, 0, true, true);
    if (!read)
        fprintf(stderr, "%s: %s: %s\n", path, file.error_class, file.error);
    CHECK(read);
    snprintf(path, sizeof path, "%s/%s", parent, base);
    CHECK_TEXT(symbol_text(file.class.name), path);
    classes_read++;
    methods_read += file.class.method_count;
    for (uint32_t i = 0; i < file.class.method_count; i++) {
        const JavaMethod *method = &file.methods[i];
        uint32_t step;
        code_bytes += method->code_length;
        for (uint32_t pc = 0; pc < method->code_length; pc += step) {
            step = class_file_instruction_length(file.bytes + method->code_offset, method->code_length, pc);
            CHECK(step != 0);
        }
    }
    class_file_close(&file);
}

static void test_all_of_java_base(void)
{
    char module[64];

    jimage_each(read_one, NULL);
    CHECK(classes_read > 6000);
    printf("java.base: %lu classes, %lu methods, %lu bytes of code\n", classes_read, methods_read, code_bytes);
    CHECK(jimage_package_module("java/lang", module, sizeof module));
    CHECK_TEXT(module, "java.base");
    CHECK(jimage_package_module("java/sql", module, sizeof module));
    CHECK_TEXT(module, "java.sql");
    CHECK(!jimage_package_module("no/such", module, sizeof module));
    JimageEntry entry;
    CHECK(!jimage_find("/java.base/java/lang/NoSuch.class", &entry));
    CHECK(!jimage_find("", &entry));
}

/* ---- invariants of linked classes ---- */

static void check_fields(const JavaClass *class)
{
    const Class *engine = class_at(class->index);
    uint32_t super_end = engine->super != 0 && !java_class_is_interface(class->index) ? java_class_at(engine->super)->instance_bytes : 8;
    static uint8_t used[1 << 16];

    memset(used, 0, sizeof used);
    for (uint32_t i = 0; i < class->field_count + class->injected_count; i++) {
        const JavaField *field = java_field_at(class, i);
        unsigned size = java_type_size((char)field->type);
        CHECK_EQUAL(field->holder, class->index);
        CHECK_EQUAL(field->offset % size, 0);
        if (field->access_flags & ACCESS_STATIC) {
            CHECK(field->offset >= ARRAY_BASE_OFFSET);
            continue;
        }
        CHECK(field->offset >= super_end);
        CHECK(field->offset + size <= 8 + 8 * engine->slots);
        for (unsigned b = 0; b < size; b++) {
            CHECK(!used[field->offset + b]);
            used[field->offset + b] = 1;
        }
        uint32_t slot = (field->offset - 8) / 8;
        if (slot < 64)
            CHECK_EQUAL((engine->reference_map >> slot) & 1, java_type_is_reference((char)field->type));
    }
    if (engine->super != 0 && !java_class_is_interface(class->index))
        CHECK_EQUAL(engine->reference_map & class_at(engine->super)->reference_map, class_at(engine->super)->reference_map);
}

static void check_vtable(const JavaClass *class)
{
    const Class *engine = class_at(class->index);

    if (java_class_is_interface(class->index)) {
        CHECK_EQUAL(engine->vtable_length, 0);
        return;
    }
    for (uint32_t i = 0; i < engine->vtable_length; i++) {
        const JavaMethod *method = java_method_at(engine->vtable[i]);
        CHECK(!(method->access_flags & (ACCESS_STATIC | ACCESS_PRIVATE)));
        CHECK(java_is_subclass(class->index, method->method.holder));
        if (engine->super != 0 && i < class_at(engine->super)->vtable_length) { /* overriding keeps name and descriptor */
            const JavaMethod *inherited = java_method_at(class_at(engine->super)->vtable[i]);
            CHECK_EQUAL(method->name, inherited->name);
            CHECK_EQUAL(method->descriptor, inherited->descriptor);
        }
    }
    for (uint32_t i = 0; i < class->method_count; i++) {
        const JavaMethod *method = java_method_at(class->first_method + i);
        if (method->vtable_index >= 0)
            CHECK_EQUAL(engine->vtable[method->vtable_index], method->method.number);
        CHECK_EQUAL(java_find_declared_method(class->index, method->name, method->descriptor), method->method.number);
    }
}

/* A class that is not abstract implements every interface method. */
static void check_interfaces(const JavaClass *class)
{
    const Class *engine = class_at(class->index);
    const uint32_t *all = ARENA(const uint32_t, engine->interfaces);

    for (uint32_t i = 1; i <= all[0]; i++) {
        const JavaClass *interface = java_class_at(all[i]);
        const uint32_t *methods = ARENA(const uint32_t, interface->itable_methods);
        CHECK(java_class_is_interface(all[i]));
        CHECK(i == 1 || all[i - 1] < all[i]);
        CHECK(java_is_subclass(class->index, all[i]));
        if (engine->flags & (CLASS_ABSTRACT | CLASS_INTERFACE))
            continue;
        for (uint32_t m = 1; m <= methods[0]; m++) {
            uint32_t found = java_select_method(class->index, methods[m]);
            CHECK(found != 0);
            CHECK_EQUAL(java_method_at(found)->name, java_method_at(methods[m])->name);
            CHECK_EQUAL(java_method_at(found)->descriptor, java_method_at(methods[m])->descriptor);
            CHECK(!(java_method_at(found)->access_flags & (ACCESS_ABSTRACT | ACCESS_STATIC)));
        }
    }
}

static unsigned long classes_linked;

static void link_one(void *context, const char *module, const char *parent, const char *base, const char *extension)
{
    char name[1024];
    uint32_t class_index;

    if (strcmp(module, "java.base") != 0 || strcmp(extension, "class") != 0 || strcmp(base, "module-info") == 0)
        return;
    if (strcmp(parent, "java/lang") != 0 && strcmp(parent, "java/util") != 0 && strcmp(parent, "java/io") != 0 &&
        strcmp(parent, "java/util/concurrent") != 0 && strcmp(parent, "java/lang/invoke") != 0 && strcmp(parent, "java/util/stream") != 0)
        return;
    snprintf(name, sizeof name, "%s/%s", parent, base);
    class_index = load(name);
    CHECK_EQUAL(java_find_loaded_nogc(0, java_symbol_text(name)), class_index);
    CHECK(java_mirror(class_index) != 0 || java_class(CLASS) == 0);
    check_fields(java_class_at(class_index));
    check_vtable(java_class_at(class_index));
    check_interfaces(java_class_at(class_index));
    classes_linked++;
}

static void test_link(void)
{
    uint32_t object = load("java/lang/Object"), string;

    CHECK_EQUAL(class_at(object)->slots, 0);
    CHECK_EQUAL(class_at(object)->super, 0);
    CHECK_EQUAL(class_at(object)->vtable_length, 11); /* Object's public and protected methods, wait0 in 17 is wait(long) itself */
    (void)load("java/lang/Class");
    string = load("java/lang/String");
    CHECK_EQUAL(java_class(STRING), string);
    CHECK(java_mirror(object) != 0);
    CHECK_EQUAL(java_mirror_class(java_mirror(object)), object);
    CHECK_EQUAL(java_mirror_class(java_mirror(java_primitive_class('I'))), java_primitive_class('I'));
    CHECK_EQUAL(object_class_index(java_mirror(string)), java_class(CLASS));
    jimage_each(link_one, NULL);
    printf("linked %lu classes, %u in all\n", classes_linked, java_world()->class_count);
}

/* Every field of wellknown.def is in the JDK's classes. */
static void test_wellknown(void)
{
    static const char *const names[] = {
#define FIELD(class, name, text, descriptor) #class "." text,
#define INJECTED(class, name, type) #class "." #name,
#include "java/wellknown.def"
    };
    for (int i = 0; i < JAVA_WELLKNOWN_COUNT; i++) {
        uint32_t class_index = load(symbol_text(java_world()->wellknown_names[i]));
        CHECK_EQUAL(java_world()->wellknown[i], class_index);
    }
    for (int i = 0; i < JAVA_OFFSET_COUNT; i++) {
        if (java_world()->offsets[i] == 0)
            fprintf(stderr, "no field %s\n", names[i]);
        CHECK(java_world()->offsets[i] >= 8);
    }
    CHECK_EQUAL(class_at(java_class(WEAK_REFERENCE))->reference_kind, REFERENCE_WEAK);
    CHECK_EQUAL(class_at(java_class(FINALIZER))->reference_kind, REFERENCE_FINAL);
    CHECK(class_at(java_class(APPLICATION_LOADER))->flags & CLASS_LOADER);
    CHECK(class_at(java_class(CLASS))->flags & CLASS_MIRROR);
}

static void test_arrays(void)
{
    uint32_t object = java_class(OBJECT), string = java_class(STRING), number = load("java/lang/Number"), integer = java_class(INTEGER);
    uint32_t objects = java_array_class(thread, object), strings = java_array_class(thread, string);
    uint32_t numbers = java_array_class(thread, number), integers = java_array_class(thread, integer);
    uint32_t ints = java_array_class(thread, java_primitive_class('I')), more = java_array_class(thread, ints);

    CHECK_TEXT(symbol_text(java_class_at(strings)->name), "[Ljava/lang/String;");
    CHECK_TEXT(symbol_text(java_class_at(more)->name), "[[I");
    CHECK_TEXT(java_class_external_name(more), "int[][]");
    CHECK_EQUAL(java_array_class(thread, string), strings);
    CHECK_EQUAL(java_find_loaded_nogc(0, java_symbol_text("[[I")), more);
    CHECK_EQUAL(java_find_loaded_nogc(0, java_symbol_text("[Ljava/lang/String;")), strings);
    CHECK(java_is_subclass(strings, objects));
    CHECK(java_is_subclass(integers, numbers));
    CHECK(!java_is_subclass(numbers, integers));
    CHECK(java_is_subclass(more, objects));
    CHECK(!java_is_subclass(ints, objects));
    CHECK(java_is_subclass(ints, object));
    CHECK(java_is_subclass(ints, java_class(CLONEABLE)));
    CHECK(java_is_subclass(strings, java_class(SERIALIZABLE)));
    CHECK_EQUAL(class_at(ints)->element_shift, 2);
    CHECK(class_at(more)->elements_are_references);
    CHECK_EQUAL(java_class_at(more)->bottom_class, java_primitive_class('I'));
    CHECK_EQUAL(class_at(strings)->vtable_length, class_at(object)->vtable_length);
}

/* Facts that javap -c shows of JDK 17's classes. */
static void test_selection(void)
{
    uint32_t list = load("java/util/ArrayList"), map = load("java/util/HashMap"), linked = load("java/util/LinkedHashMap");
    uint32_t method;

    method = java_select_method(list, java_method_text(load("java/util/List"), "size", "()I"));
    CHECK_EQUAL(java_method_at(method)->method.holder, list);
    method = java_select_method(list, java_method_text(load("java/util/Collection"), "stream", "()Ljava/util/stream/Stream;"));
    CHECK_EQUAL(java_method_at(method)->method.holder, load("java/util/Collection"));
    method = java_select_method(list, java_method_text(load("java/lang/Iterable"), "forEach", "(Ljava/util/function/Consumer;)V"));
    CHECK_EQUAL(java_method_at(method)->method.holder, list);
    method = java_select_method(linked, java_method_text(map, "newNode", "(ILjava/lang/Object;Ljava/lang/Object;Ljava/util/HashMap$Node;)Ljava/util/HashMap$Node;"));
    CHECK_EQUAL(java_method_at(method)->method.holder, linked);
    method = java_select_method(list, java_method_text(java_class(OBJECT), "toString", "()Ljava/lang/String;"));
    CHECK_EQUAL(java_method_at(method)->method.holder, load("java/util/AbstractCollection"));
    CHECK_EQUAL(java_find_field(list, java_symbol_text("modCount"), java_symbol_text("I"))->holder, load("java/util/AbstractList"));
    CHECK(java_find_field(list, java_symbol_text("modCount"), java_symbol_text("J")) == NULL);
    CHECK_EQUAL(java_method_at(java_method_text(java_class(METHOD_HANDLE), "invokeExact", "([Ljava/lang/Object;)Ljava/lang/Object;"))->polymorphic,
                POLYMORPHIC_INVOKE_EXACT);
    CHECK_EQUAL(java_method_at(java_method_text(java_class(VAR_HANDLE), "compareAndSet", "([Ljava/lang/Object;)Z"))->polymorphic, POLYMORPHIC_VAR_HANDLE);
    CHECK(java_method_at(java_method_text(load("java/lang/Class"), "forName", "(Ljava/lang/String;)Ljava/lang/Class;"))->method.flags &
          METHOD_CALLER_SENSITIVE);
}

static void test_no_such_class(void)
{
    uint32_t class_index = 1;

    CHECK_EQUAL(java_load_boot_class(thread, java_symbol_text("no/such/Class"), &class_index), OUTCOME_DONE);
    CHECK_EQUAL(class_index, 0);
}

/* ---- the verifier accepts what javac wrote ---- */

static void verify_all(void)
{
    unsigned long classes = 0, methods = 0;

    for (uint32_t i = CLASS_INDEX_JAVA_FIRST; i < class_table.count; i++) { /* more are loaded on the way */
        if (*class_place(i) == 0 || class_at(i)->language != LANGUAGE_JAVA || class_at(i)->data == 0 ||
            (class_at(i)->flags & (CLASS_ARRAY | CLASS_PRIMITIVE)) || java_is_subclass(i, java_class(MAGIC_ACCESSOR)))
            continue;
        for (uint32_t m = 0; m < java_class_at(i)->method_count; m++)
            java_method_at(java_class_at(i)->first_method + m)->java_flags &= ~(uint32_t)JAVA_METHOD_VERIFIED;
        Outcome outcome = verify_class(thread, i);
        if (outcome != OUTCOME_DONE) {
            Value message = heap_load(thread->exception, java_offset(THROWABLE_MESSAGE));
            fprintf(stderr, "%s: %s\n", symbol_text(java_class_at(i)->name), message != 0 ? symbol_text(java_symbol_from_string(message, false)) : "?");
        }
        CHECK_EQUAL(outcome, OUTCOME_DONE);
        classes++;
        methods += java_class_at(i)->method_count;
    }
    printf("verified %lu classes, %lu methods\n", classes, methods);
}

static void test_verify(void)
{
    verify_all();
}

static void test_verify_by_inference(void)
{
    verify_force_inference = true;
    verify_all();
    verify_force_inference = false;
}

/* ---- damaged class files: an error or a class, never a crash ---- */

static void damage(const char *path, unsigned rounds, uint64_t seed)
{
    JimageEntry entry;
    ClassFile file;
    unsigned well = 0;

    CHECK(jimage_find(path, &entry));
    for (unsigned i = 0; i < rounds; i++) {
        size_t size = entry.size;
        if (test_random(&seed) % 4 == 0)
            size = test_random(&seed) % (entry.size + 1);
        uint8_t *bytes = malloc(size + 1); /* of its very size, so that a sanitizer sees a read beyond it */
        bytes = realloc(bytes, size == 0 ? 1 : size);
        memcpy(bytes, entry.bytes, size);
        for (unsigned n = 1 + test_random(&seed) % 3; n-- > 0 && size != 0;)
            bytes[test_random(&seed) % size] = (uint8_t)test_random(&seed);
        if (class_file_read(&file, bytes, size, 0, i % 2 == 0, true))
            well++;
        else
            CHECK(file.error[0] != 0);
        class_file_close(&file);
        free(bytes);
    }
    CHECK(well < rounds);
}

static void append_utf8(Bytes *bytes, const char *text)
{
    CHECK_OK(bytes_append_u8(bytes, CONSTANT_UTF8));
    CHECK_OK(bytes_append_be16(bytes, (uint16_t)strlen(text)));
    CHECK_OK(bytes_append(bytes, text, strlen(text)));
}

static void append_class(Bytes *bytes, unsigned name)
{
    CHECK_OK(bytes_append_u8(bytes, CONSTANT_CLASS));
    CHECK_OK(bytes_append_be16(bytes, (uint16_t)name));
}

/* A class file with 30,000 inner classes, each within the one before, and the first within none or, in a circle, the last. */
static void append_nested_classes(Bytes *bytes, bool circle)
{
    enum { COUNT = 30000, FIRST = 4 };
    char name[16];

    CHECK_OK(bytes_append_be32(bytes, 0xcafebabe));
    CHECK_OK(bytes_append_be32(bytes, 61));
    CHECK_OK(bytes_append_be16(bytes, FIRST + 2 * COUNT));
    append_utf8(bytes, "java/lang/Object");
    append_class(bytes, 1);
    append_utf8(bytes, "InnerClasses");
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "C%u", i);
        append_utf8(bytes, name);
        append_class(bytes, FIRST + 2 * i);
    }
    CHECK_OK(bytes_append_be16(bytes, ACCESS_PUBLIC | ACCESS_SUPER));
    CHECK_OK(bytes_append_be16(bytes, FIRST + 1));
    CHECK_OK(bytes_append_be16(bytes, 2));
    CHECK_OK(bytes_append_be16(bytes, 0)); /* interfaces */
    CHECK_OK(bytes_append_be16(bytes, 0)); /* fields */
    CHECK_OK(bytes_append_be16(bytes, 0)); /* methods */
    CHECK_OK(bytes_append_be16(bytes, 1)); /* attributes */
    CHECK_OK(bytes_append_be16(bytes, 3));
    CHECK_OK(bytes_append_be32(bytes, 2 + 8 * COUNT));
    CHECK_OK(bytes_append_be16(bytes, COUNT));
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned outer = i != 0 ? i - 1 : COUNT - 1;
        CHECK_OK(bytes_append_be16(bytes, (uint16_t)(FIRST + 2 * i + 1)));
        CHECK_OK(bytes_append_be16(bytes, i != 0 || circle ? (uint16_t)(FIRST + 2 * outer + 1) : 0));
        CHECK_OK(bytes_append_be16(bytes, (uint16_t)(FIRST + 2 * i)));
        CHECK_OK(bytes_append_be16(bytes, ACCESS_PUBLIC));
    }
}

/* In time that does not grow with the square of their number: else this never ends. */
static void test_many_inner_classes(void)
{
    for (int circle = 0; circle < 2; circle++) {
        Bytes bytes = {0};
        ClassFile file;

        append_nested_classes(&bytes, circle);
        CHECK(class_file_read(&file, bytes.data, bytes.size, 0, true, false));
        CHECK_EQUAL(file.class.inner_classes == 0, circle);
        class_file_close(&file);
        bytes_free(&bytes);
    }
}

static void test_damaged(void)
{
    damage("/java.base/java/lang/Character.class", 400, 1);
    damage("/java.base/java/util/HashMap.class", 400, 2);
    damage("/java.base/java/util/List.class", 400, 3);
    damage("/java.base/java/lang/invoke/StringConcatFactory.class", 400, 4);
    damage("/java.base/java/lang/Runtime$Version.class", 400, 5);
}

/* Damaged classes are also defined, under a loader of their own: what the reader lets pass must not hurt the rest. */
static void test_damaged_definition(void)
{
    static const char *const paths[] = {"/java.base/java/util/LinkedList.class", "/java.base/java/util/Optional.class",
                                        "/java.base/java/util/Spliterator.class"};
    uint64_t seed = 77;

    for (unsigned i = 0; i < 600; i++) {
        JimageEntry entry;
        CHECK(jimage_find(paths[i % 3], &entry));
        uint8_t *bytes = malloc(entry.size);
        memcpy(bytes, entry.bytes, entry.size);
        bytes[test_random(&seed) % entry.size] = (uint8_t)test_random(&seed);
        JavaDefine define = {.bytes = bytes, .size = entry.size, .flags = DEFINE_HIDDEN};
        uint32_t class_index = 0;
        if (java_define_class(thread, &define, &class_index) == OUTCOME_DONE) {
            check_fields(java_class_at(class_index));
            check_vtable(java_class_at(class_index));
        } else {
            CHECK(thread->exception != 0);
            thread->exception = 0;
        }
        free(bytes);
    }
}

/* ---- damaged classes of a user's loader: all checks, and the verifier ---- */

static void record(uint32_t loader, SymbolRef name)
{
    uint32_t class_index = 0;

    if (name != 0 && symbol_length(name) != 0 && symbol_text(name)[0] != '[' &&
        java_load_boot_class(thread, name, &class_index) == OUTCOME_DONE && class_index != 0)
        (void)java_record_initiating(thread, loader, class_index);
}

/* A loader object; it has "loaded" what the class file names, as far as the boot loader has. */
static uint32_t new_loader(const uint8_t *bytes, size_t size)
{
    uint32_t of = load("jdk/internal/reflect/DelegatingClassLoader");
    Value object = heap_allocate_old(&thread->allocator, of, FORMAT_JAVA_INSTANCE, class_at(of)->slots);
    uint32_t number = java_loader_number(thread, object);
    ClassFile file;

    (void)heap_root_add(object, 0);
    heap_store(object, java_offset(CLASS_LOADER_UNNAMED_MODULE),
               heap_allocate_old(&thread->allocator, java_class(MODULE), FORMAT_JAVA_INSTANCE, class_at(java_class(MODULE))->slots));
    CHECK(number != 0);
    CHECK(class_file_read(&file, bytes, size, 0, true, false));
    for (unsigned i = 1; i < file.class.cp_count; i++) {
        SymbolRef symbol = (SymbolRef)file.cells[i];
        if (file.tags[i] == CONSTANT_CLASS && symbol != file.class.name)
            record(number, symbol);
        const char *at = file.tags[i] == CONSTANT_UTF8 ? symbol_text(symbol) : NULL, *end;
        while (at != NULL && (at = strchr(at, 'L')) != NULL && (end = strchr(at, ';')) != NULL) { /* in descriptors */
            SymbolRef name = java_symbol(at + 1, (size_t)(end - at - 1));
            if (name != file.class.name)
                record(number, name);
            at = end;
        }
    }
    record(number, java_world()->wellknown_names[JAVA_CLASS_THROWABLE]);
    class_file_close(&file);
    return number;
}

static void test_damaged_verification(void)
{
    static const char *const paths[] = {"java/util/LinkedList", "java/util/Optional", "java/util/regex/Pattern", "java/util/Formatter"};
    uint64_t seed = 4711;
    unsigned verified = 0, refused = 0;

    CHECK_OK(run_thread_prepare(thread, java_method_text(java_class(SYSTEM), "gc", "()V"), NULL, 0));
    Value *fp = thread->fp;
    uint64_t *pc = thread->pc;
    for (unsigned i = 0; i < 600; i++) {
        JimageEntry entry;
        char path[128];
        (void)load(paths[i % 4]);
        snprintf(path, sizeof path, "/java.base/%s.class", paths[i % 4]);
        CHECK(jimage_find(path, &entry));
        uint32_t loader = new_loader(entry.bytes, entry.size);
        uint8_t *bytes = malloc(entry.size);
        memcpy(bytes, entry.bytes, entry.size);
        uint8_t *name = memmem(bytes, entry.size, paths[i % 4], strlen(paths[i % 4])); /* not in java/: that is prohibited */
        for (uint8_t *end = bytes + entry.size; name != NULL; name = memmem(name + 1, (size_t)(end - name - 1), paths[i % 4], strlen(paths[i % 4])))
            if (name[strlen(paths[i % 4])] != '$') /* its inner classes stay those of the boot loader */
                name[0] = 'k';
        for (unsigned n = i < 4 ? 0 : 1 + i % 2; n-- > 0;)
            bytes[test_random(&seed) % entry.size] = (uint8_t)test_random(&seed);
        JavaDefine define = {.loader = loader, .bytes = bytes, .size = entry.size};
        uint32_t class_index = 0;
        verify_force_inference = i % 8 >= 4;
        Outcome outcome = java_define_class(thread, &define, &class_index);
        if (outcome == OUTCOME_DONE)
            outcome = verify_class(thread, class_index);
        verified += outcome == OUTCOME_DONE;
        refused += outcome == OUTCOME_THROW;
        CHECK(outcome != OUTCOME_THROW || thread->exception != 0);
        thread->exception = 0;
        thread->fp = fp; /* a class that nobody has: the loader would be asked */
        thread->pc = pc;
        free(bytes);
    }
    verify_force_inference = false;
    printf("damaged classes: %u verified, %u refused\n", verified, refused);
    CHECK(verified > 20);
    CHECK(refused > 200);
}

static void open_all(void)
{
    HeapOptions heap = {0};
    RunOptions run = {0};

    CHECK_OK(heap_open(&heap));
    CHECK_OK(run_open(&run));
    CHECK_OK(java_open(false));
    CHECK_OK(run_thread_new(&thread, 0));
    atomic_store(&thread->state, THREAD_RUNNING);
}

TEST_MAIN("java_classes", open_all, test_descriptors, test_symbols, test_front, test_all_of_java_base, test_link, test_wellknown, test_arrays,
          test_selection, test_verify, test_verify_by_inference, test_no_such_class, test_many_inner_classes, test_damaged, test_damaged_definition,
          test_damaged_verification)
