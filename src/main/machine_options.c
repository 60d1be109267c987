/* machine_options.c - the options that the launcher hands on to the machine: -D, -X..., -ea, agents, modules, and the
 * variables JAVA_TOOL_OPTIONS and _JAVA_OPTIONS. What is refused, and how, is as HotSpot does it. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "heap/heap.h"
#include "main/main_internal.h"
#include "os/os.h"

#define KB ((size_t)1 << 10)
#define MB ((size_t)1 << 20)
#define HEAP_LEAST (2 * MB)
#define HEAP_LEAST_INITIAL MB
#define STACK_LEAST (136 * KB)
#define STACK_MOST (1024 * MB)
#define WARNING "OpenJDK 64-Bit Server VM warning: "

int machine_cannot_start(void)
{
    fputs("Error: Could not create the Java Virtual Machine.\n"
          "Error: A fatal exception has occurred. Program will exit.\n", stderr);
    return 1;
}

int machine_refuse(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    return machine_cannot_start();
}

/* Some reasons stand on standard output. */
static int refuse_aloud(const char *what, const char *why)
{
    printf("%s%s\n", what, why);
    return machine_cannot_start();
}

static int unknown_option(const JavaCommand *command, const char *word)
{
    return command->ignore_unknown ? GO_ON : machine_refuse("Unrecognized option: %s\n", word);
}

/* HotSpot writes to standard output what it finds wrong once options are read. */
int machine_refuse_start(const char *text)
{
    printf("Error occurred during initialization of VM\n%s\n", text);
    return 1;
}

/* ---- sizes ---- */

bool parse_size(const char *text, size_t *bytes)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned long long number;
    unsigned shift = 0;
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    number = strtoull(text, &end, hex ? 16 : 10);
    switch (*end) {
    case 'k': case 'K': shift = 10; end++; break;
    case 'm': case 'M': shift = 20; end++; break;
    case 'g': case 'G': shift = 30; end++; break;
    case 't': case 'T': shift = 40; end++; break;
    default: break;
    }
    *bytes = (size_t)number << shift;
    return *end == 0 && (*bytes >> shift) == number && number != ULLONG_MAX;
}

static int read_size(const char *word, const char *text, size_t *bytes, const char *what)
{
    return parse_size(text, bytes) ? GO_ON : machine_refuse("Invalid %s: %s\n", what, word);
}

int machine_heap_size(JavaCommand *command, const char *word, const char *text)
{
    size_t *bytes = &command->options.heap_limit_bytes;
    return parse_size(text, bytes) && *bytes != 0 ? GO_ON : machine_refuse("Invalid maximum heap size: %s\n", word);
}

int machine_stack_size(JavaCommand *command, const char *word, size_t bytes)
{
    if (bytes > STACK_MOST)
        return machine_refuse("Invalid thread stack size: %s\nThe specified size exceeds the maximum representable size.\n",
                              word);
    command->options.stack_bytes = bytes;
    return GO_ON;
}

static int read_stack(JavaCommand *command, const char *word)
{
    size_t bytes;
    int status = read_size(word, word + 4, &bytes, "thread stack size");
    return status != GO_ON ? status : machine_stack_size(command, word, bytes);
}

/* -Xmaxf and -Xminf: parts of the heap between 0 and 1. They mean nothing here. */
static int read_part(const char *word, const char *what)
{
    char *end;
    double part = strtod(word + 6, &end);
    return end != word + 6 && *end == 0 && part >= 0 && part <= 1 ? GO_ON
                                                                 : machine_refuse("Bad %s heap free percentage size: %s\n", what, word);
}

/* Without -Xmx, where something else tells how large the heap may become. */
static void choose_heap_limit(JavaCommand *command)
{
    size_t bytes = command->ram.bytes, first = command->initial_heap_bytes;

    if (command->options.heap_limit_bytes != 0 ||
        (bytes == 0 && command->ram.percent < 0 && command->ram.percent_of_small < 0 && first == 0))
        return;
    if (bytes == 0)
        bytes = os_memory_physical();
    bytes = heap_usual_limit_bytes(bytes, command->ram.percent, command->ram.percent_of_small);
    command->options.heap_limit_bytes = bytes > first ? bytes : first;
}

static int check_sizes(const JavaCommand *command)
{
    size_t most = command->options.heap_limit_bytes, first = command->initial_heap_bytes, stack = command->options.stack_bytes;

    if (stack != 0 && stack < STACK_LEAST) {
        printf("\nThe Java thread stack size specified is too small. Specify at least %zuk\n", STACK_LEAST / KB);
        return machine_cannot_start();
    }
    if (most != 0 && most < HEAP_LEAST)
        return machine_refuse_start("Too small maximum heap");
    if (first != 0 && first < HEAP_LEAST_INITIAL)
        return machine_refuse_start("Too small initial heap");
    if (most != 0 && first > most)
        return machine_refuse_start("Initial heap size set to a larger value than the maximum heap size");
    return GO_ON;
}

