/* machine_ranges.c - numbers after -XX:Name= are refused when they are out of the range that HotSpot has for them. */
#include <stdio.h>
#include <stdlib.h>

#include "main/main_internal.h"

typedef struct Range {
    const char *type, *least, *most, *names;
} Range;

static const Range ranges[] = {
#define RANGE(type, least, most, names) {#type, least, most, names},
#include "main/machine_ranges.def"
#undef RANGE
};

/* Those that HotSpot looks at only when it has read all options. */
static bool is_late(const char *name)
{
    static const char *const names[] = {"CompileThresholdScaling=", "MaxTenuringThreshold=", "ReservedCodeCacheSize="};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (starts_with(name, names[i]))
            return true;
    return false;
}

static const Range *find_range(const char *name, size_t size)
{
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        for (const char *at = ranges[i].names; *at != 0; at = strchr(at, ' ') + 1)
            if (strncmp(at, name, size) == 0 && at[size] == ' ')
                return &ranges[i];
    return NULL;
}

/* The value as the message has it; true: it is in the range. */
static bool is_within(const Range *range, const char *value, char *text, size_t size)
{
    size_t number = 0;

    if (strcmp(range->type, "double") == 0) {
        double decimal = strtod(value, NULL);
        snprintf(text, size, "%f", decimal);
        return decimal >= strtod(range->least, NULL) && decimal <= strtod(range->most, NULL);
    }
    (void)parse_size(value + (value[0] == '-'), &number);
    if (range->type[0] == 'i') {
        long long integer = value[0] == '-' ? (long long)(0 - number) : (long long)number;
        snprintf(text, size, "%lld", integer);
        return integer >= strtoll(range->least, NULL, 10) && integer <= strtoll(range->most, NULL, 10);
    }
    snprintf(text, size, "%zu", number);
    return number >= strtoull(range->least, NULL, 10) && number <= strtoull(range->most, NULL, 10);
}

/* A bound as the message has it. */
static const char *bound(const Range *range, const char *text, char *buffer, size_t size)
{
    if (strcmp(range->type, "double") != 0)
        return text;
    snprintf(buffer, size, "%f", strtod(text, NULL));
    return buffer;
}

int machine_range(const char *word, size_t name_size)
{
    const Range *range = find_range(word, name_size);
    char text[400], least[32], most[400];

    if (range == NULL || is_within(range, word + name_size + 1, text, sizeof text))
        return GO_ON;
    fprintf(stderr, "%s %.*s=%s is outside the allowed range [ %s ... %s ]\n", range->type, (int)name_size, word, text,
            bound(range, range->least, least, sizeof least), bound(range, range->most, most, sizeof most));
    return is_late(word) ? machine_cannot_start() : machine_refuse("Improperly specified VM option '%s'\n", word);
}
