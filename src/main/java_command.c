/* java_command.c - reads what people type after `java`, in the launcher's way: what to run, its class path and modules;
 * the rest is the machine's. */
#include <stdio.h>

#include "base/text.h"
#include "main/main_internal.h"
#include "os/os.h"

void java_command_property(JavaCommand *command, const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = memory_allocate(size);
    if (text != NULL) {
        text_join(text, size, name, "=", value, NULL);
        (void)array_push(&command->properties, text);
    }
}

static void hand_on(JavaCommand *command, const char *word)
{
    (void)array_push(&command->machine, word);
}

static void hand_on_joined(JavaCommand *command, const char *first, const char *second)
{
    size_t size = strlen(first) + strlen(second) + 2;
    char *text = memory_allocate(size);
    if (text != NULL) {
        text_join(text, size, first, second, NULL);
        hand_on(command, text);
    }
}

/* ---- options with a value: --name=value, --name value, -n value ---- */

enum ValueOption { VALUE_MODULE, VALUE_CLASS_PATH, VALUE_DESCRIBE, VALUE_SOURCE, VALUE_MACHINE };

static const struct {
    const char *name;
    enum ValueOption option;
    const char *what;
    bool never_empty;
} value_options[] = {
    {"--module", VALUE_MODULE, "module name", true},
    {"-m", VALUE_MODULE, "module name", true},
    {"--class-path", VALUE_CLASS_PATH, "class path specification", false},
    {"-classpath", VALUE_CLASS_PATH, "class path specification", false},
    {"-cp", VALUE_CLASS_PATH, "class path specification", false},
    {"--describe-module", VALUE_DESCRIBE, "module name", true},
    {"-d", VALUE_DESCRIBE, "module name", true},
    {"--source", VALUE_SOURCE, "source version", true},
    {"--module-path", VALUE_MACHINE, "module path specification", true},
    {"-p", VALUE_MACHINE, "module path specification", true},
    {"--upgrade-module-path", VALUE_MACHINE, "module path specification", true},
    {"--add-modules", VALUE_MACHINE, "modules to be specified", true},
    {"--limit-modules", VALUE_MACHINE, "modules to be specified", true},
    {"--add-reads", VALUE_MACHINE, "modules to be specified", true},
    {"--add-exports", VALUE_MACHINE, "modules to be specified", true},
    {"--add-opens", VALUE_MACHINE, "modules to be specified", true},
    {"--patch-module", VALUE_MACHINE, "modules to be specified", true},
    {"--enable-native-access", VALUE_MACHINE, "modules to be specified", true},
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
        java_command_property(command, "jdk.module.main", module);
    memory_free(module);
}

static void take_value(JavaCommand *command, const char *name, enum ValueOption option, const char *value)
{
    switch (option) {
    case VALUE_MODULE:
        set_main(command, CORACLE_LAUNCH_MODULE, value);
        add_main_module(command, value);
        break;
    case VALUE_CLASS_PATH: hand_on_joined(command, CLASS_PATH_OPTION, class_path_expand(value)); break;
    case VALUE_DESCRIBE: command->java.describe_module = value; break;
    case VALUE_SOURCE:
        command->java.launch = CORACLE_LAUNCH_SOURCE;
        hand_on_joined(command, "-Djdk.internal.javac.source=", value);
        break;
    case VALUE_MACHINE: {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "%s=", strcmp(name, "-p") == 0 ? "--module-path" : name);
        hand_on_joined(command, prefix, value);
        break;
    }
    }
}

/* *at: index of the word; moved on when the value is the next one, which an option cannot be. */
static int read_value_option(JavaCommand *command, size_t *at, bool *taken)
{
    const char *word = command->words.items[*at];

    for (size_t i = 0; i < COUNT_OF(value_options); i++) {
        size_t size = strlen(value_options[i].name);
        bool equals = word[size > strlen(word) ? strlen(word) : size] == '=' && value_options[i].name[1] == '-';
        if (strncmp(word, value_options[i].name, size) != 0 || (word[size] != 0 && !equals))
            continue;
        *taken = true;
        const char *value = equals ? word + size + 1 : *at + 1 < command->words.count ? command->words.items[*at + 1] : "-";
        if (equals ? value_options[i].never_empty && value[0] == 0 : value[0] == '-') {
            fprintf(stderr, "Error: %s requires %s\n", word, value_options[i].what);
            return 1;
        }
        take_value(command, value_options[i].name, value_options[i].option, value);
        *at += !equals;
        return GO_ON;
    }
    return GO_ON;
}

