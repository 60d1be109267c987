/* freeze_call.c - coracle.Image.freeze: the guest asks, then passes safepoints until the freeze has happened at one.
 *
 * So the guest's call is never in progress in an image: its thread stands between two instructions after it asked, in this
 * process and in the thawed one, which knows itself by another generation. */
#include "vm/freeze_call.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ffi/ffi.h"
#include "run/freeze.h"
#include "vm/vm_image.h"

enum { PENDING, WRITTEN, FAILED };

static char path[4096] LARGE_STATIC;
static char message[1024] LARGE_STATIC;
static atomic_int state;

static void freeze_now(Thread *thread)
{
    Result result = vm_freeze(thread, path);

    if (result != OK)
        snprintf(message, sizeof message, "%s", error_message());
    atomic_store(&state, result == OK ? WRITTEN : FAILED);
}

/* The guest lets only one thread at a time come here. false: the path is too long. */
static bool request(const char *to)
{
    if (strlen(to) >= sizeof path)
        return false;
    snprintf(path, sizeof path, "%s", to);
    atomic_store(&state, PENDING);
    run_freeze_at_safepoint(1, freeze_now);
    return true;
}

static int32_t get_state(void)
{
    return atomic_load(&state);
}

static int32_t get_generation(void)
{
    return (int32_t)run_generation();
}

static void get_message(char *bytes, int32_t size)
{
    snprintf(bytes, (size_t)size, "%s", message);
}

Result vm_register_freeze_call(void)
{
    Result result;

    TRY(ffi_builtin_add("freeze_request", (void (*)(void))request));
    TRY(ffi_builtin_add("freeze_state", (void (*)(void))get_state));
    TRY(ffi_builtin_add("freeze_message", (void (*)(void))get_message));
    TRY(ffi_builtin_add("image_generation", (void (*)(void))get_generation));
done:
    return result;
}