/* ---- assertions ---- */

static bool read_assertion(JavaCommand *command, const char *word)
{
    static const struct { const char *word; bool enable, system; } rows[] = {
        {"-ea", true, false}, {"-enableassertions", true, false}, {"-da", false, false},
        {"-disableassertions", false, false}, {"-esa", true, true}, {"-enablesystemassertions", true, true},
        {"-dsa", false, true}, {"-disablesystemassertions", false, true},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = strlen(rows[i].word);
        if (strncmp(word, rows[i].word, size) != 0 || !(word[size] == 0 || (word[size] == ':' && !rows[i].system)))
            continue;
        CoracleAssertion assertion = {word[size] == ':' ? word + size + 1 : NULL, rows[i].enable, rows[i].system};
        (void)array_push(&command->assertions, assertion);
        return true;
    }
    return false;
}

/* ---- switches of this machine alone ---- */

static bool list_has(const char *list, const char *item)
{
    size_t size = strlen(item);
    for (const char *at = list; (at = strstr(at, item)) != NULL; at += size)
        if ((at == list || at[-1] == ',') && (at[size] == 0 || at[size] == ','))
            return true;
    return false;
}

static bool read_debug(JavaCommand *command, const char *word)
{
    CoracleOptions *options = &command->options;

    if (strcmp(word, "--gc-stress") == 0 || strcmp(word, "--debug=stress") == 0)
        options->gc_stress = true;
    else if (starts_with(word, "--gc-stress=")) {
        options->gc_stress = true;
        options->gc_stress_interval = (unsigned)strtoul(word + 12, NULL, 0);
    } else if (strcmp(word, "--verify-heap") == 0 || strcmp(word, "--debug=verify") == 0)
        options->verify_heap = true;
    else if (strcmp(word, "--move-heap") == 0 || strcmp(word, "--debug=move") == 0)
        options->move_heap = true;
    else if (starts_with(word, "--seed="))
        options->seed = strtoul(word + 7, NULL, 0);
    else if (starts_with(word, "--library="))
        options->library = word + 10;
    else if (starts_with(word, "--java-home="))
        command->java.home = word + 12;
    else if (starts_with(word, "--c-stack="))
        return parse_size(word + 10, &options->c_stack_bytes);
    else if (starts_with(word, "--dump=")) {
        options->dump_code = list_has(word + 7, "code");
        options->dump_final = list_has(word + 7, "final");
        options->dump_heap = list_has(word + 7, "heap");
        options->dump_classes = list_has(word + 7, "classes");
    } else if (starts_with(word, "--trace=")) {
        options->trace_calls = list_has(word + 8, "call");
        options->trace_collections = list_has(word + 8, "gc");
        options->trace_ffi = list_has(word + 8, "ffi");
    } else
        return false;
    return true;
}

/* ---- modules ---- */

static int check_patch(JavaCommand *command, const char *patch)
{
    if (strchr(patch, '=') == NULL)
        return refuse_aloud("", "Missing '=' in --patch-module specification");
    if (starts_with(patch, "java.base=") && command->base_patches++ > 0)
        return machine_refuse_start("Cannot specify java.base more than once to --patch-module");
    return GO_ON;
}

static int read_module_option(JavaCommand *command, const char *word, bool *taken)
{
    static const struct { const char *word, *property; int numbered; } rows[] = { /* numbered: -1: there is one at most */
        {"--module-path=", "jdk.module.path", -1}, {"--upgrade-module-path=", "jdk.module.upgrade.path", -1},
        {"--limit-modules=", "jdk.module.limitmods", -1}, {"--add-modules=", "jdk.module.addmods", 0},
        {"--add-reads=", "jdk.module.addreads", 1}, {"--add-exports=", "jdk.module.addexports", 2},
        {"--add-opens=", "jdk.module.addopens", 3}, {"--patch-module=", "jdk.module.patch", 4},
        {"--enable-native-access=", "jdk.module.enable.native.access", 5},
    };
    char name[64];
    int status;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *value = word + strlen(rows[i].word);
        if (!starts_with(word, rows[i].word))
            continue;
        *taken = true;
        if (rows[i].numbered == 4 && (status = check_patch(command, value)) != GO_ON)
            return status;
        if (rows[i].numbered < 0)
            snprintf(name, sizeof name, "%s", rows[i].property);
        else
            snprintf(name, sizeof name, "%s.%d", rows[i].property, command->added[rows[i].numbered]++);
        java_command_property(command, name, value);
        return GO_ON;
    }
    *taken = starts_with(word, "--illegal-access=");
    if (*taken)
        fprintf(stderr, WARNING "Ignoring option %s; support was removed in 17.0\n", word);
    return GO_ON;
}

