/* java_files.c - what the command line of `java` takes from elsewhere: @files, JDK_JAVA_OPTIONS, wildcards of class paths. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"

#define ARGUMENT_FILE_LIMIT (64u << 20)

/* ---- @files and the environment's options: words split at white space, quotes, escapes, # comments ---- */

typedef struct Splitter {
    const char *text;
    size_t size, at;
    bool file;  /* comments and escapes count in files of arguments only */
    char quote;
} Splitter;

static char escaped(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'f': return '\f';
    default: return c;
    }
}

static void skip_blank(Splitter *splitter)
{
    while (splitter->at < splitter->size) {
        char c = splitter->text[splitter->at];
        if (splitter->file && c == '#') {
            while (splitter->at < splitter->size && splitter->text[splitter->at] != '\n')
                splitter->at++;
        } else if (!isspace((unsigned char)c)) {
            return;
        } else {
            splitter->at++;
        }
    }
}

/* A line that ends in a backslash goes on after the next line's leading white space. */
static void skip_continuation(Splitter *splitter)
{
    if (splitter->at < splitter->size && splitter->text[splitter->at] == '\r')
        splitter->at++;
    if (splitter->at < splitter->size && splitter->text[splitter->at] == '\n')
        splitter->at++;
    while (splitter->at < splitter->size && strchr(" \t\f", splitter->text[splitter->at]) != NULL)
        splitter->at++;
}

/* false: there is none. splitter->quote: the one that is still open at the end. */
static bool next_word(Splitter *splitter, Bytes *word)
{
    char quote = 0;

    skip_blank(splitter);
    if (splitter->at >= splitter->size)
        return false;
    while (splitter->at < splitter->size) {
        char c = splitter->text[splitter->at];
        if (quote == 0 && isspace((unsigned char)c))
            break;
        splitter->at++;
        if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (quote != 0 && c == quote) {
            quote = 0;
        } else if (splitter->file && quote != 0 && c == '\\' && splitter->at < splitter->size) {
            char next = splitter->text[splitter->at];
            if (next == '\n' || next == '\r') {
                skip_continuation(splitter);
            } else {
                splitter->at++;
                (void)bytes_append_u8(word, (uint8_t)escaped(next));
            }
        } else {
            (void)bytes_append_u8(word, (uint8_t)c);
        }
    }
    splitter->quote = quote;
    return true;
}

/* false: a quote is open at the end. */
static bool split(const char *text, size_t size, bool file, TextList *words)
{
    Splitter splitter = {text, size, 0, file, 0};

    for (;;) {
        Bytes word = {0};
        if (!next_word(&splitter, &word)) {
            bytes_free(&word);
            return splitter.quote == 0;
        }
        const char *kept = bytes_as_text(&word); /* kept as long as the process lives */
        if (kept != NULL)
            (void)array_push(words, kept);
    }
}

bool split_variable(const char *text, TextList *words)
{
    return split(text, strlen(text), false, words);
}

static bool split_file(const char *path, bool arguments, TextList *words, bool *opened)
{
    Bytes bytes = {0};
    bool closed;

    *opened = os_path_kind(path) != OS_KIND_FOLDER && os_file_load(path, ARGUMENT_FILE_LIMIT, &bytes) == OK;
    closed = *opened && split((const char *)bytes.data, bytes.size, arguments, words);
    bytes_free(&bytes);
    return closed;
}

bool split_option_file(const char *path, TextList *words, bool *opened)
{
    return split_file(path, false, words, opened);
}

/* ---- the launcher's words ---- */

/* Which words may name a file: those before the main class and its arguments. */
typedef struct Expander {
    JavaCommand *command;
    bool expects_value, main_seen, stopped;
} Expander;

