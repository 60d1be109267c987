/* properties.c - system properties and assertions, from the command line. */
#include "java/properties.h"

#include "java/primitive_internal.h"
#include "java/strings.h"

static const JavaOptions *options;

void java_set_options(const JavaOptions *given)
{
    options = given;
}

const JavaOptions *java_options(void)
{
    static const JavaOptions none;
    return options != NULL ? options : &none;
}

bool java_options_are_set(void)
{
    return options != NULL;
}

/* ---- assertions ---- */

static bool in_package(const char *class_name, const char *pattern)
{
    size_t size = strlen(pattern) - 3; /* without "..." */
    const char *last = strrchr(class_name, '.');

    if (size == 0)
        return last == NULL;
    return strncmp(class_name, pattern, size) == 0 && class_name[size] == '.';
}

static bool is_package(const char *pattern)
{
    size_t size = strlen(pattern);
    return size >= 3 && strcmp(pattern + size - 3, "...") == 0;
}

/* The most particular pattern decides: a class, then the longest package; the last of equals. */
static bool match_patterns(const char *class_name, bool *enable)
{
    const JavaOptions *told = java_options();
    size_t best = 0;
    bool found = false;

    for (size_t i = 0; i < told->assertion_count; i++) {
        const JavaAssertion *assertion = &told->assertions[i];
        size_t weight;
        if (assertion->name == NULL)
            continue;
        if (is_package(assertion->name) ? !in_package(class_name, assertion->name) : strcmp(assertion->name, class_name) != 0)
            continue;
        weight = is_package(assertion->name) ? strlen(assertion->name) : SIZE_MAX;
        if (!found || weight >= best) {
            best = weight;
            *enable = assertion->enable;
            found = true;
        }
    }
    return found;
}

static bool default_for(bool system)
{
    const JavaOptions *told = java_options();
    bool enable = false;

    for (size_t i = 0; i < told->assertion_count; i++)
        if (told->assertions[i].name == NULL && told->assertions[i].system == system)
            enable = told->assertions[i].enable;
    return enable;
}

bool java_assertions_wanted(uint32_t class_index)
{
    bool enable;

    if (java_options()->assertion_count == 0)
        return false;
    if (match_patterns(java_class_guest_name(class_index), &enable))
        return enable;
    return default_for(java_class_at(class_index)->loader == 0);
}

/* ---- String arrays ---- */

/* The host's texts are in the character set of the locale, of which lib/java knows: Text.decode. */

static bool is_ascii(const char *text)
{
    while ((signed char)*text > 0) text++;
    return *text == 0;
}

bool java_texts_are_ascii(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i] != NULL && !is_ascii(texts[i]))
            return false;
    return true;
}

/* A new String, each byte a character, or kept 's at the same place if that is equal. */
static Value string_or_kept(Thread *thread, const char *text, const Value *kept, size_t at)
{
    if (kept != NULL && *kept != 0 && at < (size_t)array_length(*kept)) {
        Value string = array_element(*kept, at);
        if (string != 0 && is_ascii(text) && java_string_equals_text(string, text))
            return string;
    }
    return java_string_from_latin1(thread, (const uint8_t *)text, strlen(text));
}

static Value utf8_string(Thread *thread, const char *text, const Value *kept, size_t at)
{
    return java_string_from_utf8(thread, text);
}

typedef Value StringMaker(Thread *thread, const char *text, const Value *kept, size_t at);

static Value string_array(Thread *thread, const char *const *texts, size_t count, StringMaker *make, const Value *kept)
{
    uint32_t array_class = java_array_class(thread, java_class(STRING));
    size_t mark;
    Value *array, made;

    if (array_class == 0)
        return 0;
    mark = heap_enter_nogc(&thread->allocator);
    array = heap_hold_nogc(&thread->allocator, 0);
    *array = heap_allocate_array(&thread->allocator, class_at(array_class), (uint32_t)count);
    if (*array == 0)
        java_throw_memory(thread);
    for (size_t i = 0; *array != 0 && i < count; i++) {
        Value string = texts[i] != NULL ? make(thread, texts[i], kept, i) : 0;
        if (thread->exception != 0)
            *array = 0;
        else
            array_store(*array, i, string);
    }
    made = *array;
    heap_leave_nogc(&thread->allocator, mark);
    return made;
}

Value java_undecoded_strings(Thread *thread, const char *const *texts, size_t count)
{
    return string_array(thread, texts, count, string_or_kept, NULL);
}

