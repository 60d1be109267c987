/* signature.c - signatures from text and from Java descriptors. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "ffi/ffi_internal.h"

static const char *const type_names[] = {"void", "bool", "i8",  "u8",  "i16", "u16", "i32",
                                         "u32",  "i64",  "u64", "f32", "f64", "ptr"};

/* One type at **text, which moves past it. */
static bool parse_type(const char **text, uint8_t *type)
{
    const char *p = *text;

    if (*p == '{') {
        int depth = 0;
        do {
            if (*p == '{') depth++;
            if (*p == '}') depth--;
            if (*p == 0) return false;
            p++;
        } while (depth != 0);
        *text = p;
        *type = FFI_T_STRUCT;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(type_names); i++) {
        size_t length = strlen(type_names[i]);
        if (strncmp(p, type_names[i], length) != 0 || ascii_is_letter_or_digit(p[length])) continue;
        *text = p + length;
        *type = (uint8_t)i;
        return true;
    }
    return false;
}

static Result bad(const char *text)
{
    return error_set(ERROR_FORMAT, "not a C signature: \"%s\"", text);
}

static Result parse_arguments(FfiSignature *signature, const char **text)
{
    FfiTypes *types = &signature->types;
    const char *p = *text;
    bool is_first = true;

    while (strncmp(p, "->", 2) != 0) {
        uint8_t type;
        if (!is_first && *p++ != ',') return bad(signature->text);
        is_first = false;
        if (strncmp(p, "...", 3) == 0) {
            if (types->is_variadic) return bad(signature->text);
            types->is_variadic = true;
            types->fixed_count = types->count;
            p += 3;
            continue;
        }
        if (types->count == FFI_ARGUMENT_LIMIT)
            return error_set(ERROR_LIMIT, "more than %d C arguments: \"%s\"", FFI_ARGUMENT_LIMIT, signature->text);
        signature->struct_at[types->count] = (uint16_t)(p - signature->text);
        if (!parse_type(&p, &type)) return bad(signature->text);
        if (type == FFI_T_VOID && types->count == 0 && strncmp(p, "->", 2) == 0) break;
        if (type == FFI_T_VOID) return bad(signature->text);
        types->arguments[types->count++] = type;
    }
    *text = p + 2;
    return OK;
}

Result ffi_signature_parse(FfiSignature *signature, const char *text)
{
    FfiTypes *types = &signature->types;
    const char *p;
    size_t length = 0;
    Result result;

    memset(signature, 0, sizeof *signature);
    for (p = text; *p != 0; p++) {
        if (ascii_is_space(*p)) continue;
        if (length == FFI_TEXT_LIMIT - 1) return error_set(ERROR_LIMIT, "C signature too long: \"%s\"", text);
        signature->text[length++] = *p;
    }
    p = signature->text;
    TRY(parse_arguments(signature, &p));
    if (!types->is_variadic) types->fixed_count = types->count;
    signature->struct_at[FFI_ARGUMENT_LIMIT] = (uint16_t)(p - signature->text);
    if (!parse_type(&p, &types->result) || *p != 0) result = bad(text);

done:
    return result;
}

/* The C type of one Java type at **p; FFI_T_STRUCT: none. */
static FfiType descriptor_type(const char **p)
{
    switch (*(*p)++) {
    case 'V': return FFI_T_VOID;
    case 'Z': return FFI_T_BOOL;
    case 'B': return FFI_T_I8;
    case 'C': return FFI_T_U16;
    case 'S': return FFI_T_I16;
    case 'I': return FFI_T_I32;
    case 'J': return FFI_T_I64;
    case 'F': return FFI_T_F32;
    case 'D': return FFI_T_F64;
    case '[':
        if (**p == 0 || **p == 'L' || **p == '[') return FFI_T_STRUCT; /* arrays of references are not C's */
        ++*p;
        return FFI_T_POINTER;
    default: return FFI_T_STRUCT;
    }
}

static Result no_signature(const char *descriptor)
{
    return error_set(ERROR_UNSUPPORTED, "no C signature for the descriptor %s", descriptor);
}

Result ffi_signature_parse_descriptor(FfiSignature *signature, const char *descriptor)
{
    FfiTypes *types = &signature->types;
    const char *p = descriptor;
    FfiType type = FFI_T_VOID;

    *types = (FfiTypes){0};
    signature->text[0] = 0;
    if (*p++ != '(') return error_set(ERROR_FORMAT, "not a method descriptor: %s", descriptor);
    while (*p != ')') {
        type = *p == 0 ? FFI_T_STRUCT : descriptor_type(&p);
        if (type == FFI_T_STRUCT || type == FFI_T_VOID) return no_signature(descriptor);
        if (types->count == FFI_ARGUMENT_LIMIT)
            return error_set(ERROR_LIMIT, "more than %d C arguments: %s", FFI_ARGUMENT_LIMIT, descriptor);
        types->arguments[types->count++] = (uint8_t)type;
    }
    types->fixed_count = types->count;
    p++;
    type = descriptor_type(&p);
    if (type == FFI_T_STRUCT || *p != 0) return no_signature(descriptor);
    types->result = (uint8_t)type;
    return OK;
}

Result ffi_mode_parse(FfiMode *mode, const char *text)
{
    static const char *const names[] = {"leaf", "blocking", "must-finish", "abandonable"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t k = 0;
        while (text[k] != 0 && names[i][k] == (text[k] == '_' ? '-' : ascii_lower(text[k]))) k++;
        if (text[k] == 0 && names[i][k] == 0) {
            *mode = (FfiMode)i;
            return OK;
        }
    }
    return error_set(ERROR_ARGUMENT, "\"%s\" is no mode of a C function (leaf, blocking, must-finish, abandonable)", text);
}
