/* machine_flags.c - options of the form -XX:+Name, -XX:-Name, -XX:Name=value: known ones are checked for their form and
 * mean nothing, but for the few in `read_known`; unknown ones are refused, as HotSpot does it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "main/main_internal.h"
#include "os/os.h"

enum FlagKind { SWITCH, SIGNED, NUMBER, DECIMAL, TEXT };
enum FlagLock { PRODUCT, DIAGNOSTIC, EXPERIMENTAL };

typedef struct FlagGroup {
    enum FlagKind kind;
    enum FlagLock lock;
    const char *names;
} FlagGroup;

static const FlagGroup groups[] = {
#define FLAGS(kind, lock, names) {kind, lock, names},
#include "main/machine_flags.def"
#undef FLAGS
};

static const struct {
    const char *name, *version, *instead;
} deprecated[] = {
    {"AllowRedefinitionToAddDeleteMethods", "13.0", NULL}, {"AlwaysLockClassLoader", "17.0", NULL},
    {"BiasedLockingBulkRebiasThreshold", "15.0", NULL}, {"BiasedLockingBulkRevokeThreshold", "15.0", NULL},
    {"BiasedLockingDecayTime", "15.0", NULL}, {"BiasedLockingStartupDelay", "15.0", NULL},
    {"CreateMinidumpOnCrash", "9.0", "CreateCoredumpOnCrash"}, {"CriticalJNINatives", "16.0", NULL},
    {"DefaultMaxRAMFraction", "8.0", "MaxRAMFraction"}, {"FlightRecorder", "13.0", NULL},
    {"InitialRAMFraction", "10.0", NULL}, {"MaxGCMinorPauseMillis", "8.0", NULL}, {"MaxRAMFraction", "10.0", NULL},
    {"MinRAMFraction", "10.0", NULL}, {"PrintBiasedLockingStatistics", "15.0", NULL},
    {"PrintPreciseBiasedLockingStatistics", "15.0", NULL}, {"TLABStats", "12.0", NULL}, {"UseBiasedLocking", "15.0", NULL},
    {"UseOptoBiasInlining", "15.0", NULL},
};

/* ---- names ---- */

/* A flag as it was written: sign, name, and what stands behind the name. */
typedef struct Flag {
    const char *word; /* without a sign */
    char sign;        /* + or -; 0: none */
    size_t name_size;
    const char *rest;
} Flag;

static Flag split(const char *word)
{
    Flag flag = {word, 0, 0, NULL};

    if (word[0] == '+' || word[0] == '-') {
        flag.sign = word[0];
        flag.word = word + 1;
    }
    while (isalnum((unsigned char)flag.word[flag.name_size]) || flag.word[flag.name_size] == '_')
        flag.name_size++;
    flag.rest = flag.word + flag.name_size;
    return flag;
}

static bool is_named(const Flag *flag, const char *name)
{
    return strlen(name) == flag->name_size && strncmp(flag->word, name, flag->name_size) == 0;
}

static bool holds(const char *names, const Flag *flag)
{
    for (const char *at = names; *at != 0; at = strchr(at, ' ') + 1)
        if (strncmp(at, flag->word, flag->name_size) == 0 && at[flag->name_size] == ' ')
            return true;
    return false;
}

static const FlagGroup *find(const Flag *flag)
{
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        if (holds(groups[i].names, flag))
            return &groups[i];
    return NULL;
}

/* ---- unknown names ---- */

/* Of all pairs of neighbouring letters in both words, the part that both have. */
static double likeness(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned hits = 0;

    for (size_t i = 0; i + 1 < a_size; i++)
        for (size_t j = 0; j + 1 < b_size; j++)
            if (a[i] == b[j] && a[i + 1] == b[j + 1]) {
                hits++;
                break;
            }
    return 2.0 * hits / (double)(a_size + b_size);
}

static int refuse_unknown(const Flag *flag)
{
    double best = 0.7;
    const char *name = NULL;
    const FlagGroup *group = NULL;

    for (size_t i = 0; i < COUNT_OF(groups); i++)
        for (const char *at = groups[i].names; *at != 0; at = strchr(at, ' ') + 1) {
            double score = likeness(at, strcspn(at, " "), flag->word, flag->name_size);
            if (score > best) {
                best = score;
                name = at;
                group = &groups[i];
            }
        }
    fprintf(stderr, "Unrecognized VM option '%s'\n", flag->word);
    if (name != NULL)
        fprintf(stderr, "Did you mean '%s%.*s%s'? ", group->kind == SWITCH ? "(+/-)" : "", (int)strcspn(name, " "), name,
                group->kind == SWITCH ? "" : "=<value>");
    return machine_cannot_start();
}

/* ---- form ---- */