/* ---- -D ---- */

/* The launcher's own way to say "jdk.module.main" is java_command_property. */
static bool is_reserved(const char *property)
{
    static const char *const names[] = {"addexports", "addopens", "addreads", "patch", "addmods", "limitmods", "path",
                                        "upgrade.path", "enable.native.access"};

    if (!starts_with(property, "jdk.module."))
        return false;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t size = strlen(names[i]);
        const char *rest = property + 11;
        if (strncmp(rest, names[i], size) == 0 && (rest[size] == 0 || rest[size] == '=' || rest[size] == '.'))
            return true;
    }
    return false;
}

static int read_property(JavaCommand *command, const char *word)
{
    const char *property = word + 2;

    if (starts_with(property, "java.endorsed.dirs="))
        return refuse_aloud(word, " is not supported. Endorsed standards and standalone APIs\n"
                                  "in modular form will be supported via the concept of upgradeable modules.");
    if (starts_with(property, "java.ext.dirs="))
        return refuse_aloud(word, " is not supported.  Use -classpath instead.");
    if (is_reserved(property)) {
        fputs(WARNING "Ignoring system property options whose names match the '-Djdk.module.*'. "
              "names that are reserved for internal use.\n", stderr);
        return GO_ON;
    }
    if (starts_with(property, "sun.nio.MaxDirectMemorySize=")) /* the flag's alone */
        return GO_ON;
    if (starts_with(property, "java.class.path="))
        command->java.class_path = property + 16;
    else if (property[0] != 0)
        (void)array_push(&command->properties, property);
    return GO_ON;
}

/* ---- agents: there is nothing for them to attach to ---- */

static bool is_agent(const char *word)
{
    return starts_with(word, "-javaagent:") || starts_with(word, "-agentlib:") || starts_with(word, "-agentpath:") ||
           (starts_with(word, "-Xrun") && word[5] != 0);
}

static void tell_java_agent(const char *jar)
{
    char *path = memory_copy_string(jar), *options = path != NULL ? strchr(path, '=') : NULL;

    if (options != NULL)
        *options = 0;
    if (path != NULL && jar_check(path) != JAR_GOOD)
        fprintf(stderr, "Error opening zip file or JAR manifest missing : %s\n", path);
    else
        fprintf(stderr, "Java agents are not supported: %s\n", jar);
    memory_free(path);
}

static int refuse_agent(const char *word)
{
    const char *name = word[2] == 'r' ? word + 5 : strchr(word, ':') + 1;
    int size = (int)strcspn(name, word[2] == 'r' ? ":" : "=");

    if (starts_with(word, "-javaagent:")) {
        tell_java_agent(name);
        return machine_refuse_start("agent library failed to init: instrument");
    }
    printf("Error occurred during initialization of VM\nCould not find agent library %.*s %s, with error: "
           "native agents are not supported\n", size, name,
           starts_with(word, "-agentpath:") ? "in absolute path" : "on the library path");
    return 1;
}

/* ---- -X and the rest ---- */

