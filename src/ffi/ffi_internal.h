/* ffi_internal.h - between the files of ffi. */
#ifndef FFI_FFI_INTERNAL_H
#define FFI_FFI_INTERNAL_H
#include <stdatomic.h>
#include "ffi/ffi.h"

/* How the processor's C convention hands over arguments, as far as the trampoline cares: so many integer and floating
 * registers, then 8-byte words on the stack in order of the arguments. */
#if defined(__x86_64__)
#define ABI_INTEGER_REGISTERS 6
#define ABI_FLOAT_REGISTERS 8
#define ABI_FLOATS_SPILL_TO_INTEGERS 0
#define ABI_FLOAT_BOX 0
#elif defined(__aarch64__)
#define ABI_INTEGER_REGISTERS 8
#define ABI_FLOAT_REGISTERS 8
#define ABI_FLOATS_SPILL_TO_INTEGERS 0
#define ABI_FLOAT_BOX 0
#elif defined(__riscv) && __riscv_xlen == 64
#define ABI_INTEGER_REGISTERS 8
#define ABI_FLOAT_REGISTERS 8
#define ABI_FLOATS_SPILL_TO_INTEGERS 1
#define ABI_FLOAT_BOX 0xffffffff00000000u
#else
#error "describe this processor's C calling convention here"
#endif

#define STACK_AT (ABI_INTEGER_REGISTERS + ABI_FLOAT_REGISTERS)
#define STACK_SOME 8
#define STACK_MANY 24

typedef struct Function {
    FfiFunction base; /* first: what callers see */
    const char *symbol; /* behind library */
    uint64_t constant;                       /* of a fact */
    uint8_t place[FFI_ARGUMENT_LIMIT];       /* word of the trampoline for each argument */
    uint8_t stack_words;
    bool is_plain;                           /* arguments need no extension: none is narrower than 32 bits or a float */
    uint8_t calls_address;                   /* symbol "*": 1, so arguments begin one later */
    void *slow;                              /* libffi's description */
    char library[];
} Function;

typedef void (*Invoke)(const FfiFunction *function, const uint64_t *arguments, uint64_t *result);

/* The calling thread's record; function.c. */
extern _Thread_local FfiThread ffi_own_record;
extern _Thread_local FfiThread *ffi_attached_record; /* NULL: ffi_own_record */
static inline FfiThread *ffi_record(void)
{
    return ffi_attached_record != NULL ? ffi_attached_record : &ffi_own_record;
}

/* A trampoline for the signature, with `place` and `stack_words` filled; NULL if only libffi can. */
Invoke ffi_choose_trampoline(Function *function);
Result ffi_slow_open(Function *function, const FfiSignature *signature);
void ffi_slow_close(Function *function);
void ffi_invoke_slow(const FfiFunction *function, const uint64_t *arguments, uint64_t *result);

void *ffi_builtin_find(const char *name);
void *ffi_builtin_own(const char *name); /* of builtin.c */

/* A word as a register of the machine has it, out of what C left in a register. */
static inline uint64_t ffi_extend(FfiType type, uint64_t word)
{
    switch (type) {
    case FFI_T_VOID: return 0;
    case FFI_T_BOOL: return (uint8_t)word != 0;
    case FFI_T_I8: return (uint64_t)(int8_t)word;
    case FFI_T_U8: return (uint8_t)word;
    case FFI_T_I16: return (uint64_t)(int16_t)word;
    case FFI_T_U16: return (uint16_t)word;
    case FFI_T_I32: return (uint64_t)(int32_t)word;
    case FFI_T_U32:
    case FFI_T_F32: return (uint32_t)word;
    default: return word;
    }
}

#endif
