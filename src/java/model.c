/* model.c - readers of the class model: constant pools, methods' code, line numbers, constants. */
#include "java/classfile.h"

#include <string.h>

/* ---- constant pool ---- */

static uint32_t cell_low(const JavaClass *class, unsigned i)
{
    return (uint32_t)__atomic_load_n(java_pool_cell(class, i), __ATOMIC_RELAXED); /* the other half may be set just now */
}

SymbolRef java_pool_class_name(const JavaClass *class, unsigned i)
{
    return cell_low(class, i);
}

SymbolRef java_pool_string(const JavaClass *class, unsigned i)
{
    return cell_low(class, i);
}

SymbolRef java_pool_method_type(const JavaClass *class, unsigned i)
{
    return cell_low(class, i);
}

int32_t java_pool_int(const JavaClass *class, unsigned i)
{
    return (int32_t)cell_low(class, i);
}

uint32_t java_pool_float_bits(const JavaClass *class, unsigned i)
{
    return cell_low(class, i);
}

uint64_t java_pool_long(const JavaClass *class, unsigned i)
{
    return *java_pool_cell(class, i);
}

JavaReference java_pool_reference(const JavaClass *class, unsigned i)
{
    uint32_t cell = cell_low(class, i);
    uint64_t pair = *java_pool_cell(class, cell >> 16);
    uint8_t tag = java_pool_tag(class, i);
    JavaReference reference = {.name = (SymbolRef)pair, .descriptor = (SymbolRef)(pair >> 32)};

    if (tag == CONSTANT_DYNAMIC || tag == CONSTANT_INVOKE_DYNAMIC) {
        reference.bootstrap = (uint16_t)cell;
    } else {
        reference.class_cp = (uint16_t)cell;
        reference.class_name = java_pool_class_name(class, reference.class_cp);
    }
    return reference;
}

unsigned java_pool_handle(const JavaClass *class, unsigned i, unsigned *member_cp)
{
    uint32_t cell = cell_low(class, i);
    *member_cp = cell >> 16;
    return cell & 0xffff;
}

int java_pool_slot(const JavaClass *class, unsigned i)
{
    uint16_t slot = ARENA(const uint16_t, class->cp_slots)[i];
    return slot == 0xffff ? -1 : slot;
}