/* What means nothing to a machine that only interprets, or is its habit anyway. */
static bool is_ignored(const char *word)
{
    static const char *const words[] = {
        "-Xint", "-Xcomp", "-Xmixed", "-Xbatch", "-Xnoclassgc", "-Xdebug", "-Xnoagent", "-Xcheck:jni", "-Xverify",
        "-Xverify:all", "-Xverify:remote", "-Xshare:auto", "-Xshare:on", "-native", "--enable-preview", "-Xrun",
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return starts_with(word, "-Xmaxjitcodesize") || starts_with(word, "-verbose");
}

static int read_warned(const JavaCommand *command, const char *word)
{
    static const char no_option[] = " is no longer a supported option.";

    if (strcmp(word, "-Xverify:none") == 0 || strcmp(word, "-noverify") == 0)
        fputs(WARNING "Options -Xverify:none and -noverify were deprecated in JDK 13 and will likely be removed in a "
              "future release.\n", stderr);
    else if (strcmp(word, "-Xprof") == 0)
        fputs(WARNING "Ignoring option -Xprof; support was removed in 10.0\n", stderr);
    else if (strcmp(word, "-Xfuture") == 0)
        fputs("Warning: -Xfuture option is deprecated and may be removed in a future release.\n", stderr);
    else if (starts_with(word, "-Xverify:"))
        return machine_refuse("Unrecognized verification option: %s\n", word);
    else if (starts_with(word, "-Xcheck"))
        return machine_refuse("Unrecognized check option: %s\n", word);
    else if (starts_with(word, "-Xbootclasspath/p:"))
        return refuse_aloud("-Xbootclasspath/p", no_option);
    else if (starts_with(word, "-Xbootclasspath:"))
        return refuse_aloud("-Xbootclasspath", no_option);
    else
        return unknown_option(command, word);
    return GO_ON;
}

static int read_x(JavaCommand *command, const char *word)
{
    if (starts_with(word, "-Xmx"))
        return machine_heap_size(command, word, word + 4);
    if (starts_with(word, "-Xms"))
        return read_size(word, word + 4, &command->initial_heap_bytes, "initial heap size");
    if (starts_with(word, "-Xmn"))
        return read_size(word, word + 4, &command->options.eden_bytes, "initial young generation size");
    if (starts_with(word, "-Xss"))
        return read_stack(command, word);
    if (starts_with(word, "-Xmaxf"))
        return read_part(word, "max");
    if (starts_with(word, "-Xminf"))
        return read_part(word, "min");
    if (starts_with(word, "-Xlog"))
        return machine_log(command, word);
    if (starts_with(word, "-Xshare:dump="))
        command->options.save_image = word + 13;
    else if (starts_with(word, "-Xshare:note=")) {
        command->options.image = word + 13;
        command->options.note_touches = true;
    } else if (strcmp(word, "-Xshare:off") == 0)
        command->options.no_image = true;
    else if (starts_with(word, "-Xbootclasspath/a:"))
        java_command_property(command, "jdk.boot.class.path.append", word + 18);
    else
        return read_warned(command, word);
    return GO_ON;
}

int machine_option(JavaCommand *command, const char *word)
{
    bool taken = false;
    int status = read_module_option(command, word, &taken);

    if (taken)
        return status;
    if (starts_with(word, "-XX:"))
        return machine_flag(command, word + 4);
    if (starts_with(word, "-D"))
        return read_property(command, word);
    if (is_agent(word)) {
        if (command->agent == NULL)
            command->agent = word;
        return GO_ON;
    }
    if (read_assertion(command, word) || read_debug(command, word))
        return GO_ON;
    if (strcmp(word, "-verbose:gc") == 0)
        command->options.log_collections = true;
    if (strcmp(word, "-Xrs") == 0)
        command->options.reduce_signals = true;
    else if (is_ignored(word))
        return GO_ON;
    else
        return word[0] == '-' && word[1] == 'X' ? read_x(command, word) : read_warned(command, word);
    return GO_ON;
}

/* ---- all of them ---- */

static bool asks_to_ignore(const TextList *words)
{
    bool ignore = false;

    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], "-XX:+IgnoreUnrecognizedVMOptions") == 0)
            ignore = true;
        else if (strcmp(words->items[i], "-XX:-IgnoreUnrecognizedVMOptions") == 0)
            ignore = false;
    return ignore;
}

static int add_variable(TextList *words, const char *name)
{
    const char *text = os_environment_get(name);

    if (text == NULL)
        return GO_ON;
    fprintf(stderr, "Picked up %s: %s\n", name, text);
    return split_variable(text, words) ? GO_ON : machine_refuse("Unmatched quote in %s\n", name);
}

int machine_options_read(JavaCommand *command)
{
    TextList words = {0};
    int status = add_variable(&words, "JAVA_TOOL_OPTIONS");

    command->ram.percent = command->ram.percent_of_small = -1;
    for (size_t i = 0; i < command->machine.count; i++)
        (void)array_push(&words, command->machine.items[i]);
    if (status == GO_ON)
        status = add_variable(&words, "_JAVA_OPTIONS");
    command->ignore_unknown = asks_to_ignore(&words);
    for (size_t i = 0; i < words.count && status == GO_ON; i++) {
        status = machine_option(command, words.items[i]);
        if (!starts_with(words.items[i], CLASS_PATH_OPTION))
            (void)array_push(&command->vm_arguments, words.items[i]);
    }
    array_free(&words);
    if (status == GO_ON)
        status = machine_check_collectors(command);
    choose_heap_limit(command);
    if (status == GO_ON)
        status = check_sizes(command);
    if (status == GO_ON && command->agent != NULL)
        status = refuse_agent(command->agent);
    return status;
}