/* AssertionStatusDirectives, for loaders that change their own settings. */
static Value boolean_array(Thread *thread, const bool *values, size_t count)
{
    uint32_t array_class = java_array_class(thread, java_primitive_class('Z'));
    Value array = array_class != 0 ? heap_allocate_array(&thread->allocator, class_at(array_class), (uint32_t)count) : 0;

    if (array == 0)
        java_throw_memory(thread);
    else if (count != 0)
        memcpy(object_at(array, ARRAY_BASE_OFFSET), values, count);
    return array;
}

#define DIRECTIVE_LIMIT 256

static size_t collect_patterns(bool packages, const char **names, char texts[][256], bool *enabled)
{
    const JavaOptions *told = java_options();
    size_t count = 0;

    for (size_t i = told->assertion_count; i-- > 0 && count < DIRECTIVE_LIMIT;) { /* the last given comes first */
        const JavaAssertion *assertion = &told->assertions[i];
        if (assertion->name == NULL || is_package(assertion->name) != packages)
            continue;
        snprintf(texts[count], 256, "%.*s", (int)(strlen(assertion->name) - (packages ? 3 : 0)), assertion->name);
        names[count] = texts[count];
        enabled[count++] = assertion->enable;
    }
    return count;
}

static bool fill_directives(Thread *thread, const Value *object, bool packages)
{
    char (*texts)[256] = memory_allocate(DIRECTIVE_LIMIT * sizeof *texts);
    const char *names[DIRECTIVE_LIMIT];
    bool enabled[DIRECTIVE_LIMIT];
    size_t count = texts != NULL ? collect_patterns(packages, names, texts, enabled) : 0;
    Value array = string_array(thread, names, count, utf8_string, NULL);

    memory_free(texts);
    if (array == 0)
        return false;
    heap_store(*object, packages ? java_offset(ASSERTION_DIRECTIVES_PACKAGES) : java_offset(ASSERTION_DIRECTIVES_CLASSES),
               array);
    array = boolean_array(thread, enabled, count);
    if (array == 0)
        return false;
    heap_store(*object, packages ? java_offset(ASSERTION_DIRECTIVES_PACKAGE_ENABLED)
                                 : java_offset(ASSERTION_DIRECTIVES_CLASS_ENABLED), array);
    return true;
}

