/* explain.c - what `coracle explain` counts, and the table of it. */
#include "vm/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "java/java.h"
#include "run/run.h"

static const CoracleExplain *request;

/* ---- collecting ---- */

static void add(WatchedMethod *sum, const WatchedMethod *method)
{
    sum->calls += method->calls;
    sum->guest_bytes += method->guest_bytes;
    sum->machine_bytes += method->machine_bytes;
    for (int kind = 0; kind < WORK_KINDS; kind++) {
        sum->guest[kind] += method->guest[kind];
        sum->machine[kind] += method->machine[kind];
    }
}

static int by_bytecodes(const void *a, const void *b)
{
    const WatchedMethod *x = a, *y = b;

    if ((x->guest_bytes == 0) != (y->guest_bytes == 0))
        return x->guest_bytes == 0 ? 1 : -1;
    if (x->guest[WORK_INSTRUCTIONS] != y->guest[WORK_INSTRUCTIONS])
        return x->guest[WORK_INSTRUCTIONS] < y->guest[WORK_INSTRUCTIONS] ? 1 : -1;
    return strcmp(x->name, y->name);
}

static Result collect(ExplainCounts *counts)
{
    WatchedMethod *methods = NULL;
    size_t all;
    Result result;

    TRY(run_watch_methods(&methods, &all));
    for (size_t i = 0; i < all; i++) {
        bool is_native = methods[i].guest_bytes == 0;
        add(is_native ? &counts->natives : &counts->total, &methods[i]);
        *(is_native ? &counts->native_count : &counts->count) += 1;
    }
    qsort(methods, all, sizeof *methods, by_bytecodes);
    counts->methods = methods;
done:
    return result;
}

/* ---- the table ---- */

static double ratio(uint64_t machine, uint64_t guest)
{
    return guest == 0 ? 0 : (double)machine / (double)guest;
}

/* What one side did: instructions, dispatches, operands read and written. */
static void write_side(FILE *file, const uint64_t *work)
{
    fprintf(file, " %12llu %12llu %12llu %12llu", (unsigned long long)work[WORK_INSTRUCTIONS],
            (unsigned long long)work[WORK_DISPATCHES], (unsigned long long)explain_reads(work),
            (unsigned long long)explain_writes(work));
}

static void write_row(FILE *file, const WatchedMethod *method)
{
    fprintf(file, "%10llu", (unsigned long long)method->calls);
    write_side(file, method->guest);
    write_side(file, method->machine);
    fprintf(file, " %6.2f %10llu  %s\n", ratio(method->machine[WORK_INSTRUCTIONS], method->guest[WORK_INSTRUCTIONS]),
            (unsigned long long)method->guest[WORK_ALLOCATIONS], method->name);
}

static void write_sum(FILE *file, const char *what, uint64_t guest, uint64_t machine)
{
    fprintf(file, "%-34s %16llu %16llu %10.2f\n", what, (unsigned long long)guest, (unsigned long long)machine, ratio(machine, guest));
}

static void write_sums(FILE *file, const ExplainCounts *counts)
{
    const WatchedMethod *total = &counts->total;
    const uint64_t *guest = total->guest, *machine = total->machine;

    fprintf(file, "\n%-34s %16s %16s %10s\n", "total", "stack bytecode", "register code", "ratio");
    write_sum(file, "instructions executed", guest[WORK_INSTRUCTIONS], machine[WORK_INSTRUCTIONS]);
    write_sum(file, "dispatches", guest[WORK_DISPATCHES], machine[WORK_DISPATCHES]);
    write_sum(file, "operands read", explain_reads(guest), explain_reads(machine));
    write_sum(file, "  from the operand stack", guest[WORK_POPS], machine[WORK_POPS]);
    write_sum(file, "  from locals, or registers", guest[WORK_READS], machine[WORK_READS]);
    write_sum(file, "operands written", explain_writes(guest), explain_writes(machine));
    write_sum(file, "  to the operand stack", guest[WORK_PUSHES], machine[WORK_PUSHES]);
    write_sum(file, "  to locals, or registers", guest[WORK_WRITES], machine[WORK_WRITES]);
    write_sum(file, "calls made", guest[WORK_CALLS], machine[WORK_CALLS]);
    write_sum(file, "allocations", guest[WORK_ALLOCATIONS], machine[WORK_ALLOCATIONS]);
    write_sum(file, "bytes of instructions executed", guest[WORK_BYTES], machine[WORK_BYTES]);
    write_sum(file, "bytes of the methods' code", total->guest_bytes, total->machine_bytes);
    fprintf(file, "\n%zu methods with bytecode were called %llu times, %zu native ones %llu times with %llu register instructions\n"
                  "of their own.\n",
            counts->count, (unsigned long long)total->calls, counts->native_count, (unsigned long long)counts->natives.calls,
            (unsigned long long)counts->natives.machine[WORK_INSTRUCTIONS]);
}

