/* machine_log.c - -Xlog: there are lines about collections only; what is asked for beside them is checked and stays
 * silent. */
#include <ctype.h>
#include <stdio.h>

#include "main/main_internal.h"

static const char levels[] = " off trace debug info warning error ";

/* In the order of CoracleOptions.log_decorations. */
static const char *const decorators[] = {
    " time t ", " utctime utc ", " uptime u ", " timemillis tm ", " uptimemillis um ", " timenanos tn ", " uptimenanos un ",
    " hostname hn ", " pid p ", " tid ti ", " level l ", " tags tg ",
};
#define LOG_NOTHING (1u << COUNT_OF(decorators))

static const char tags[] =
    " add age alloc all annotation arguments attach barrier biasedlocking blocks bot breakpoint bytecode cds census class "
    "classhisto cleanup codecache compaction compilation condy constantpool constraints container coops cpu cset data "
    "datacreation dcmd decoder defaultmethods director dump dynamic ergo event exceptions exit fingerprint free freelist gc "
    "handshake hashtables heap humongous ihop iklass indy init inlining install interpreter itables jfr jit jni jvmci jvmti "
    "lambda library liveness load loader logging malloc map mark marking membername memops metadata metaspace "
    "methodcomparator methodhandles mirror mmu module monitorinflation monitormismatch nestmates nmethod nmt normalize numa "
    "objecttagging obsolete oldobject oom oopmap oops oopstorage os owner pagesize parser patch path perf periodic phases "
    "plab placeholders preorder preview promotion protectiondomain ptrqueue purge record redefine ref refine region reloc "
    "remset resolve safepoint sampling scavenge sealed setting smr stackbarrier stackmap stacktrace stackwalk start startup "
    "startuptime state stats streaming stringdedup stringtable subclass survivor suspend sweep symboltable system table task "
    "thread throttle time timer tlab tracking trimnative unload unshareable update valuebasedclasses verification verify "
    "vmmutex vmoperation vmthread vtables vtablestubs workgang ";

#define TAGS_MOST 5 /* in one selection */

/* A piece of the option's text; start NULL: not even an empty one is there. */
typedef struct Piece {
    const char *start;
    size_t size;
} Piece;

/* In a list of small letters, each word between spaces: where it begins; NULL: it is none of them. Case does not count. */
static const char *find_word(const char *list, Piece word)
{
    for (const char *at = list; word.size != 0 && *at != 0; at++) {
        size_t same = 0;
        while (at[0] == ' ' && same < word.size && at[same + 1] == tolower((unsigned char)word.start[same])) same++;
        if (same == word.size && at[same + 1] == ' ')
            return at + 1;
    }
    return NULL;
}

static bool is_one_of(const char *list, Piece word)
{
    return find_word(list, word) != NULL;
}

/* The next piece before one of the separators; moves *text behind it. */
static Piece next_piece(Piece *text, char separator)
{
    const char *end = text->size != 0 ? memchr(text->start, separator, text->size) : NULL;
    Piece piece = {text->start, end != NULL ? (size_t)(end - text->start) : text->size};
    size_t taken = piece.size + (end != NULL);

    text->start = end != NULL ? text->start + taken : NULL;
    text->size -= taken;
    return piece;
}

static int refuse(const char *word, const char *before, Piece piece, const char *behind)
{
    printf("[0.001s][error][logging] %s%.*s%s.\n", before, (int)piece.size, piece.start, behind);
    fflush(stdout);
    return machine_refuse("Invalid -Xlog option '%s', see error log for details.\n", word);
}

/* tag+tag*: the first letters of the tags in the list, as many as there are. */
static int read_tags(const char *word, Piece names, const char *found[TAGS_MOST], size_t *count)
{
    Piece first = {0};

    for (*count = 0; names.start != NULL; ++*count) {
        Piece tag = next_piece(&names, '+');
        if (*count == 0)
            first = tag;
        const char *known = find_word(tags, tag);
        if (known == NULL)
            return refuse(word, "Invalid tag '", tag, "' in log selection");
        if (*count == TAGS_MOST)
            return refuse(word, "Too many tags in log selection '", first, "' (can only have up to 5 tags)");
        found[*count] = known;
    }
    for (size_t i = 0; i < *count; i++)
        for (size_t j = 0; j < i; j++)
            if (found[i] == found[j])
                return refuse(word, "Log selection contains duplicates of tag ", (Piece){found[i], strcspn(found[i], " ")}, "");
    return GO_ON;
}