/* Options whose value is the next word. That of -jar and -m is the main class. */
static bool takes_next_word(const char *word)
{
    static const char *const words[] = {
        "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules",
        "--limit-modules", "--add-reads", "--add-exports", "--add-opens", "--patch-module", "-d", "--describe-module",
        "--source", "--enable-native-access",
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static void add_word(Expander *expander, const char *word)
{
    if (word[0] == '-')
        expander->main_seen = expander->main_seen || starts_with(word, "--module=");
    else if (!expander->expects_value)
        expander->main_seen = true;
    expander->expects_value = word[0] == '-' && takes_next_word(word);
    if (strcmp(word, "--disable-@files") == 0 && !expander->main_seen)
        expander->stopped = true;
    else
        (void)array_push(&expander->command->words, word);
}

static int add_file(Expander *expander, const char *path)
{
    TextList words = {0};
    bool opened;

    (void)split_file(path, true, &words, &opened); /* a quote may stay open */
    if (!opened)
        fprintf(stderr, os_path_kind(path) == OS_KIND_FOLDER ? "Error: loading: %s\n" : "Error: could not open `%s'\n", path);
    for (size_t i = 0; i < words.count; i++)
        add_word(expander, words.items[i]);
    array_free(&words);
    return opened ? GO_ON : 1;
}

static int expand_word(Expander *expander, const char *word)
{
    if (word[0] == '@' && word[1] != 0 && !expander->main_seen && !expander->stopped) {
        if (word[1] != '@')
            return add_file(expander, word + 1);
        word++;
    }
    add_word(expander, word);
    return GO_ON;
}

/* ---- JDK_JAVA_OPTIONS ---- */

#define VARIABLE "JDK_JAVA_OPTIONS"

/* What ends the launcher, or says what to run, is for the command line alone. */
static bool is_for_command_line(const char *word)
{
    static const char *const words[] = {
        "-jar", "-m", "--module", "--dry-run", "-h", "-?", "-help", "--help", "-X", "--help-extra", "-version", "--version",
        "-fullversion", "--full-version",
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return starts_with(word, "--module=");
}

static int add_variable(Expander *expander, const char *text)
{
    TextList words = {0};
    int status = GO_ON;

    fprintf(stderr, "NOTE: Picked up " VARIABLE ": %s\n", text);
    if (!split_variable(text, &words)) {
        fputs("Error: Unmatched quote in environment variable " VARIABLE "\n", stderr);
        status = 1;
    }
    for (size_t i = 0; i < words.count && status == GO_ON; i++) {
        if (is_for_command_line(words.items[i])) {
            fprintf(stderr, "Error: Option %s is not allowed in environment variable " VARIABLE "\n", words.items[i]);
            status = 1;
            break;
        }
        status = expand_word(expander, words.items[i]);
        if (status == GO_ON && expander->main_seen) {
            fputs("Error: Cannot specify main class in environment variable " VARIABLE "\n", stderr);
            status = 1;
        }
    }
    array_free(&words);
    return status;
}

int java_command_expand(JavaCommand *command, int count, char **words)
{
    Expander expander = {command, false, false, false};
    const char *variable = os_environment_get(VARIABLE);
    int status = variable != NULL ? add_variable(&expander, variable) : GO_ON;

    for (int i = 0; i < count && status == GO_ON; i++)
        status = expand_word(&expander, words[i]);
    return status;
}

/* ---- class path wildcards ---- */

typedef struct Expansion {
    Bytes *path;
    const char *folder;
    size_t folder_size;
} Expansion;

static bool add_jar(void *context, const char *name)
{
    Expansion *expansion = context;
    size_t size = strlen(name);

    if (size < 5 || (strcmp(name + size - 4, ".jar") != 0 && strcmp(name + size - 4, ".JAR") != 0))
        return true;
    if (expansion->path->size > 0)
        (void)bytes_append_u8(expansion->path, ':');
    (void)bytes_append(expansion->path, expansion->folder, expansion->folder_size);
    (void)bytes_append_text(expansion->path, name);
    return true;
}

static void add_element(Bytes *path, const char *element, size_t size)
{
    bool wildcard = size > 0 && element[size - 1] == '*' && (size == 1 || element[size - 2] == '/');
    size_t before = path->size;

    if (wildcard) {
        char folder[4096];
        Expansion expansion = {path, element, size - 1};
        snprintf(folder, sizeof folder, "%.*s", (int)(size - 1), element);
        (void)os_folder_list(size == 1 ? "." : folder, add_jar, &expansion);
        if (path->size != before)
            return;
    }
    if (before > 0)
        (void)bytes_append_u8(path, ':');
    (void)bytes_append(path, element, size);
}

const char *class_path_expand(const char *class_path)
{
    Bytes path = {0};
    const char *element = class_path;

    if (strchr(class_path, '*') == NULL)
        return class_path;
    for (;;) {
        const char *end = strchr(element, ':');
        add_element(&path, element, end != NULL ? (size_t)(end - element) : strlen(element));
        if (end == NULL)
            break;
        element = end + 1;
    }
    return bytes_as_text(&path);
}