PRIMITIVE(retrieve_directives)
{
    uint32_t class_index = java_wellknown_class(thread, JAVA_CLASS_ASSERTION_DIRECTIVES);
    Outcome outcome = OUTCOME_THROW;
    size_t mark;
    Value *object;

    if (class_index == 0)
        return OUTCOME_THROW;
    mark = heap_enter_nogc(&thread->allocator);
    object = heap_hold_nogc(&thread->allocator, 0);
    *object = heap_allocate_instance(&thread->allocator, class_at(class_index));
    if (*object == 0) {
        outcome = java_throw_memory(thread);
    } else if (fill_directives(thread, object, false) && fill_directives(thread, object, true)) {
        *(uint8_t *)object_at(*object, java_offset(ASSERTION_DIRECTIVES_DEFAULT)) = default_for(false);
        *result = *object;
        outcome = OUTCOME_DONE;
    }
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

/* ---- system properties ---- */

typedef ARRAY_OF(const char *) TextList;

static void add(TextList *list, const char *name, const char *value)
{
    if (value != NULL && array_push(list, name) == OK)
        (void)array_push(list, value);
}

static const char *keep(char *text) /* as long as the process lives: properties are asked for once */
{
    return text;
}

static const char *join(const char *first, const char *second)
{
    Bytes bytes = {0};
    (void)bytes_append_text(&bytes, first);
    (void)bytes_append_text(&bytes, second);
    return bytes_as_text(&bytes);
}

static const char *command_text(void)
{
    const JavaOptions *told = java_options();
    Bytes text = {0};

    if (told->main == NULL)
        return NULL;
    (void)bytes_append_text(&text, told->main);
    for (size_t i = 0; i < told->argument_count; i++) {
        (void)bytes_append_u8(&text, ' ');
        (void)bytes_append_text(&text, told->arguments[i]);
    }
    return bytes_as_text(&text);
}

static const char *library_path(void)
{
    const char *own = os_environment_get("LD_LIBRARY_PATH");
    const char *usual = "/usr/java/packages/lib:/usr/lib/x86_64-linux-gnu/jni:/lib/x86_64-linux-gnu:"
                        "/usr/lib/x86_64-linux-gnu:/usr/lib/jni:/lib:/usr/lib";
    return own != NULL ? join(join(own, ":"), usual) : usual;
}

static const char *class_path(void)
{
    const JavaOptions *told = java_options();

    if (told->class_path != NULL)
        return told->class_path;
    return told->launch == 1 ? "." : "";
}

static void add_own(TextList *list)
{
    const char *home = java_home();

    add(list, "java.home", home);
    add(list, "java.vm.specification.name", "Java Virtual Machine Specification");
    add(list, "java.vm.specification.vendor", "Oracle Corporation");
    add(list, "java.vm.specification.version", "17");
    add(list, "java.vm.name", "Coracle");
    add(list, "java.vm.vendor", "Coracle");
    add(list, "java.vm.version", "0.1");
    add(list, "java.vm.info", "interpreted mode");
    add(list, "jdk.debug", "release");
    add(list, "sun.boot.library.path", home != NULL ? join(home, "/lib") : NULL);
    add(list, "java.library.path", library_path());
    add(list, "java.class.path", class_path());
    add(list, "sun.java.command", command_text());
    add(list, "sun.java.launcher", "SUN_STANDARD");
}

/* The machine's own, which the command line cannot change. */
static bool is_fixed(const char *name)
{
    static const char *const fixed[] = {
        "java.vm.name", "java.vm.vendor", "java.vm.version", "java.vm.info", "java.vm.specification.name",
        "java.vm.specification.vendor", "java.vm.specification.version", "jdk.debug", "sun.java.launcher",
    };

    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        if (strcmp(fixed[i], name) == 0)
            return true;
    return false;
}

/* The last value of a name; NULL: it has none. */
static const char *given(const TextList *list, const char *name)
{
    const char *value = NULL;

    for (size_t i = 0; i + 1 < list->count; i += 2)
        if (strcmp(list->items[i], name) == 0)
            value = list->items[i + 1];
    return value;
}

static void add_given(TextList *list)
{
    const JavaOptions *told = java_options();

    for (size_t i = 0; i < told->property_count; i++) {
        const char *text = told->properties[i], *equals = strchr(text, '=');
        char *name = memory_copy_string(text);
        if (name == NULL)
            continue;
        if (equals != NULL)
            name[equals - text] = 0;
        const char *value = equals != NULL ? equals + 1 : "";
        const char *before = strcmp(name, "sun.boot.library.path") == 0 ? given(list, name) : NULL;
        if (before != NULL) /* comes behind the machine's */
            value = join(join(before, ":"), value);
        if (!is_fixed(name))
            add(list, keep(name), value);
    }
}

/* What Command.decode takes: behind the texts null and, if some are not ASCII, one more. */
static Value undecoded(Thread *thread, TextList *list, const Value *kept)
{
    bool ascii = java_texts_are_ascii(list->items, list->count);

    (void)array_push(list, NULL);
    if (!ascii)
        (void)array_push(list, "");
    return string_array(thread, list->items, list->count, string_or_kept, kept);
}

/* Names and values in turn; Strings that have not changed are those of the array given. */
PRIMITIVE(undecoded_properties)
{
    const Value *kept = &arguments[0];
    TextList list = {0};

    add_own(&list);
    add_given(&list);
    *result = undecoded(thread, &list, kept);
    array_free(&list);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

PRIMITIVE(undecoded_arguments)
{
    const JavaOptions *told = java_options();
    TextList list = {0};

    for (size_t i = 0; i < told->vm_argument_count; i++)
        (void)array_push(&list, told->vm_arguments[i]);
    *result = undecoded(thread, &list, NULL);
    array_free(&list);
    return *result != 0 ? OUTCOME_DONE : OUTCOME_THROW;
}

void primitive_register_properties(void)
{
    static const PrimitiveRow rows[] = {
        {"coracle/natives/Command.undecodedProperties([Ljava/lang/String;)[Ljava/lang/String;", undecoded_properties},
        {"coracle/natives/Command.undecodedArguments()[Ljava/lang/String;", undecoded_arguments},
        {"java/lang/ClassLoader.retrieveDirectives()Ljava/lang/AssertionStatusDirectives;", retrieve_directives},
    };
    run_register_primitives(rows, COUNT_OF(rows));
}
