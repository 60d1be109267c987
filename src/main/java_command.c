/* java_command.c - reads the options that people type after `java`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"

#define GO_ON (-1)

static int fail(const char *format, const char *text)
{
    fprintf(stderr, format, text);
    fputs("\nError: Could not create the Java Virtual Machine.\n"
          "Error: A fatal exception has occurred. Program will exit.\n", stderr);
    return 1;
}

static bool starts(const char *word, const char *prefix)
{
    return strncmp(word, prefix, strlen(prefix)) == 0;
}

static const char *text_keep(char *text) /* options live until the process ends */
{
    return text;
}

static void add_property(JavaCommand *command, const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = memory_allocate(size);
    if (text != NULL) {
        snprintf(text, size, "%s=%s", name, value);
        (void)array_push(&command->properties, text_keep(text));
    }
}

static void add_numbered(JavaCommand *command, int which, const char *prefix, const char *value)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%d", prefix, command->added[which]++);
    add_property(command, name, value);
}

bool parse_size(const char *text, size_t *bytes)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 0);
    unsigned shift = 0;

    if (end == text)
        return false;
    switch (*end) {
    case 'k': case 'K': shift = 10; end++; break;
    case 'm': case 'M': shift = 20; end++; break;
    case 'g': case 'G': shift = 30; end++; break;
    case 't': case 'T': shift = 40; end++; break;
    default: break;
    }
    *bytes = (size_t)number << shift;
    return *end == 0 && (*bytes >> shift) == number;
}

/* ---- options of the form --name=value or --name value ---- */

enum LongOption {
    LONG_MODULE, LONG_MODULE_PATH, LONG_UPGRADE, LONG_ADD_MODULES, LONG_LIMIT, LONG_ADD_READS, LONG_ADD_EXPORTS,
    LONG_ADD_OPENS, LONG_PATCH, LONG_NATIVE_ACCESS, LONG_DESCRIBE, LONG_CLASS_PATH, LONG_ILLEGAL_ACCESS, LONG_SOURCE
};

static const struct {
    const char *name;
    enum LongOption option;
    const char *what;
} long_options[] = {
    {"--module", LONG_MODULE, "module name"},
    {"--module-path", LONG_MODULE_PATH, "module path specification"},
    {"--upgrade-module-path", LONG_UPGRADE, "module path specification"},
    {"--add-modules", LONG_ADD_MODULES, "modules to be specified"},
    {"--limit-modules", LONG_LIMIT, "modules to be specified"},
    {"--add-reads", LONG_ADD_READS, "modules to be specified"},
    {"--add-exports", LONG_ADD_EXPORTS, "modules to be specified"},
    {"--add-opens", LONG_ADD_OPENS, "modules to be specified"},
    {"--patch-module", LONG_PATCH, "modules to be specified"},
    {"--enable-native-access", LONG_NATIVE_ACCESS, "modules to be specified"},
    {"--describe-module", LONG_DESCRIBE, "module name"},
    {"--class-path", LONG_CLASS_PATH, "class path specification"},
    {"--illegal-access", LONG_ILLEGAL_ACCESS, "a mode"},
    {"--source", LONG_SOURCE, "source version"},
};

static void set_main(JavaCommand *command, enum CoracleLaunch launch, const char *main)
{
    command->java.launch = launch;
    command->java.main = main;
}

/* The module alone of "module/class". */
static void add_main_module(JavaCommand *command, const char *main)
{
    char *module = memory_copy_string(main), *slash = module != NULL ? strchr(module, '/') : NULL;

    if (slash != NULL)
        *slash = 0;
    if (module != NULL)
        add_property(command, "jdk.module.main", module);
    memory_free(module);
}

static void take_long(JavaCommand *command, enum LongOption option, const char *value)
{
    switch (option) {
    case LONG_MODULE:
        set_main(command, CORACLE_LAUNCH_MODULE, value);
        add_main_module(command, value);
        break;
    case LONG_MODULE_PATH: add_property(command, "jdk.module.path", value); break;
    case LONG_UPGRADE: add_property(command, "jdk.module.upgrade.path", value); break;
    case LONG_ADD_MODULES: add_numbered(command, 0, "jdk.module.addmods", value); break;
    case LONG_LIMIT: add_property(command, "jdk.module.limitmods", value); break;
    case LONG_ADD_READS: add_numbered(command, 1, "jdk.module.addreads", value); break;
    case LONG_ADD_EXPORTS: add_numbered(command, 2, "jdk.module.addexports", value); break;
    case LONG_ADD_OPENS: add_numbered(command, 3, "jdk.module.addopens", value); break;
    case LONG_PATCH: add_numbered(command, 4, "jdk.module.patch", value); break;
    case LONG_NATIVE_ACCESS: add_numbered(command, 5, "jdk.module.enable.native.access", value); break;
    case LONG_DESCRIBE: command->java.describe_module = value; break;
    case LONG_CLASS_PATH: command->java.class_path = value; break;
    case LONG_ILLEGAL_ACCESS:
        fprintf(stderr, "OpenJDK 64-Bit Server VM warning: Ignoring option --illegal-access=%s; "
                        "support was removed in 17.0\n", value);
        break;
    case LONG_SOURCE: break;
    }
}