void explain_write_table(FILE *file, const ExplainCounts *counts, size_t rows)
{
    size_t shown = rows == 0 || rows > counts->count ? counts->count : rows;

    fprintf(file, "%10s %51s %51s\n", "", "stack bytecode: operands", "register code: operands");
    fprintf(file, "%10s %12s %12s %12s %12s %12s %12s %12s %12s %6s %10s  %s\n", "calls", "executed", "dispatches", "read",
            "written", "executed", "dispatches", "read", "written", "ratio", "allocated", "method");
    for (size_t i = 0; i < shown; i++) write_row(file, &counts->methods[i]);
    if (shown < counts->count)
        fprintf(file, "... and %zu methods more\n", counts->count - shown);
    write_sums(file, counts);
}

/* Native methods too. rows does not count. */
static void write_values(FILE *file, const ExplainCounts *counts, size_t rows)
{
    static const char *const kinds[] = {"instructions", "dispatches", "pops", "pushes", "reads", "writes", "calls", "allocations", "bytes"};
    _Static_assert(sizeof kinds / sizeof *kinds == WORK_KINDS, "a name for each");

    fputs("method\tentered\tbytecode_size\tregister_size", file);
    for (int side = 0; side < 2; side++)
        for (int kind = 0; kind < WORK_KINDS; kind++) fprintf(file, "\t%s_%s", side == 0 ? "stack" : "register", kinds[kind]);
    for (size_t i = 0; i < counts->count + counts->native_count; i++) {
        const WatchedMethod *method = &counts->methods[i];
        fprintf(file, "\n%s\t%llu\t%u\t%u", method->name, (unsigned long long)method->calls, method->guest_bytes, method->machine_bytes);
        for (int kind = 0; kind < 2 * WORK_KINDS; kind++)
            fprintf(file, "\t%llu", (unsigned long long)(kind < WORK_KINDS ? method->guest[kind] : method->machine[kind - WORK_KINDS]));
    }
    fputc('\n', file);
}

/* ---- at the end ---- */

/* path NULL: standard error. */
static void write_to(const char *path, void (*write)(FILE *, const ExplainCounts *, size_t), const ExplainCounts *counts, size_t rows)
{
    FILE *file = path == NULL ? stderr : fopen(path, "w");

    if (file == NULL) {
        fprintf(stderr, "coracle: %s cannot be written\n", path);
        return;
    }
    write(file, counts, rows);
    if (path != NULL)
        fclose(file);
}

static void tell(Thread *thread)
{
    ExplainCounts counts = {0};

    fflush(stdout);
    run_stop_world(thread);
    if (collect(&counts) != OK) {
        fprintf(stderr, "coracle: %s\n", error_message());
    } else {
        write_to(request->table, explain_write_table, &counts, request->rows);
        if (request->chart != NULL)
            write_to(request->chart, explain_write_chart, &counts, request->rows);
        if (request->values != NULL)
            write_to(request->values, write_values, &counts, 0);
    }
    memory_free(counts.methods);
    run_resume_world(thread);
}

void vm_request_explain(const CoracleExplain *explain)
{
    request = explain;
}

uint32_t vm_arm_explain(void)
{
    if (request == NULL)
        return 0;
    java_set_at_end(tell);
    return WATCH_COUNT | (request->trace ? WATCH_FIRST_CALLS : 0);
}