/* ---- options without one ---- */

enum Answer { ANSWER_VERSION, ANSWER_HELP, ANSWER_PROPERTY };

static bool read_question(JavaCommand *command, const char *word)
{
    static const struct { const char *word; enum Answer answer; int value; } rows[] = {
        {"-version", ANSWER_VERSION, 1}, {"--version", ANSWER_VERSION, 2}, {"-showversion", ANSWER_VERSION, 3},
        {"--show-version", ANSWER_VERSION, 4}, {"-fullversion", ANSWER_VERSION, 5},
        {"--full-version", ANSWER_VERSION, 6}, {"-help", ANSWER_HELP, 1}, {"-h", ANSWER_HELP, 1}, {"-?", ANSWER_HELP, 1},
        {"--help", ANSWER_HELP, 2}, {"-X", ANSWER_HELP, 3}, {"--help-extra", ANSWER_HELP, 4},
    };
    CoracleJava *java = &command->java;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(word, rows[i].word) == 0) {
            *(rows[i].answer == ANSWER_VERSION ? &java->version : &java->help) = rows[i].value;
            return true;
        }
    if (strcmp(word, "--list-modules") == 0)
        java->list_modules = true;
    else if (strcmp(word, "--validate-modules") == 0) {
        java->validate_modules = true;
        java_command_property(command, "jdk.module.validation", "true");
    } else if (strcmp(word, "--show-module-resolution") == 0)
        java_command_property(command, "jdk.module.showModuleResolution", "true");
    else if (strcmp(word, "--dry-run") == 0)
        java->dry_run = true;
    else if (strcmp(word, "-Xdiag") == 0)
        java_command_property(command, "sun.java.launcher.diag", "true");
    else if (strcmp(word, "-XshowSettings") == 0 || starts_with(word, "-XshowSettings:"))
        java->show_settings = word + 1;
    else
        return false;
    return true;
}

