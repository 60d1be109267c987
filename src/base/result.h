/* result.h - outcomes of functions that may fail, and the message that goes with a failure.
 *
 * A function returns OK or says why not; the text for people is kept per thread:
 *     return error_set(ERROR_FORMAT, "%s: bad magic", path);
 * TRY leaves the function at `done:` when a step fails; `result` then holds the failure. */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

typedef enum Result {
    OK = 0,
    ERROR_MEMORY,      /* the host has no more */
    ERROR_IO,          /* the host refused or failed; the message has its words */
    ERROR_FORMAT,      /* input that breaks its format */
    ERROR_NOT_FOUND,   /* no such file, class, symbol, entry */
    ERROR_LIMIT,       /* a limit of the machine or of the user's options */
    ERROR_UNSUPPORTED, /* well-formed, but not something this build does */
    ERROR_STATE,       /* not now: busy, closed, interrupted, taken */
    ERROR_ARGUMENT,    /* the caller's or the user's request makes no sense */
    ERROR_TIMEOUT,     /* the time given is over */
    RESULT_COUNT
} Result;

/* Keeps the message for this thread and returns `kind`, so that it can be returned in one line. */
__attribute__((format(printf, 2, 3))) Result error_set(Result kind, const char *format, ...);

/* Puts "prefix: " before the current message: for saying where, on the way out. Returns `kind`. */
__attribute__((format(printf, 2, 3))) Result error_prefix(Result kind, const char *format, ...);

/* The last message of this thread; "" if there was none. Valid until the thread's next error. */
const char *error_message(void);
void error_clear(void);

/* "OK", "MEMORY", "IO" ... */
const char *result_name(Result result);

#define TRY(expression)                \
    do {                               \
        result = (expression);         \
        if (result != OK) goto done;   \
    } while (0)

#endif
