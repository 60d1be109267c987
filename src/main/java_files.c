/* java_files.c - what the command line of `java` takes from elsewhere: @files, JDK_JAVA_OPTIONS, wildcards of class paths. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "main/main_internal.h"
#include "os/os.h"

#define GO_ON (-1)
#define ARGUMENT_FILE_LIMIT (64u << 20)

/* ---- @files and the environment's options: words split at white space, quotes, escapes, # comments ---- */

typedef struct Splitter {
    const char *text;
    size_t size, at;
    bool file; /* comments and escapes count in files only */
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
    return true;
}

static void add_words(JavaCommand *command, const char *text, size_t size, bool file)
{
    Splitter splitter = {text, size, 0, file};

    for (;;) {
        Bytes word = {0};
        if (!next_word(&splitter, &word)) {
            bytes_free(&word);
            return;
        }
        const char *kept = bytes_as_text(&word); /* kept as long as the process lives */
        if (kept != NULL)
            (void)array_push(&command->words, kept);
    }
}

static int add_file(JavaCommand *command, const char *path)
{
    Bytes bytes = {0};

    if (os_file_load(path, ARGUMENT_FILE_LIMIT, &bytes) != OK) {
        fprintf(stderr, "Error: could not open `%s'\n", path);
        return 1;
    }
    add_words(command, (const char *)bytes.data, bytes.size, true);
    bytes_free(&bytes);
    return GO_ON;
}

int java_command_expand(JavaCommand *command, int count, char **words)
{
    const char *environment = os_environment_get("JDK_JAVA_OPTIONS");
    bool expand = true, main_seen = false;

    if (environment != NULL) {
        fprintf(stderr, "NOTE: Picked up JDK_JAVA_OPTIONS: %s\n", environment);
        add_words(command, environment, strlen(environment), false);
    }
    for (int i = 0; i < count; i++) {
        const char *word = words[i];
        if (expand && !main_seen && word[0] == '@' && word[1] == '@') {
            word++;
        } else if (expand && !main_seen && word[0] == '@' && word[1] != 0) {
            int status = add_file(command, word + 1);
            if (status != GO_ON)
                return status;
            continue;
        }
        if (strcmp(word, "--disable-@files") == 0) {
            expand = false;
            continue;
        }
        /* After the main class all words are the program's own. */
        if (word[0] != '-' && (i == 0 || !(strcmp(words[i - 1], "-cp") == 0 || strcmp(words[i - 1], "-classpath") == 0 ||
                                           strcmp(words[i - 1], "-p") == 0 || strncmp(words[i - 1], "--", 2) == 0)))
            main_seen = true;
        if (array_push(&command->words, word) != OK)
            return 1;
    }
    return GO_ON;
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

char *class_path_expand(const char *class_path)
{
    Bytes path = {0};
    const char *element = class_path;

    if (strchr(class_path, '*') == NULL)
        return memory_copy_string(class_path);
    for (;;) {
        const char *end = strchr(element, ':');
        add_element(&path, element, end != NULL ? (size_t)(end - element) : strlen(element));
        if (end == NULL)
            break;
        element = end + 1;
    }
    return (char *)bytes_as_text(&path);
}
