/* command.c - the command line of javap: options, and each class in turn. */
#include <stdio.h>
#include <string.h>

#include "java/java.h"
#include "javap/find.h"
#include "javap/javap.h"
#include "os/os.h"

enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

typedef struct Command {
    JavapOptions options;
    const char *class_path, *boot_path, *system, *module;
    const char *access_given; /* the option that chose what is shown */
    bool help, version, full_version;
    Finder finder;
    Output out;
    ClassFile class;
    bool printed_json;
} Command;

static const char usage[] = "Usage: javap <options> <classes>\n";

static void print_help(void)
{
    fputs(usage, stdout);
    fputs("A class is a name (java.lang.Object), a file (x/Y.class) or a URL (jar:file:///x.jar!/p/C.class).\n"
          "  -help, --help, -h, -?      print this\n"
          "  -version, -fullversion     print the version of the JDK's classes\n"
          "  -v, -verbose               everything: constant pool, code, attributes\n"
          "  -c                         the code of methods\n"
          "  --code                     the same, and below each instruction the register code made of it\n"
          "  -l                         line numbers and local variables\n"
          "  -s                         descriptors\n"
          "  -constants                 the values of constants\n"
          "  -sysinfo                   path, size, date and SHA-256 of the class file\n"
          "  -public, -protected, -package, -private, -p\n"
          "                             show members that are at least so visible (-package)\n"
          "  -cp, -classpath, --class-path PATH\n"
          "                             folders and jars to look for classes in\n"
          "  -bootclasspath PATH        the same, before the JDK's own\n"
          "  -m, --module MODULE        look in this module of the JDK only\n"
          "  --system JDK               take this JDK's classes\n"
          "  --json                     print everything as JSON\n",
          stdout);
}

static int complain(const char *message, const char *what)
{
    fprintf(stderr, "Error: %s%s\n", message, what);
    fputs(usage, stdout);
    fputs("use --help for a list of possible options\n", stdout);
    return STATUS_USAGE;
}

/* ---- options ---- */

typedef struct Option {
    const char *names; /* parted by blanks */
    enum { SET_FLAG, SET_ACCESS, SET_TEXT, IGNORE_TEXT } kind;
    size_t place; /* of a bool or a text in Command; the access */
} Option;

#define PLACE(field) offsetof(Command, field)

static const Option options[] = {
    {"-help --help -h -?", SET_FLAG, PLACE(help)},
    {"-version", SET_FLAG, PLACE(version)},
    {"-fullversion", SET_FLAG, PLACE(full_version)},
    {"-v -verbose -all", SET_FLAG, PLACE(options.verbose)},
    {"-c", SET_FLAG, PLACE(options.code)},
    {"-l", SET_FLAG, PLACE(options.lines)},
    {"-s", SET_FLAG, PLACE(options.descriptors)},
    {"-constants", SET_FLAG, PLACE(options.constants)},
    {"-sysinfo", SET_FLAG, PLACE(options.system_info)},
    {"--json", SET_FLAG, PLACE(options.json)},
    {"-public", SET_ACCESS, JAVAP_PUBLIC},
    {"-protected", SET_ACCESS, JAVAP_PROTECTED},
    {"-package", SET_ACCESS, JAVAP_PACKAGE},
    {"-private -p", SET_ACCESS, JAVAP_PRIVATE},
    {"-cp -classpath --class-path", SET_TEXT, PLACE(class_path)},
    {"-bootclasspath", SET_TEXT, PLACE(boot_path)},
    {"-m --module", SET_TEXT, PLACE(module)},
    {"--system", SET_TEXT, PLACE(system)},
    {"--module-path --multi-release", IGNORE_TEXT, 0},
};

/* Is the word one of the names? Behind "--name=" stands a value. */
static bool is_named(const char *names, const char *word, const char **value)
{
    while (*names != 0) {
        size_t size = strcspn(names, " ");
        if (strncmp(word, names, size) == 0 && word[size] == 0) return true;
        if (strncmp(names, "--", 2) == 0 && strncmp(word, names, size) == 0 && word[size] == '=') {
            *value = word + size + 1;
            return true;
        }
        names += size;
        names += *names == ' ';
    }
    return false;
}

static const Option *find_option(const char *word, const char **value)
{
    *value = NULL;
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (is_named(options[i].names, word, value))
            return *value == NULL || options[i].kind >= SET_TEXT ? &options[i] : NULL;
    return NULL;
}

static int set_access(Command *command, const Option *option, const char *word)
{
    if (command->access_given != NULL && command->options.access != option->place) {
        fprintf(stderr, "Error: bad combination of options: %s %s\n", command->access_given, word);
        return STATUS_USAGE;
    }
    command->access_given = word;
    command->options.access = (enum JavapAccess)option->place;
    return STATUS_OK;
}

/* Reads the option words[*at], and moves past it. */
static int read_option(Command *command, int count, char **words, int *at)
{
    const char *word = words[(*at)++], *value;
    const Option *option = find_option(word, &value);

    if (strncmp(word, "-J", 2) == 0) return STATUS_OK; /* for a virtual machine that javap does not need */
    if (option == NULL) return complain("unknown option: ", word);
    if (option->kind == SET_ACCESS) return set_access(command, option, word);
    if (option->kind == SET_FLAG) {
        *(bool *)((char *)command + option->place) = true;
        return STATUS_OK;
    }
    if (value == NULL && *at >= count)
        return option->place == PLACE(module) ? complain("no value given for ", word)
                                              : complain("invalid use of option: ", word);
    if (value == NULL) value = words[(*at)++];
    if (option->kind == SET_TEXT) *(const char **)((char *)command + option->place) = value;
    return STATUS_OK;
}

