/* explain.h - `coracle explain`: counts while a Java program runs, and tells them when it ends. */
#ifndef VM_EXPLAIN_H
#define VM_EXPLAIN_H

#include <stdint.h>
#include <stdio.h>

#include "coracle.h"
#include "run/watch.h"

/* Counts of many methods, and of one. */
typedef struct ExplainCounts {
    WatchedMethod *methods; /* those with bytecode, most bytecodes first; then the native ones */
    size_t count, native_count;
    WatchedMethod total, natives; /* sums of both kinds */
} ExplainCounts;

/* Before the machine is opened; *explain is kept. */
void vm_request_explain(const CoracleExplain *explain);
/* What must be watched for it (enum Watch); 0 if nothing was requested. */
uint32_t vm_arm_explain(void);

/* What operands of both kinds come to. */
static inline uint64_t explain_reads(const uint64_t *work)
{
    return work[WORK_POPS] + work[WORK_READS];
}
static inline uint64_t explain_writes(const uint64_t *work)
{
    return work[WORK_PUSHES] + work[WORK_WRITES];
}

void explain_write_table(FILE *file, const ExplainCounts *counts, size_t rows);
void explain_write_chart(FILE *file, const ExplainCounts *counts, size_t rows);

#endif