static bool is_number(const char *text, bool negative_too)
{
    size_t number;
    return parse_size(negative_too && text[0] == '-' ? text + 1 : text, &number);
}

static bool is_decimal(const char *text)
{
    for (const char *at = text; *at != 0; at++)
        if (!isdigit((unsigned char)*at) && *at != '.')
            return false;
    return isdigit((unsigned char)text[0]);
}

static bool has_good_value(const Flag *flag, enum FlagKind kind)
{
    if (kind == SWITCH)
        return flag->rest[0] == 0;
    if (kind == TEXT)
        return flag->rest[0] == '=' || starts_with(flag->rest, ":=");
    if (flag->rest[0] != '=')
        return false;
    return kind == DECIMAL ? is_decimal(flag->rest + 1) : is_number(flag->rest + 1, kind == SIGNED);
}

static int refuse_locked(const Flag *flag, const char *what, const char *switch_name)
{
    int size = (int)flag->name_size;
    return machine_refuse("Error: VM option '%.*s' is %s and must be enabled via -XX:+%s.\n"
                          "Error: The unlock option must precede '%.*s'.\n", size, flag->word, what, switch_name, size, flag->word);
}

static int check(const JavaCommand *command, const Flag *flag, const FlagGroup *group)
{
    if (group->lock == DIAGNOSTIC && !command->unlocked_diagnostic)
        return refuse_locked(flag, "diagnostic", "UnlockDiagnosticVMOptions");
    if (group->lock == EXPERIMENTAL && !command->unlocked_experimental)
        return refuse_locked(flag, "experimental", "UnlockExperimentalVMOptions");
    if (group->kind == SWITCH && flag->sign == 0)
        return machine_refuse("Missing +/- setting for VM option '%s'\n", flag->word);
    if (group->kind != SWITCH && flag->sign != 0)
        return machine_refuse("Unexpected +/- setting in VM option '%s'\n", flag->word);
    if (!has_good_value(flag, group->kind))
        return machine_refuse("Improperly specified VM option '%s'\n", flag->word);
    return group->kind == SWITCH || group->kind == TEXT ? GO_ON : machine_range(flag->word, flag->name_size);
}

static bool warn_deprecated(const Flag *flag)
{
    for (size_t i = 0; i < COUNT_OF(deprecated); i++) {
        if (!is_named(flag, deprecated[i].name))
            continue;
        fprintf(stderr, "OpenJDK 64-Bit Server VM warning: Option %s was deprecated in version %s and will likely be removed "
                        "in a future release.%s%s%s\n", deprecated[i].name, deprecated[i].version,
                deprecated[i].instead != NULL ? " Use option " : "", deprecated[i].instead != NULL ? deprecated[i].instead : "",
                deprecated[i].instead != NULL ? " instead." : "");
        return deprecated[i].instead != NULL;
    }
    return false;
}

/* ---- the flags that mean something ---- */

static int read_option_file(JavaCommand *command, const char *path)
{
    TextList words = {0};
    bool opened = false;
    int status = GO_ON;

    if (!split_option_file(path, &words, &opened))
        status = opened ? machine_refuse("Unmatched quote in %s\n", path)
                        : machine_refuse("Could not open options file '%s'\n", path);
    for (size_t i = 0; i < words.count && status == GO_ON; i++)
        status = machine_option(command, words.items[i]);
    array_free(&words);
    return status;
}

static int read_stack_size(JavaCommand *command, const char *word, const char *text)
{
    size_t kilobytes;

    if (!parse_size(text, &kilobytes) || kilobytes > (1u << 20))
        return machine_refuse("Improperly specified VM option '%s'\n", word);
    return machine_stack_size(command, word, kilobytes << 10);
}

static void set_direct_memory(JavaCommand *command, const char *text)
{
    size_t bytes;
    char number[24];

    (void)parse_size(text, &bytes);
    snprintf(number, sizeof number, "%zu", bytes);
    java_command_property(command, "sun.nio.MaxDirectMemorySize", number);
}

/* Given more than once, all are run. */
static void add_memory_command(JavaCommand *command, const char *text)
{
    const char *before = command->java.memory_command;
    size_t size = strlen(text) + (before != NULL ? strlen(before) + 2 : 1);
    char *both = text[0] != 0 ? memory_allocate(size) : NULL;

    if (both == NULL)
        return;
    snprintf(both, size, "%s%s%s", before != NULL ? before : "", before != NULL ? "\n" : "", text);
    command->java.memory_command = both;
}

/* ---- collectors: there is one here, whichever is chosen ---- */

static const char *const collectors[] = {"UseSerialGC", "UseG1GC", "UseParallelGC", "UseEpsilonGC", "UseShenandoahGC", "UseZGC"};
#define COLLECTOR_SERIAL 1u
#define COLLECTOR_G1 2u
#define SERVER_BYTES (1792ull << 20) /* HotSpot chooses G1 where there are two processors and so much memory */