/* ---- versions ---- */

/* The value of a line KEY="value" in the file `release` of the JDK; "17" if there is none. */
static void print_release(const char *key)
{
    char path[1100];
    Bytes file = {0};
    const char *text, *line = NULL;
    size_t size = strlen(key);

    snprintf(path, sizeof path, "%s/release", java_home() != NULL ? java_home() : "");
    text = os_file_load(path, 1 << 20, &file) == OK ? bytes_as_text(&file) : NULL;
    while (text != NULL && (strncmp(text, key, size) != 0 || strncmp(text + size, "=\"", 2) != 0)) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    if (text != NULL) line = text + size + 2;
    printf("%.*s\n", line != NULL ? (int)strcspn(line, "\"\n") : 2, line != NULL ? line : "17");
    bytes_free(&file);
}

/* ---- classes ---- */

static int report(Command *command, const char *format_head, const char *what, const char *message)
{
    output_flush(&command->out);
    fprintf(stderr, "Error: %s%s%s%s\n", format_head, what, *message != 0 ? ": " : "", message);
    return STATUS_FAILED;
}

/* Names that differ in '.', '/' and '$' only are the same. */
static bool is_same_name(const uint8_t *name, size_t size, const char *given)
{
    for (size_t i = 0; i < size; i++, given++) {
        bool separates = name[i] == '/' || name[i] == '$' || name[i] == '.';
        if (*given == 0 || (separates ? strchr("/$.", *given) == NULL : (char)name[i] != *given)) return false;
    }
    return *given == 0;
}

static void warn_of_other_class(Command *command, const char *what, const char *shown)
{
    const ClassFile *class = &command->class;
    const Constant *constant = classfile_constant(class, class->this_class, CONSTANT_CLASS);
    const Constant *name =
        constant != NULL ? classfile_constant(class, constant_first(class, constant), CONSTANT_UTF8) : NULL;

    if (has_suffix(what, ".class") || (name != NULL && is_same_name(class->bytes + name->at, name->size, what))) return;
    output_flush(&command->out);
    fprintf(stderr, "Warning: File %s does not contain class %s\n", shown, what);
}

static Result print_class(Command *command, const FoundClass *found)
{
    if (!command->options.json) return javap_print(&command->out, &command->options, &command->class, &found->source);
    output_text(&command->out, command->printed_json ? ",\n" : "[\n");
    command->printed_json = true;
    return javap_print_json(&command->out, &command->class, &found->source);
}

static int show_class(Command *command, const char *what)
{
    FoundClass found;
    Result result = finder_find(&command->finder, what, &found);

    if (result == ERROR_NOT_FOUND)
        return *error_message() == 0 ? report(command, "class not found: ", what, command->finder.problem)
                                     : report(command, "file not found", "", error_message());
    if (result == OK) result = classfile_open(&command->class, found.bytes, found.size);
    if (result == OK) {
        warn_of_other_class(command, what, found.shown);
        result = print_class(command, &found);
    }
    return result == OK ? STATUS_OK : report(command, "error while reading ", what, error_message());
}

static int show_classes(Command *command, int count, char **words)
{
    int status = STATUS_OK;

    for (int i = 0; i < count && !command->out.failed; i++)
        if (show_class(command, words[i]) != STATUS_OK) status = STATUS_FAILED;
    if (!command->options.json)
        command->out.at = command->out.line; /* a line that no attribute has ended is not shown */
    else
        output_text(&command->out, command->printed_json ? "\n]\n" : "[]\n");
    output_flush(&command->out);
    return command->out.failed ? STATUS_FAILED : status;
}

static int open_and_show(Command *command, int count, char **words)
{
    int status = STATUS_FAILED;

    if (finder_open(&command->finder, command->class_path, command->boot_path, command->system) != OK ||
        output_open(&command->out, OS_STDOUT) != OK) {
        fprintf(stderr, "Error: %s\n", error_message());
    } else if (command->system != NULL && command->finder.home == NULL) {
        status = complain("invalid use of option: ", "--system");
    } else if (command->module != NULL && !finder_has_module(&command->finder, command->module)) {
        fprintf(stderr, "Error: Cannot find module %s\n", command->module);
    } else {
        command->finder.module = command->module;
        status = show_classes(command, count, words);
    }
    finder_close(&command->finder);
    classfile_close(&command->class);
    output_close(&command->out);
    return status;
}

int javap_command(int count, char **words, const JavapBytecodeHook *after_bytecode)
{
    Command command = {.options = {.access = JAVAP_PACKAGE}};
    int at = 0, status = STATUS_OK;

    while (at < count && words[at][0] == '-' && status == STATUS_OK) status = read_option(&command, count, words, &at);
    if (status != STATUS_OK) return status;
    if (command.options.verbose) command.options.descriptors = true;
    if (after_bytecode != NULL) command.options.after_bytecode = *after_bytecode;
    if (command.help || count == 0) print_help();
    if (command.version) print_release("JAVA_VERSION");
    if (command.full_version) print_release("JAVA_RUNTIME_VERSION");
    if (at == count) {
        if (count > 0 && !command.help && !command.version && !command.full_version)
            fputs("Error: no classes specified\n", stderr);
        return command.help || command.version || command.full_version ? STATUS_OK : STATUS_USAGE;
    }
    fflush(stdout);
    return open_and_show(&command, count - at, words + at);
}