/* One of the selections: tag+tag*=level. */
static int read_selection(JavaCommand *command, const char *word, Piece selection)
{
    Piece names = next_piece(&selection, '='), level = selection;
    bool wild = names.size != 0 && names.start[names.size - 1] == '*';
    bool has_gc = false, others = false;
    const char *found[TAGS_MOST];
    size_t count;

    if (level.start != NULL && !is_one_of(levels, level))
        return refuse(word, "Invalid level '", level, "' in log selection");
    names.size -= wild;
    int status = read_tags(word, names, found, &count);
    if (status != GO_ON)
        return status;
    for (size_t i = 0; i < count; i++) {
        bool is_gc = strncmp(found[i], "gc ", 3) == 0;
        has_gc = has_gc || is_gc;
        others = others || (!is_gc && strncmp(found[i], "all ", 4) != 0);
    }
    if (!others || (has_gc && wild))
        command->options.log_collections = level.start == NULL || strchr("idt", tolower((unsigned char)level.start[0])) != NULL;
    return GO_ON;
}

/* Standard output, standard error, or a file. */
static int read_output(JavaCommand *command, const char *word, Piece output)
{
    const char *equals = output.size != 0 ? memchr(output.start, '=', output.size) : NULL;
    char *path;

    if (output.size == 0 || is_one_of(" stdout ", output))
        return GO_ON;
    if (equals != NULL && !starts_with(output.start, "file=")) {
        printf("[0.001s][error][logging] Unsupported log output type: %.*s\n", (int)output.size, output.start);
        fflush(stdout);
        return machine_refuse("Invalid -Xlog option '%s', see error log for details.\n", word);
    }
    if (equals != NULL)
        output = (Piece){output.start + 5, output.size - 5};
    if (is_one_of(" stderr ", output))
        output = (Piece){"/dev/stderr", 11};
    path = memory_allocate(output.size + 1);
    if (path != NULL) {
        memcpy(path, output.start, output.size);
        path[output.size] = 0;
        command->options.log_path = path;
    }
    return GO_ON;
}

/* A later option's count; none: those that are usual. */
static int read_decorations(JavaCommand *command, const char *word, Piece decoration)
{
    unsigned wanted = 0;
    bool more = decoration.size != 0;

    if (is_one_of(" none ", decoration))
        wanted = LOG_NOTHING;
    while (more && wanted != LOG_NOTHING) {
        more = memchr(decoration.start, ',', decoration.size) != NULL;
        Piece one = next_piece(&decoration, ',');
        unsigned i = 0;
        while (i < COUNT_OF(decorators) && !is_one_of(decorators[i], one)) i++;
        if (i == COUNT_OF(decorators))
            return refuse(word, "Invalid decorator '", one, "'");
        wanted |= 1u << i;
    }
    command->options.log_decorations = wanted;
    return GO_ON;
}

static int read_log(JavaCommand *command, const char *word, Piece text)
{
    Piece what = next_piece(&text, ':'), output = next_piece(&text, ':'), decoration = next_piece(&text, ':');
    int status = GO_ON;

    if (what.size == 0)
        what = (Piece){"all", 3};
    while (what.size != 0 && status == GO_ON)
        status = read_selection(command, word, next_piece(&what, ','));
    if (status == GO_ON)
        status = read_output(command, word, output);
    return status == GO_ON ? read_decorations(command, word, decoration) : status;
}

static int print_help(JavaCommand *command)
{
    printf("-Xlog[:[selections][:[output][:[decorators][:output-options]]]]\n"
           "selections: tag1[+tag2...][*][=level][,...]; tags that have lines here: gc, all; levels:%s\n"
           "output: stdout, stderr, file=<filename>\n", levels);
    command->java.launch = CORACLE_LAUNCH_NONE;
    return 0;
}

int machine_log(JavaCommand *command, const char *word)
{
    const char *text = word + 5;

    if (strcmp(text, ":help") == 0)
        return print_help(command);
    if (strcmp(text, ":disable") == 0) {
        command->options.log_collections = false;
        return GO_ON;
    }
    if (strcmp(text, ":async") == 0)
        return GO_ON;
    if (starts_with(text, "gc:")) {
        printf("[0.001s][warning][gc] -Xloggc is deprecated. Will use -Xlog:gc:%s instead.\n", text + 3);
        command->options.log_collections = true;
        return read_output(command, word, (Piece){text + 3, strlen(text + 3)});
    }
    if (text[0] != 0 && text[0] != ':')
        return machine_refuse("Invalid -Xlog option '%s', see error log for details.\n", word);
    text += text[0] == ':';
    return read_log(command, word, (Piece){text, strlen(text)});
}
