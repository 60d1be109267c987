/* bridge.c - runs the machine's guest library on the JDK's own java: binds methods annotated @coracle.ffi.Function to C
 * through src/ffi. So each native can be compared with the JDK's, without the machine. */
#include <jni.h>
#include <string.h>

#include "base/base.h"
#include "ffi/ffi.h"
#include "ffi/native_memory.h"

typedef struct Binding {
    FfiFunction *function;
    FfiSignature signature; /* of the C function, with the JNI environment and the class in front for the stub */
    uint8_t is_array[FFI_ARGUMENT_LIMIT];
    unsigned count;
} Binding;

static JNIEnv *env_of(uint64_t word) { return (JNIEnv *)(uintptr_t)word; }

static void on_call(void *context, const uint64_t *arguments, uint64_t *result)
{
    Binding *binding = context;
    JNIEnv *env = env_of(arguments[0]);
    uint64_t words[FFI_ARGUMENT_LIMIT] = {0};

    for (unsigned i = 0; i < binding->count; i++) {
        words[i] = arguments[i + 2];
        if (binding->is_array[i] && words[i] != 0)
            words[i] = (uintptr_t)(*env)->GetPrimitiveArrayCritical(env, (jarray)(uintptr_t)words[i], NULL);
    }
    ffi_invoke(binding->function, words, result);
    for (unsigned i = 0; i < binding->count; i++)
        if (binding->is_array[i] && words[i] != 0)
            (*env)->ReleasePrimitiveArrayCritical(env, (jarray)(uintptr_t)arguments[i + 2], (void *)(uintptr_t)words[i], 0);
}

/* Marks arrays among the parameters of a descriptor. */
static void note_arrays(Binding *binding, const char *descriptor)
{
    for (const char *p = descriptor + 1; *p != ')'; p++) {
        binding->is_array[binding->count++] = *p == '[';
        if (*p == '[') p++;
    }
}

static Result bind(const char *descriptor, const char *library, const char *symbol, const char *text, void **stub)
{
    Binding *binding = memory_allocate(sizeof *binding);
    FfiSignature plain;
    FfiCallback *callback = NULL;
    Result result;

    note_arrays(binding, descriptor);
    TRY(ffi_signature_parse_descriptor(&plain, descriptor));
    TRY(*text != 0 ? ffi_signature_parse(&binding->signature, text) : ffi_signature_parse_descriptor(&binding->signature, descriptor));
    TRY(ffi_function_open(&binding->function, library, symbol, &binding->signature, FFI_LEAF));
    TRY(ffi_function_bind(binding->function));
    if (plain.types.count + 2 > FFI_ARGUMENT_LIMIT) return error_set(ERROR_LIMIT, "too many arguments: %s", descriptor);
    memmove(plain.types.arguments + 2, plain.types.arguments, plain.types.count);
    plain.types.arguments[0] = plain.types.arguments[1] = FFI_T_POINTER;
    plain.types.count += 2;
    plain.types.fixed_count += 2;
    TRY(ffi_callback_open(&callback, &plain, on_call, binding));
    *stub = ffi_callback_address(callback);
done:
    return result;
}

JNIEXPORT jstring JNICALL Java_NativesTest_bind(JNIEnv *env, jclass self, jclass holder, jstring name, jstring descriptor,
                                                jstring library, jstring symbol, jstring text)
{
    JNINativeMethod method = {0};
    const char *l = (*env)->GetStringUTFChars(env, library, NULL), *s = (*env)->GetStringUTFChars(env, symbol, NULL);
    const char *t = (*env)->GetStringUTFChars(env, text, NULL);

    if (!native_memory_is_open() && native_memory_open() != OK) return (*env)->NewStringUTF(env, error_message());
    method.name = (char *)(uintptr_t)(*env)->GetStringUTFChars(env, name, NULL);
    method.signature = (char *)(uintptr_t)(*env)->GetStringUTFChars(env, descriptor, NULL);
    if (bind(method.signature, l, s, t, &method.fnPtr) != OK) return (*env)->NewStringUTF(env, error_message());
    if ((*env)->RegisterNatives(env, holder, &method, 1) != 0) return (*env)->NewStringUTF(env, "RegisterNatives failed");
    return NULL;
}
