/* ffi.h - calls from guest code to C functions, and back.
 *
 * A guest declares a function: library, symbol, signature, mode. It is looked up at its first call and called through
 * a trampoline with its arguments as 64-bit words, in the form that registers of the machine have:
 * integers extended to 64 bits, float as its 32 bits, double as its 64 bits, pointers as addresses.
 * What is opened here belongs to this process only; no image holds any of it.
 *
 * A signature in text: "i32,ptr,i64->i32". Types: void bool i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr, and structs by
 * value "{i32,f64}". "..." parts the fixed arguments of a variadic function from the others: "ptr,...,i32->i32". */
#ifndef FFI_FFI_H
#define FFI_FFI_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/result.h"

typedef enum FfiType {
    FFI_T_VOID, FFI_T_BOOL, FFI_T_I8, FFI_T_U8, FFI_T_I16, FFI_T_U16, FFI_T_I32, FFI_T_U32,
    FFI_T_I64, FFI_T_U64, FFI_T_F32, FFI_T_F64, FFI_T_POINTER, FFI_T_STRUCT,
} FfiType;

typedef enum FfiMode {
    FFI_LEAF,        /* short, never waits: no safepoint, may take addresses inside heap arrays */
    FFI_BLOCKING,    /* may wait; a freeze interrupts it (EINTR) and takes its real outcome */
    FFI_MUST_FINISH, /* may wait; a freeze waits for it, up to a limit */
    FFI_ABANDONABLE, /* may wait; thawed with its declared failure value */
} FfiMode;

#define FFI_ARGUMENT_LIMIT 32
#define FFI_TEXT_LIMIT 256

typedef struct FfiTypes {
    uint8_t result;                           /* FfiType */
    uint8_t count;                            /* of arguments */
    uint8_t fixed_count;                      /* before "...": = count unless variadic */
    bool is_variadic;
    uint8_t arguments[FFI_ARGUMENT_LIMIT];    /* FfiType */
} FfiTypes;

/* Types, and the text that tells more of structs; empty when it comes from a descriptor, which has none. */
typedef struct FfiSignature {
    FfiTypes types;
    uint16_t struct_at[FFI_ARGUMENT_LIMIT + 1]; /* where in text a struct's '{' is; [FFI_ARGUMENT_LIMIT]: the result's */
    char text[FFI_TEXT_LIMIT];
} FfiSignature;

Result ffi_signature_parse(FfiSignature *signature, const char *text);
/* From a Java method descriptor: "(I[BJ)I" is "i32,ptr,i64->i32". Arrays are pointers to their elements; other
 * references are not C's (ERROR_UNSUPPORTED). */
Result ffi_signature_parse_descriptor(FfiSignature *signature, const char *descriptor);
/* "leaf", "blocking", "must-finish", "abandonable" (any case, '_' as '-'). */
Result ffi_mode_parse(FfiMode *mode, const char *text);

/* ---- functions ---- */

typedef struct FfiFunction FfiFunction;

/* library: "c" or "" the program's own C library, "m", "z", a file name; "coracle": functions of the machine (ffi_builtin_add);
 * "fact": a platform fact (platform_facts.h) as a function without arguments. symbol "*": the first argument is the
 * function's address. The strings are copied. */
Result ffi_function_open(FfiFunction **function, const char *library, const char *symbol,
                         const FfiSignature *signature, FfiMode mode);
void ffi_function_close(FfiFunction *function);
/* Looks the symbol up; ERROR_NOT_FOUND names it. Done by the caller before the first call; idempotent, any thread. */
Result ffi_function_bind(FfiFunction *function);

/* The part that callers may look at. */
struct FfiFunction {
    void (*invoke)(const FfiFunction *function, const uint64_t *arguments, uint64_t *result);
    void *_Atomic address; /* NULL until bound */
    FfiMode mode;
    bool leaves_errno; /* a function of the machine: the errno of the call before stays readable */
    FfiTypes types;
};

static inline bool ffi_function_is_bound(const FfiFunction *function) { return function->address != NULL; }

/* Calls a bound function and captures errno into the thread's FfiThread. *result is extended by its type (0 for void).
 * A struct argument is given as the address of its bytes; a struct result goes to the address in *result. */
static inline void ffi_invoke(const FfiFunction *function, const uint64_t *arguments, uint64_t *result)
{
    function->invoke(function, arguments, result);
}

/* ---- what belongs to a thread: plain data, part of the owner's thread record, saved with it ---- */

typedef struct FfiThread {
    int32_t error;          /* errno after the last call */
    uint32_t staging_size;  /* of the staging buffer */
    uint64_t staging;       /* address in native memory; 0 none yet */
} FfiThread;
_Static_assert(sizeof(FfiThread) == 16, "part of thread records in images");

/* From now on the calling thread's calls use this record. Without it they use one that no image holds. NULL: back to that. */
void ffi_thread_attach(FfiThread *record);
FfiThread *ffi_thread_current(void);
/* Did the calling thread's last call, which gave this result, end because a signal came before it had done anything? */
bool ffi_call_was_interrupted(uint64_t result);
void ffi_thread_finish(FfiThread *record); /* frees the staging buffer */
/* Native memory of at least `size` bytes, until this thread's next call of it; NULL: no memory. */
void *ffi_stage(size_t size);

/* ---- functions of the machine, callable as library "coracle" ---- */

/* Of static lifetime: name and function. For the start of the process, before guests run. */
Result ffi_builtin_add(const char *name, void (*function)(void)); /* beside those of builtin.c */

/* ---- callbacks: C addresses that call back ---- */

typedef struct FfiCallback FfiCallback;
/* Arguments come, and the result goes, as 64-bit words as above. Runs on the C stack of whatever thread calls. */
typedef void (*FfiHandler)(void *context, const uint64_t *arguments, uint64_t *result);

Result ffi_callback_open(FfiCallback **callback, const FfiSignature *signature, FfiHandler handler, void *context);
void *ffi_callback_address(const FfiCallback *callback);
void ffi_callback_close(FfiCallback *callback);

#endif