/* Names from before -X, and options that only warn. */
static bool read_old(JavaCommand *command, const char *word)
{
    static const char *const gone[] = {"-checksource", "-cs", "-noasyncgc"};
    static const struct { const char *old, *now; } whole[] = {
        {"-verbosegc", "-verbose:gc"}, {"-t", "-Xt"}, {"-tm", "-Xtm"}, {"-debug", "-Xdebug"}, {"-noclassgc", "-Xnoclassgc"},
    };
    static const char *const prefixes[] = {"-ss", "-oss", "-ms", "-mx"};

    for (size_t i = 0; i < COUNT_OF(gone); i++)
        if (strcmp(word, gone[i]) == 0) {
            fprintf(stderr, "Warning: %s option is no longer supported.\n", word);
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        if (strcmp(word, whole[i].old) == 0) {
            hand_on(command, whole[i].now);
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (starts_with(word, prefixes[i])) {
            hand_on_joined(command, "-X", word + 1);
            return true;
        }
    return strcmp(word, "-server") == 0 || strcmp(word, "-client") == 0 || starts_with(word, "-splash:");
}

/* What chose another JDK once: the machine refuses it. */
static void warn_gone(const char *word)
{
    if (starts_with(word, "-version:"))
        fputs("Error: Specifying an alternate JDK/JRE version is no longer supported.\n"
              "  The use of the flag '-version:' is no longer valid.\n"
              "  Please download and execute the appropriate version.\n", stderr);
    if (strcmp(word, "-jre-restrict-search") == 0 || strcmp(word, "-jre-no-restrict-search") == 0)
        fputs("Error: Specifying an alternate JDK/JRE is no longer supported.\n"
              "  The related flags -jre-restrict-search | -jre-no-restrict-search are also no longer valid.\n", stderr);
}

/* One option at words[*at]. GO_ON, or the exit status. */
static int read_option(JavaCommand *command, size_t *at)
{
    const char *word = command->words.items[*at];
    bool taken = false;
    int status = read_value_option(command, at, &taken);

    if (taken || read_question(command, word) || read_old(command, word))
        return status;
    warn_gone(word);
    hand_on(command, word);
    return GO_ON;
}

/* ---- what to run ---- */

static bool is_source_file(const char *word)
{
    size_t size = strlen(word);
    return size > 5 && strcmp(word + size - 5, ".java") == 0 && os_path_kind(word) == OS_KIND_FILE;
}

/* What comes behind is not looked at. */
static bool ends_options(const CoracleJava *java)
{
    return (java->version != 0 && java->version <= 2) || java->version > 4 || java->help != 0;
}

static bool wants_no_main(const CoracleJava *java)
{
    return ends_options(java) || java->list_modules || java->validate_modules || java->describe_module != NULL;
}

static void set_source(JavaCommand *command)
{
    set_main(command, CORACLE_LAUNCH_SOURCE, "jdk.compiler/com.sun.tools.javac.launcher.Main");
    hand_on(command, "--add-modules=ALL-DEFAULT");
}

/* The first word that is no option. */
static void take_main(JavaCommand *command, size_t *at, bool jar)
{
    const char *word = *at < command->words.count ? command->words.items[*at] : NULL;
    bool source = command->java.launch == CORACLE_LAUNCH_SOURCE;

    if (wants_no_main(&command->java) || command->java.launch == CORACLE_LAUNCH_MODULE)
        return;
    if (source || (word != NULL && !jar && is_source_file(word))) { /* the file is the compiler's first argument */
        set_source(command);
        if (!source && os_environment_get("CLASSPATH") == NULL)
            command->java.class_path = "."; /* the options may say otherwise */
    } else if (word != NULL) {
        set_main(command, jar ? CORACLE_LAUNCH_JAR : CORACLE_LAUNCH_CLASS, word);
        ++*at;
    }
    if (command->java.launch == CORACLE_LAUNCH_JAR)
        hand_on_joined(command, CLASS_PATH_OPTION, word);
}

static int check_jar(const char *path)
{
    switch (jar_check(path)) {
    case JAR_MISSING: fprintf(stderr, "Error: Unable to access jarfile %s\n", path); return 1;
    case JAR_BROKEN: fprintf(stderr, "Error: Invalid or corrupt jarfile %s\n", path); return 1;
    default: return GO_ON;
    }
}

static int finish(JavaCommand *command, size_t first_argument)
{
    CoracleJava *java = &command->java;
    const char *variable = os_environment_get("CLASSPATH");
    int status = java->launch == CORACLE_LAUNCH_JAR ? check_jar(java->main) : GO_ON;

    if (variable != NULL)
        java->class_path = class_path_expand(variable);
    if (status == GO_ON && java->version <= 4)
        status = machine_options_read(command);
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
    if (java->launch == CORACLE_LAUNCH_NONE && !wants_no_main(java))
        java->help = 5;
    return status;
}

/* The options; *at: the first word that is none. */
static int read_options(JavaCommand *command, size_t *at, bool *jar)
{
    int status = GO_ON;

    for (; *at < command->words.count && status == GO_ON && !ends_options(&command->java); ++*at) {
        const char *word = command->words.items[*at];
        if (word[0] != '-')
            break;
        if (strcmp(word, "-jar") == 0) {
            *jar = true;
            if (*at + 1 == command->words.count) {
                fputs("Error: -jar requires jar file specification\n", stderr);
                command->java.help = 5;
            }
        } else {
            status = read_option(command, at);
        }
        if (command->java.launch == CORACLE_LAUNCH_MODULE) { /* what follows -m are the program's arguments */
            ++*at;
            break;
        }
    }
    return status;
}

int java_command_read(JavaCommand *command, int count, char **words)
{
    size_t at = 0;
    bool jar = false;
    int status = java_command_expand(command, count, words);

    if (status == GO_ON)
        status = read_options(command, &at, &jar);
    if (status != GO_ON)
        return status;
    take_main(command, &at, jar);
    return finish(command, at);
}

void java_command_close(JavaCommand *command)
{
    array_free(&command->properties);
    array_free(&command->vm_arguments);
    array_free(&command->words);
    array_free(&command->machine);
    array_free(&command->assertions);
}