static void choose_collector(JavaCommand *command, const Flag *flag)
{
    for (unsigned i = 0; i < COUNT_OF(collectors); i++) {
        if (!is_named(flag, collectors[i]))
            continue;
        command->collectors &= ~(1u << i);
        command->collectors_off &= ~(1u << i);
        *(flag->sign == '+' ? &command->collectors : &command->collectors_off) |= 1u << i;
    }
}

static unsigned usual_collector(const JavaCommand *command)
{
    unsigned processors = command->options.processors != 0 ? command->options.processors : (unsigned)os_processor_count();
    return processors >= 2 && os_memory_physical() >= SERVER_BYTES ? COLLECTOR_G1 : COLLECTOR_SERIAL;
}

int machine_check_collectors(const JavaCommand *command)
{
    unsigned chosen = command->collectors;

    if ((chosen & (chosen - 1)) != 0)
        return machine_refuse_start("Multiple garbage collectors selected");
    if (chosen == 0 && command->collectors_off != 0 && command->collectors_off & usual_collector(command))
        return machine_refuse_start("Garbage collector not selected (default collector explicitly disabled)");
    return GO_ON;
}

static void read_known_switch(JavaCommand *command, const Flag *flag)
{
    bool on = flag->sign == '+';

    choose_collector(command, flag);
    if (is_named(flag, "UnlockDiagnosticVMOptions"))
        command->unlocked_diagnostic = on;
    else if (is_named(flag, "UnlockExperimentalVMOptions"))
        command->unlocked_experimental = on;
    else if (is_named(flag, "MaxFDLimit"))
        command->options.keep_file_limit = !on;
    else if (is_named(flag, "ReduceSignalUsage"))
        command->options.reduce_signals = on;
    else if (is_named(flag, "CrashOnOutOfMemoryError"))
        command->java.memory_aborts = on;
    else if (is_named(flag, "ExitOnOutOfMemoryError"))
        command->java.memory_exits = on;
    else if (is_named(flag, "PrintGC") || is_named(flag, "PrintGCDetails"))
        command->options.log_collections = on;
}

static int read_known(JavaCommand *command, const Flag *flag)
{
    const char *value = flag->rest[0] != 0 ? flag->rest + 1 : "";

    if (flag->sign != 0)
        read_known_switch(command, flag);
    else if (is_named(flag, "ThreadStackSize"))
        return read_stack_size(command, flag->word, value);
    else if (is_named(flag, "InitialHeapSize"))
        (void)parse_size(value, &command->initial_heap_bytes);
    else if (is_named(flag, "NewSize"))
        (void)parse_size(value, &command->options.eden_bytes);
    else if (is_named(flag, "MaxDirectMemorySize"))
        set_direct_memory(command, value);
    else if (is_named(flag, "OnOutOfMemoryError"))
        add_memory_command(command, value);
    else if (is_named(flag, "MaxRAM"))
        (void)parse_size(value, &command->ram.bytes);
    else if (is_named(flag, "MaxRAMPercentage"))
        command->ram.percent = strtod(value, NULL);
    else if (is_named(flag, "MinRAMPercentage"))
        command->ram.percent_of_small = strtod(value, NULL);
    else if (is_named(flag, "MaxRAMFraction"))
        command->ram.percent = 100.0 / strtod(value, NULL);
    else if (is_named(flag, "ActiveProcessorCount"))
        command->options.processors = atoi(value) > 0 ? (unsigned)atoi(value) : 0;
    else if (is_named(flag, "SharedArchiveFile") && file_kind(value) == FILE_CORACLE)
        command->options.image = value;
    return GO_ON;
}

int machine_flag(JavaCommand *command, const char *word)
{
    Flag flag = split(word);
    const FlagGroup *group;
    int status;

    if (starts_with(word, "MaxHeapSize=") || starts_with(word, "Flags=") || starts_with(word, "VMOptionsFile=")) {
        const char *value = strchr(word, '=') + 1;
        char whole[512];
        if (word[0] == 'V')
            return read_option_file(command, value);
        if (word[0] == 'F')
            return file_kind(value) != FILE_NONE ? GO_ON : machine_refuse("Could not open settings file %s\n", value);
        snprintf(whole, sizeof whole, "-XX:%s", word);
        return machine_heap_size(command, whole, value);
    }
    if (starts_with(word, "StartFlightRecording"))
        return machine_refuse("Flight Recorder is not supported: %s\n", word);
    if (warn_deprecated(&flag))
        return GO_ON;
    group = find(&flag);
    if (group == NULL)
        return command->ignore_unknown ? GO_ON : refuse_unknown(&flag);
    status = check(command, &flag, group);
    return status != GO_ON ? status : read_known(command, &flag);
}
