/* machine_log.c - -Xlog: there are lines about collections only; what is asked for beside them is checked and stays
 * silent. */
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

/* A piece of the option's text. */
typedef struct Piece {
    const char *start;
    size_t size;
} Piece;

static bool is_one_of(const char *list, Piece word)
{
    for (const char *at = list; word.size != 0 && *at != 0; at++)
        if (at[0] == ' ' && strncmp(at + 1, word.start, word.size) == 0 && at[word.size + 1] == ' ')
            return true;
    return false;
}

/* The next piece before one of the separators; moves *text behind it. */
static Piece next_piece(Piece *text, char separator)
{
    const char *end = text->size != 0 ? memchr(text->start, separator, text->size) : NULL;
    Piece piece = {text->start, end != NULL ? (size_t)(end - text->start) : text->size};
    size_t taken = piece.size + (end != NULL);

    text->start += taken;
    text->size -= taken;
    return piece;
}

static int refuse(const char *word, const char *what, Piece piece, const char *where)
{
    printf("[0.001s][error][logging] Invalid %s '%.*s'%s.\n", what, (int)piece.size, piece.start, where);
    fflush(stdout);
    return machine_refuse("Invalid -Xlog option '%s', see error log for details.\n", word);
}

/* One of the selections: tag+tag*=level. */
static int read_selection(JavaCommand *command, const char *word, Piece selection)
{
    Piece names = next_piece(&selection, '='), level = selection;
    bool wild = names.size != 0 && names.start[names.size - 1] == '*';
    bool has_gc = false, others = false;

    names.size -= wild;
    do {
        Piece tag = next_piece(&names, '+');
        if (!is_one_of(tags, tag))
            return refuse(word, "tag", tag, " in log selection");
        if (tag.size == 2 && strncmp(tag.start, "gc", 2) == 0)
            has_gc = true;
        else
            others = others || !(tag.size == 3 && strncmp(tag.start, "all", 3) == 0);
    } while (names.size != 0);
    if (level.size != 0 && !is_one_of(levels, level))
        return refuse(word, "level", level, " in log selection");
    if (!others || (has_gc && wild))
        command->options.log_collections = level.size == 0 || level.start[0] == 'i' || level.start[0] == 'd' || level.start[0] == 't';
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
            return refuse(word, "decorator", one, "");
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
