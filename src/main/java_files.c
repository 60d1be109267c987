/* java_files.c - what the command line of `java` takes from elsewhere: @files, JDK_JAVA_OPTIONS, wildcards of class paths. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"

#define ARGUMENT_FILE_LIMIT (64u << 20)

/* ---- words of a variable: split at white space, with quotes ---- */

static void add_text(TextList *words, Bytes *word)
{
    const char *kept = bytes_as_text(word); /* kept as long as the process lives */

    if (kept != NULL)
        (void)array_push(words, kept);
    *word = (Bytes){0};
}

/* false: a quote is open at the end. */
static bool split(const char *text, size_t size, TextList *words)
{
    char quote = 0;

    for (size_t at = 0;; ) {
        Bytes word = {0};
        while (at < size && isspace((unsigned char)text[at])) at++;
        if (at == size)
            return quote == 0;
        for (; at < size && (quote != 0 || !isspace((unsigned char)text[at])); at++) {
            char c = text[at];
            if (c == quote)
                quote = 0;
            else if (quote == 0 && (c == '"' || c == '\''))
                quote = c;
            else
                (void)bytes_append_u8(&word, (uint8_t)c);
        }
        add_text(words, &word);
    }
}

bool split_variable(const char *text, TextList *words)
{
    return split(text, strlen(text), words);
}

static bool load(const char *path, Bytes *bytes)
{
    return os_path_kind(path) != OS_KIND_FOLDER && os_file_load(path, ARGUMENT_FILE_LIMIT, bytes) == OK;
}

bool split_option_file(const char *path, TextList *words, bool *opened)
{
    Bytes bytes = {0};
    bool closed;

    *opened = load(path, &bytes);
    closed = *opened && split((const char *)bytes.data, bytes.size, words);
    bytes_free(&bytes);
    return closed;
}

/* ---- words of an @file: with escapes in quotes, and comments. In all that it makes of odd text it is the launcher ---- */

enum SplitState { BETWEEN, IN_WORD, IN_QUOTES, ESCAPED, CONTINUED, IN_COMMENT };

typedef struct Splitter {
    TextList *words;
    enum SplitState state;
    char quote;
    Bytes word;
    size_t settled; /* so much of it a comment leaves */
    bool has_parts; /* at the end of the file it counts as a word, even if it is empty */
} Splitter;

static void add_char(Splitter *splitter, char c)
{
    (void)bytes_append_u8(&splitter->word, (uint8_t)c);
}

static void settle(Splitter *splitter)
{
    splitter->settled = splitter->word.size;
    splitter->has_parts = true;
}

static void end_word(Splitter *splitter)
{
    add_text(splitter->words, &splitter->word);
    splitter->settled = 0;
    splitter->has_parts = false;
    splitter->state = BETWEEN;
}

static void take_escaped(Splitter *splitter, char c)
{
    static const char letters[] = "nrtf", controls[] = "\n\r\t\f";
    const char *letter = c != 0 ? strchr(letters, c) : NULL;

    splitter->state = c == '\n' || c == '\r' ? CONTINUED : IN_QUOTES;
    if (splitter->state == IN_QUOTES)
        add_char(splitter, letter != NULL ? controls[letter - letters] : c);
    settle(splitter);
}

static void take_quote(Splitter *splitter, char c)
{
    if (splitter->state == IN_QUOTES && splitter->quote != c) {
        add_char(splitter, c);
        return;
    }
    if (splitter->word.size != splitter->settled)
        settle(splitter);
    splitter->state = splitter->state == IN_QUOTES ? IN_WORD : IN_QUOTES;
    splitter->quote = c;
}

static void take_in_word(Splitter *splitter, char c)
{
    bool quoted = splitter->state == IN_QUOTES;

    if (c == '\n' || c == '\r' || (!quoted && (c == ' ' || c == '\t' || c == '\f'))) {
        end_word(splitter); /* in quotes, too */
    } else if (c == '#' && !quoted) {
        splitter->word.size = splitter->settled;
        splitter->state = IN_COMMENT;
    } else if (c == '\\' && quoted) {
        settle(splitter);
        splitter->state = ESCAPED;
    } else if (c == '"' || c == '\'') {
        take_quote(splitter, c);
    } else {
        add_char(splitter, c);
    }
}

static void take_char(Splitter *splitter, char c)
{
    bool ends_line = c == '\n' || c == '\r';

    switch (splitter->state) {
    case ESCAPED: take_escaped(splitter, c); break;
    case IN_COMMENT: splitter->state = ends_line ? BETWEEN : IN_COMMENT; break;
    case BETWEEN:
    case CONTINUED:
        if (ends_line || c == ' ' || c == '\t' || c == '\f')
            break;
        splitter->state = splitter->state == BETWEEN ? IN_WORD : IN_QUOTES;
        take_in_word(splitter, c);
        break;
    default: take_in_word(splitter, c);
    }
}

/* false: there is no such file. */
static bool split_argument_file(const char *path, TextList *words)
{
    Splitter splitter = {.words = words};
    Bytes bytes = {0};
    bool opened = load(path, &bytes), in_word;

    for (size_t i = 0; i < bytes.size; i++)
        take_char(&splitter, (char)bytes.data[i]);
    in_word = splitter.state == IN_WORD || splitter.state == IN_QUOTES;
    if (in_word && (splitter.has_parts || splitter.word.size != 0))
        end_word(&splitter);
    bytes_free(&splitter.word);
    bytes_free(&bytes);
    return opened;
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
    bool opened = split_argument_file(path, &words);

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
    bool closed = split_variable(text, &words);
    size_t count = closed ? words.count : words.count - 1;
    int status = GO_ON;

    fprintf(stderr, "NOTE: Picked up " VARIABLE ": %s\n", text);
    for (size_t i = 0; i < count && status == GO_ON; i++) {
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
    if (status == GO_ON && !closed) {
        fputs("Error: Unmatched quote in environment variable " VARIABLE "\n", stderr);
        status = 1;
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