/* *at: index of the word; moved on when the value is the next one. GO_ON: taken; 0: not such an option. */
static int read_long(JavaCommand *command, size_t *at, bool *taken)
{
    const char *word = command->words.items[*at];

    for (size_t i = 0; i < COUNT_OF(long_options); i++) {
        size_t size = strlen(long_options[i].name);
        if (strncmp(word, long_options[i].name, size) != 0 || (word[size] != 0 && word[size] != '='))
            continue;
        *taken = true;
        if (word[size] == '=') {
            take_long(command, long_options[i].option, word + size + 1);
        } else if (*at + 1 < command->words.count) {
            take_long(command, long_options[i].option, command->words.items[++*at]);
        } else {
            fprintf(stderr, "Error: %s requires %s\n", word, long_options[i].what);
            return 1;
        }
        return GO_ON;
    }
    return GO_ON;
}

/* ---- options of the machine ---- */

static void add_assertion(JavaCommand *command, const char *word, bool enable, bool system)
{
    const char *colon = strchr(word, ':');
    CoracleAssertion assertion = {colon != NULL ? colon + 1 : NULL, enable, system};
    (void)array_push(&command->assertions, assertion);
}

static bool read_assertion(JavaCommand *command, const char *word)
{
    static const struct { const char *word; bool enable, system; } rows[] = {
        {"-ea", true, false}, {"-enableassertions", true, false}, {"-da", false, false},
        {"-disableassertions", false, false}, {"-esa", true, true}, {"-enablesystemassertions", true, true},
        {"-dsa", false, true}, {"-disablesystemassertions", false, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = strlen(rows[i].word);
        if (strncmp(word, rows[i].word, size) == 0 && (word[size] == 0 || (word[size] == ':' && !rows[i].system))) {
            add_assertion(command, word, rows[i].enable, rows[i].system);
            return true;
        }
    }
    return false;
}

static bool list_has(const char *list, const char *item)
{
    size_t size = strlen(item);
    for (const char *at = list; (at = strstr(at, item)) != NULL; at += size)
        if ((at == list || at[-1] == ',') && (at[size] == 0 || at[size] == ','))
            return true;
    return false;
}

/* Switches of this machine alone. */
static bool read_debug(JavaCommand *command, const char *word)
{
    CoracleOptions *options = &command->options;

    if (strcmp(word, "--gc-stress") == 0 || strcmp(word, "--debug=stress") == 0)
        options->gc_stress = true;
    else if (starts(word, "--gc-stress=")) {
        options->gc_stress = true;
        options->gc_stress_interval = (unsigned)strtoul(word + 12, NULL, 0);
    } else if (strcmp(word, "--verify-heap") == 0 || strcmp(word, "--debug=verify") == 0)
        options->verify_heap = true;
    else if (strcmp(word, "--move-heap") == 0 || strcmp(word, "--debug=move") == 0)
        options->move_heap = true;
    else if (starts(word, "--seed="))
        options->seed = strtoul(word + 7, NULL, 0);
    else if (starts(word, "--library="))
        options->library = word + 10;
    else if (starts(word, "--java-home="))
        command->java.home = word + 12;
    else if (starts(word, "--c-stack="))
        return parse_size(word + 10, &options->c_stack_bytes);
    else if (starts(word, "--dump=")) {
        options->dump_code = list_has(word + 7, "code");
        options->dump_final = list_has(word + 7, "final");
        options->dump_heap = list_has(word + 7, "heap");
        options->dump_classes = list_has(word + 7, "classes");
    } else if (starts(word, "--trace=")) {
        options->trace_calls = list_has(word + 8, "call");
        options->trace_collections = list_has(word + 8, "gc");
        options->trace_ffi = list_has(word + 8, "ffi");
    } else
        return false;
    return true;
}

static int read_size(const char *word, const char *text, size_t *bytes, const char *what)
{
    char message[128];
    if (parse_size(text, bytes))
        return GO_ON;
    snprintf(message, sizeof message, "Invalid %s: %s", what, word);
    return fail("%s", message);
}

/* -X...: GO_ON: taken or ignored. */
static int read_x(JavaCommand *command, const char *word)
{
    static const char *const ignored[] = {
        "-Xint", "-Xcomp", "-Xmixed", "-Xbatch", "-Xnoclassgc", "-Xrs", "-Xverify", "-Xdebug", "-Xinternalversion",
        "-Xfuture", "-Xcheck:", "-Xdiag", "-Xms", "-Xmn", "-Xlog", "-Xloggc", "-Xincgc", "-Xprof", "-Xbootclasspath/a:",
        "-XX:", "-Xrun", "-Xss", "-Xshare:", "-Xmaxjitcodesize", "-Xusealtsigs", "-Xoss", "-Xsqnopause", "-Xeprof",
    };
    if (starts(word, "-Xmx"))
        return read_size(word, word + 4, &command->options.heap_limit_bytes, "maximum heap size");
    if (starts(word, "-XX:MaxHeapSize="))
        return read_size(word, word + 16, &command->options.heap_limit_bytes, "maximum heap size");
    if (starts(word, "-Xmn"))
        return read_size(word, word + 4, &command->options.eden_bytes, "initial young generation size");
    if (starts(word, "-Xss"))
        return read_size(word, word + 4, &command->options.stack_bytes, "thread stack size");
    if (starts(word, "-XX:ThreadStackSize=")) {
        size_t kilobytes;
        int status = read_size(word, word + 20, &kilobytes, "thread stack size");
        command->options.stack_bytes = kilobytes << 10;
        return status;
    }
    if (strcmp(word, "-Xshare:off") == 0)
        command->options.no_image = true;
    if (starts(word, "-Xshare:dump="))
        command->options.save_image = word + 13;
    if (starts(word, "-XX:SharedArchiveFile="))
        command->options.image = word + 22;
    if (strcmp(word, "-Xlog:gc") == 0 || starts(word, "-Xlog:gc:") || strcmp(word, "-verbose:gc") == 0)
        command->options.log_collections = true;
    if (starts(word, "-XX:MaxDirectMemorySize="))
        add_property(command, "sun.nio.MaxDirectMemorySize", word + 24);
    if (starts(word, "-Xbootclasspath/a:"))
        add_property(command, "jdk.boot.class.path.append", word + 18);
    if (strcmp(word, "-XshowSettings") == 0 || starts(word, "-XshowSettings:")) {
        command->java.show_settings = word + 1;
        return GO_ON;
    }
    if (strcmp(word, "-X") == 0) {
        command->java.help = 3;
        return GO_ON;
    }
    for (size_t i = 0; i < COUNT_OF(ignored); i++)
        if (starts(word, ignored[i]))
            return GO_ON;
    return fail("Unrecognized option: %s", word);
}

static bool read_help(JavaCommand *command, const char *word)
{
    CoracleJava *java = &command->java;

    if (strcmp(word, "-version") == 0 || strcmp(word, "-fullversion") == 0)
        java->version = 1;
    else if (strcmp(word, "--version") == 0 || strcmp(word, "--full-version") == 0)
        java->version = 2;
    else if (strcmp(word, "-showversion") == 0)
        java->version = 3;
    else if (strcmp(word, "--show-version") == 0)
        java->version = 4;
    else if (strcmp(word, "-help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-?") == 0)
        java->help = 1;
    else if (strcmp(word, "--help") == 0)
        java->help = 2;
    else if (strcmp(word, "--help-extra") == 0)
        java->help = 4;
    else if (strcmp(word, "--list-modules") == 0)
        java->list_modules = true;
    else if (strcmp(word, "--validate-modules") == 0) {
        java->validate_modules = true;
        add_property(command, "jdk.module.validation", "true");
    }
    else if (strcmp(word, "--dry-run") == 0)
        java->dry_run = true;
    else
        return false;
    return true;
}

/* One option at words[*at]. GO_ON, or the exit status. */
static int read_option(JavaCommand *command, size_t *at)
{
    const char *word = command->words.items[*at];
    const char *next = *at + 1 < command->words.count ? command->words.items[*at + 1] : NULL;
    bool taken = false;
    int status;

    if (strcmp(word, "-cp") == 0 || strcmp(word, "-classpath") == 0 || strcmp(word, "-p") == 0 ||
        strcmp(word, "-m") == 0 || strcmp(word, "-d") == 0) {
        if (next == NULL) {
            fprintf(stderr, "Error: %s requires %s\n", word, word[1] == 'c' ? "class path specification"
                                                            : word[1] == 'p' ? "module path specification" : "module name");
            return 1;
        }
        take_long(command, word[1] == 'c' ? LONG_CLASS_PATH : word[1] == 'p' ? LONG_MODULE_PATH
                           : word[1] == 'm' ? LONG_MODULE : LONG_DESCRIBE, next);
        ++*at;
        return GO_ON;
    }
    status = read_long(command, at, &taken);
    if (taken || status != GO_ON)
        return status;
    if (read_debug(command, word) || read_help(command, word) || read_assertion(command, word))
        return GO_ON;
    if (starts(word, "-D")) {
        if (word[2] != 0)
            (void)array_push(&command->properties, word + 2);
        return GO_ON;
    }
    if (strcmp(word, "--enable-preview") == 0 || starts(word, "-javaagent:") || starts(word, "-agentlib:") ||
        starts(word, "-agentpath:") || starts(word, "-splash:") || starts(word, "-verbose") ||
        strcmp(word, "-server") == 0 || strcmp(word, "-client") == 0 || strcmp(word, "-d64") == 0 ||
        starts(word, "-J") || strcmp(word, "-esa") == 0) {
        if (strcmp(word, "-verbose:gc") == 0)
            command->options.log_collections = true;
        return GO_ON;
    }
    if (starts(word, "-X"))
        return read_x(command, word);
    return fail("Unrecognized option: %s", word);
}

/* -jar FILE: the file is the class path. */
static void finish_jar(JavaCommand *command, const char *jar)
{
    set_main(command, CORACLE_LAUNCH_JAR, jar);
    command->java.class_path = jar;
}

static bool is_source_file(const char *word)
{
    size_t size = strlen(word);
    return size > 5 && strcmp(word + size - 5, ".java") == 0 && os_path_kind(word) == OS_KIND_FILE;
}

static bool wants_no_main(const CoracleJava *java)
{
    return (java->version != 0 && java->version <= 2) || java->help != 0 || java->list_modules ||
           java->validate_modules || java->describe_module != NULL;
}

static void finish(JavaCommand *command, size_t first_argument)
{
    CoracleJava *java = &command->java;

    java->properties = command->properties.items;
    java->property_count = command->properties.count;
    java->vm_arguments = command->vm_arguments.items;
    java->vm_argument_count = command->vm_arguments.count;
    java->assertions = command->assertions.items;
    java->assertion_count = command->assertions.count;
    if (first_argument < command->words.count) {
        java->arguments = command->words.items + first_argument;
        java->argument_count = command->words.count - first_argument;
    }
    if (java->launch != CORACLE_LAUNCH_JAR) {
        if (java->class_path == NULL)
            java->class_path = os_environment_get("CLASSPATH");
        if (java->class_path != NULL)
            java->class_path = class_path_expand(java->class_path);
    }
    if (java->launch == CORACLE_LAUNCH_NONE && !wants_no_main(java))
        java->help = 5;
}

int java_command_read(JavaCommand *command, int count, char **words)
{
    size_t at = 0;
    bool jar = false;
    int status = java_command_expand(command, count, words);

    if (status != GO_ON)
        return status;
    for (; at < command->words.count; at++) {
        const char *word = command->words.items[at];
        if (word[0] != '-' || word[1] == 0)
            break;
        if (strcmp(word, "-jar") == 0) {
            jar = true;
            if (at + 1 == command->words.count) {
                fputs("Error: -jar requires jar file specification\n", stderr);
                return 1;
            }
            continue;
        }
        size_t first = at;
        status = read_option(command, &at);
        if (status != GO_ON)
            return status;
        for (size_t i = first; i <= at; i++)
            (void)array_push(&command->vm_arguments, command->words.items[i]);
        if (command->java.launch == CORACLE_LAUNCH_MODULE) { /* what follows -m are the program's arguments */
            at++;
            break;
        }
        if (wants_no_main(&command->java))
            break;
    }
    if (command->java.launch == CORACLE_LAUNCH_NONE && at < command->words.count && !wants_no_main(&command->java)) {
        const char *word = command->words.items[at++];
        if (jar)
            finish_jar(command, word);
        else if (is_source_file(word)) {
            set_main(command, CORACLE_LAUNCH_SOURCE, "jdk.compiler/com.sun.tools.javac.launcher.Main");
            add_main_module(command, command->java.main);
            add_numbered(command, 0, "jdk.module.addmods", "ALL-DEFAULT");
            at--; /* the file is the compiler's first argument */
        }
        else
            set_main(command, CORACLE_LAUNCH_CLASS, word);
    }
    finish(command, at);
    if (command->java.launch == CORACLE_LAUNCH_JAR && !jar_check(command->java.main))
        return 1;
    return GO_ON;
}

void java_command_close(JavaCommand *command)
{
    array_free(&command->properties);
    array_free(&command->vm_arguments);
    array_free(&command->words);
    array_free(&command->assertions);
}