void java_pool_set_resolved(JavaClass *class, unsigned i, uint32_t resolved)
{
    uint64_t *cell = java_pool_cell(class, i);
    uint64_t before = __atomic_load_n(cell, __ATOMIC_ACQUIRE);

    while (before >> 32 == 0) {
        uint64_t after = before | (uint64_t)resolved << 32;
        if (__atomic_compare_exchange_n(cell, &before, after, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
            return;
    }
}

JavaCallSite *java_call_site(uint32_t method, uint32_t pc)
{
    const JavaClass *class = java_method_holder(java_method_at(method));
    JavaCallSite *sites = ARENA(JavaCallSite, class->call_sites);
    uint32_t low = 0, high = class->call_site_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        JavaCallSite *site = &sites[middle];
        if (site->method == method && site->pc == pc)
            return site;
        if (site->method < method || (site->method == method && site->pc < pc))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- the constants object ---- */

Value java_constant(uint32_t class_index, int slot)
{
    uint32_t root = class_at(class_index)->constants_root;
    return slot < 0 || root == 0 ? 0 : array_element(heap_root(root), (uint64_t)slot);
}

Value java_constant_set(uint32_t class_index, int slot, Value value)
{
    Value constants = heap_root(class_at(class_index)->constants_root), before = 0;
    Value *place = (Value *)object_at(constants, ARRAY_BASE_OFFSET + 8 * (uint64_t)slot);

    if (!__atomic_compare_exchange_n(place, &before, value, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        return before;
    heap_mark_card(place);
    return value;
}

/* ---- code ---- */

JavaCode java_method_code(const JavaMethod *method)
{
    const uint8_t *bytes = java_class_bytes(java_method_holder(method));
    JavaCode code = {0};

    if (method->code_offset == 0)
        return code;
    code.max_stack = method->max_stack;
    code.max_locals = method->max_locals;
    code.length = method->code_length;
    code.bytes = bytes + method->code_offset;
    code.exception_count = read_be16(code.bytes + code.length);
    code.exceptions = code.bytes + code.length + 2;
    return code;
}

int java_method_line(const JavaMethod *method, uint32_t pc)
{
    int line = -1;
    uint32_t best = 0;

    if (method->access_flags & ACCESS_NATIVE)
        return -2;
    if (method->line_numbers == 0)
        return -1;
    const uint8_t *table = java_class_bytes(java_method_holder(method)) + method->line_numbers;
    unsigned count = read_be16(table);
    for (unsigned i = 0; i < count; i++) { /* the entry that starts last at or before pc */
        unsigned start = read_be16(table + 2 + 4 * i);
        if (start <= pc && (line < 0 || start >= best)) {
            best = start;
            line = read_be16(table + 4 + 4 * i);
        }
    }
    return line;
}

void java_method_argument_references(const JavaMethod *method, uint8_t *bits)
{
    java_descriptor_references(symbol_text(method->descriptor), !(method->access_flags & ACCESS_STATIC), bits);
}

const uint8_t *java_attribute(const JavaClass *class, uint32_t offset, uint32_t *size)
{
    const uint8_t *contents = java_class_bytes(class) + offset;
    *size = read_be32(contents - 4);
    return contents;
}

/* ---- signature-polymorphic methods ---- */

static const char *const var_handle_methods[] = {
    "compareAndExchange", "compareAndExchangeAcquire", "compareAndExchangeRelease", "compareAndSet", "get", "getAcquire",
    "getAndAdd", "getAndAddAcquire", "getAndAddRelease", "getAndBitwiseAnd", "getAndBitwiseAndAcquire",
    "getAndBitwiseAndRelease", "getAndBitwiseOr", "getAndBitwiseOrAcquire", "getAndBitwiseOrRelease", "getAndBitwiseXor",
    "getAndBitwiseXorAcquire", "getAndBitwiseXorRelease", "getAndSet", "getAndSetAcquire", "getAndSetRelease", "getOpaque",
    "getVolatile", "set", "setOpaque", "setRelease", "setVolatile", "weakCompareAndSet", "weakCompareAndSetAcquire",
    "weakCompareAndSetPlain", "weakCompareAndSetRelease"};

bool java_is_var_handle_access(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(var_handle_methods); i++)
        if (strlen(var_handle_methods[i]) == length && memcmp(var_handle_methods[i], name, length) == 0)
            return true;
    return false;
}

enum JavaPolymorphic java_polymorphic_kind(SymbolRef class_name, SymbolRef method_name)
{
    const JavaWorld *world = java_world();

    if (class_name == world->wellknown_names[JAVA_CLASS_METHOD_HANDLE]) {
        static const struct {
            uint8_t symbol, kind;
        } kinds[] = {{SYMBOL_INVOKE, POLYMORPHIC_INVOKE}, {SYMBOL_INVOKE_EXACT, POLYMORPHIC_INVOKE_EXACT},
                     {SYMBOL_INVOKE_BASIC, POLYMORPHIC_INVOKE_BASIC}, {SYMBOL_LINK_TO_VIRTUAL, POLYMORPHIC_LINK_TO_VIRTUAL},
                     {SYMBOL_LINK_TO_STATIC, POLYMORPHIC_LINK_TO_STATIC}, {SYMBOL_LINK_TO_SPECIAL, POLYMORPHIC_LINK_TO_SPECIAL},
                     {SYMBOL_LINK_TO_INTERFACE, POLYMORPHIC_LINK_TO_INTERFACE}, {SYMBOL_LINK_TO_NATIVE, POLYMORPHIC_LINK_TO_NATIVE}};
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            if (world->symbols[kinds[i].symbol] == method_name)
                return (enum JavaPolymorphic)kinds[i].kind;
    } else if (class_name == world->wellknown_names[JAVA_CLASS_VAR_HANDLE]) {
        if (java_is_var_handle_access(symbol_text(method_name), symbol_length(method_name)))
            return POLYMORPHIC_VAR_HANDLE;
    }
    return POLYMORPHIC_NONE;
}
