/* canonical.c - frames to canonical frames and back, and a thread's frames as bytes. */
#include "run/canonical.h"

#include <string.h>

#include "base/memory.h"
#include "run/run_internal.h"

unsigned run_canonical_slots(const Frame *frame)
{
    const Code *code = frame->code;

    if (code->flags & CODE_CONTINUATION)
        return run_continuation((uint32_t)frame->fp[CONTINUATION_NUMBER])->state_count;
    return (unsigned)code->local_count + code->stack_count;
}

/* ---- reading ---- */

static void read_register(const Frame *frame, const CodeMap *map, int r, Value *slot, uint8_t *kind)
{
    *slot = frame->fp[r];
    *kind = code_map_is_reference(frame->code, map, r) ? SLOT_REFERENCE : SLOT_RAW;
}

static void read_exception(const Frame *frame, const CodeMap *map, const CodeMapException *exception, Value *slot,
                           uint8_t *kind)
{
    *kind = SLOT_RAW;
    switch ((enum MapKind)exception->kind) {
    case MAP_DEAD:
        *slot = 0;
        *kind = SLOT_DEAD;
        break;
    case MAP_REGISTER:
        read_register(frame, map, exception->value, slot, kind);
        break;
    case MAP_LITERAL:
        *slot = code_literals(frame->code)[(uint16_t)exception->value];
        break;
    case MAP_CONSTANT:
        *slot = (Value)(int64_t)exception->value;
        break;
    case MAP_OBJECT:
        *slot = array_element(heap_root(frame->code->constants_root), (uint16_t)exception->value);
        *kind = SLOT_REFERENCE;
        break;
    }
}

static void read_guest(const Frame *frame, const CodeMap *map, CanonicalFrame *canonical, Value *slots, uint8_t *kinds)
{
    const Code *code = frame->code;
    const CodeMapException *exceptions = code_map_exceptions(code, map);

    for (unsigned i = 0; i < code->local_count; i++)
        read_register(frame, map, code_local_home(code, i), &slots[i], &kinds[i]);
    for (unsigned i = 0; i < map->stack_depth; i++)
        read_register(frame, map, code_stack_home(code, i), &slots[code->local_count + i], &kinds[code->local_count + i]);
    for (unsigned i = 0; i < map->exception_count; i++) {
        unsigned slot = exceptions[i].slot & 0x8000 ? code->local_count + (exceptions[i].slot & 0x7fffu) : exceptions[i].slot;
        read_exception(frame, map, &exceptions[i], &slots[slot], &kinds[slot]);
    }
    canonical->guest_pc = map->guest_pc;
    canonical->stack_count = map->stack_depth;
    canonical->local_count = code->local_count;
}

static void read_stub(const Frame *frame, CanonicalFrame *canonical, Value *slots, uint8_t *kinds)
{
    uint32_t method = (uint32_t)frame->fp[STUB_METHOD];
    unsigned count = frame->code->argument_slots;
    uint8_t bits[32] = {0};

    run_language(method_at(method)->language)->argument_references(method, bits);
    for (unsigned i = 0; i < count; i++) {
        slots[i] = frame->fp[(int)i - (int)count];
        kinds[i] = bits[i / 8] >> i % 8 & 1 ? SLOT_REFERENCE : SLOT_RAW;
    }
    canonical->kind = CANONICAL_STUB;
    canonical->method = method;
    canonical->local_count = (uint16_t)count;
}

static void read_continuation(const Frame *frame, CanonicalFrame *canonical, Value *slots, uint8_t *kinds)
{
    uint32_t number = (uint32_t)frame->fp[CONTINUATION_NUMBER];
    const Continuation *continuation = run_continuation(number);

    for (unsigned i = 0; i < continuation->state_count; i++) {
        slots[i] = frame->fp[CONTINUATION_STATE + i];
        kinds[i] = continuation->reference_mask >> i & 1 ? SLOT_REFERENCE : SLOT_RAW;
    }
    canonical->kind = CANONICAL_CONTINUATION;
    canonical->method = number;
    canonical->before = (frame->fp[CONTINUATION_NUMBER] & CONTINUATION_AGAIN) != 0;
    canonical->local_count = continuation->state_count;
}

bool run_canonical_read(const Frame *frame, CanonicalFrame *canonical, Value *slots, uint8_t *kinds)
{
    const Code *code = frame->code;

    *canonical = (CanonicalFrame){.kind = CANONICAL_GUEST, .before = frame->before, .slots = slots, .kinds = kinds};
    if (code->flags & CODE_CONTINUATION) {
        read_continuation(frame, canonical, slots, kinds);
    } else if (method_is_stub(code)) {
        read_stub(frame, canonical, slots, kinds);
    } else {
        uint32_t word = (uint32_t)(frame->pc - code->words);
        const CodeMap *map = code_find_map(code, word, frame->before);
        if (map == NULL)
            return false;
        canonical->method = code->method;
        canonical->word = word;
        read_guest(frame, map, canonical, slots, kinds);
    }
    return true;
}

/* ---- building ---- */

/* Where the arguments of the next frame begin: the window of the call under way, or above all registers when the
 * machine itself pushes it. */
static Value *next_window(const Thread *thread, bool before)
{
    const Code *code = frame_code(thread->fp);

    if (!before && code->method != 0) {
        uint64_t call = watch_word(thread->pc[-1]);
        uint32_t operation = run_word_operation(code, call);
        if (operation < OPERATION_COUNT && operation_infos[operation].operands[0] == OPERAND_WINDOW)
            return thread->fp + WORD_A(call);
    }
    return thread->fp + code->register_count;
}

static Value *begin_frame(Thread *thread, Value *window, Code *code, unsigned argument_slots)
{
    Value *frame = window + argument_slots;
    const Code *below = frame_code(thread->fp);

    assert(window > thread->fp);
    if (frame + code->register_count > thread->stack_end)
        return NULL;
    frame[FRAME_RETURN] = (Value)(uintptr_t)(below->flags & CODE_CONTINUATION ? below->words : thread->pc);
    frame[FRAME_CALLER] = (Value)(uintptr_t)thread->fp;
    frame[FRAME_CODE] = (Value)(uintptr_t)code;
    thread->fp = frame;
    return frame;
}

/* How well a place of a code takes a canonical frame, whose own code may have been another. What a local is worth is a
 * question of the guest's code alone, so a local that one of them calls dead may be had or not; but a stack slot that is
 * dead in the midst of a guest instruction has been used up, and is so at that place only. */
enum Fit { FIT_NOT, FIT_WITHOUT, FIT }; /* FIT_WITHOUT, of a slot: it is dead, though the map does not say so */

/* Where the map has a slot. */
static CodeMapException slot_place(const Code *code, const CodeMap *map, unsigned slot)
{
    const CodeMapException *exceptions = code_map_exceptions(code, map);
    bool is_local = slot < code->local_count;
    uint16_t name = (uint16_t)(is_local ? slot : 0x8000u | (slot - code->local_count));
    int home = is_local ? code_local_home(code, slot) : code_stack_home(code, slot - code->local_count);

    for (unsigned i = 0; i < map->exception_count; i++)
        if (exceptions[i].slot == name)
            return exceptions[i];
    return (CodeMapException){.slot = name, .kind = MAP_REGISTER, .value = (int16_t)home};
}

static bool is_constant(const Code *code, CodeMapException place, Value value)
{
    switch ((enum MapKind)place.kind) {
    case MAP_LITERAL: return value == code_literals(code)[(uint16_t)place.value];
    case MAP_CONSTANT: return value == (Value)(int64_t)place.value;
    default: return value == array_element(heap_root(code->constants_root), (uint16_t)place.value);
    }
}

/* Null and immediates are raw and references, as the code likes. */
static enum Fit slot_fit(const Code *code, const CodeMap *map, const CanonicalFrame *canonical, unsigned slot, CodeMapException place)
{
    enum Fit without = slot < code->local_count ? FIT_WITHOUT : FIT_NOT;
    uint8_t kind = canonical->kinds[slot];
    Value value = canonical->slots[slot];

    if (kind == SLOT_DEAD || place.kind == MAP_DEAD)
        return kind == SLOT_DEAD && place.kind == MAP_DEAD ? FIT : without;
    if (place.kind != MAP_REGISTER)
        return is_constant(code, place, value) ? FIT : FIT_NOT;
    if (value_is_object(value) && (kind == SLOT_REFERENCE) != code_map_is_reference(code, map, place.value))
        return without;
    return FIT;
}

/* Does another slot that is in the same register want another value there? */
static bool is_disputed(const Code *code, const CodeMap *map, const CanonicalFrame *canonical, unsigned slot, int r)
{
    for (unsigned other = 0; other < (unsigned)canonical->local_count + canonical->stack_count; other++) {
        CodeMapException place = slot_place(code, map, other);
        if (place.kind == MAP_REGISTER && place.value == r && canonical->slots[other] != canonical->slots[slot] &&
            slot_fit(code, map, canonical, other, place) == FIT)
            return true;
    }
    return false;
}

static enum Fit place_fit(const Code *code, const CodeMap *map, const CanonicalFrame *canonical)
{
    const CodeMapException *exceptions = code_map_exceptions(code, map);
    enum Fit worst = FIT;

    if (map->guest_pc != canonical->guest_pc || map->before != canonical->before || map->stack_depth != canonical->stack_count)
        return FIT_NOT;
    for (unsigned slot = 0; slot < (unsigned)canonical->local_count + canonical->stack_count; slot++) {
        enum Fit fit = slot_fit(code, map, canonical, slot, slot_place(code, map, slot));
        worst = fit < worst ? fit : worst;
    }
    for (unsigned i = 0; i < map->exception_count; i++) {
        unsigned slot = exceptions[i].slot & 0x8000 ? code->local_count + (exceptions[i].slot & 0x7fffu) : exceptions[i].slot;
        if (exceptions[i].kind == MAP_REGISTER && slot_fit(code, map, canonical, slot, exceptions[i]) == FIT &&
            is_disputed(code, map, canonical, slot, exceptions[i].value))
            return FIT_NOT;
    }
    return worst;
}

/* The word where the frame stood, if that is the same place in this code; else the one that fits best. */
static const CodeMap *find_place(const Code *code, const CanonicalFrame *canonical)
{
    const CodeMap *exact = code_find_map(code, canonical->word, canonical->before), *found = NULL;
    const CodeMap *maps = code_maps(code);
    enum Fit best = FIT_NOT;

    if (code->local_count != canonical->local_count)
        return NULL;
    if (exact != NULL && place_fit(code, exact, canonical) == FIT)
        return exact;
    for (uint32_t i = 0; i < code->map_count && best != FIT; i++) {
        enum Fit fit = place_fit(code, &maps[i], canonical);
        if (fit > best) {
            best = fit;
            found = &maps[i];
        }
    }
    return found;
}

/* Puts each slot where this code has it. What is dead becomes null: the code may call it a reference. */
static void write_slots(Value *fp, const Code *code, const CodeMap *map, const CanonicalFrame *canonical)
{
    for (int r = -code->argument_slots; r < (int)code->register_count; r++)
        if (r < 0 || r >= FRAME_HEADER)
            fp[r] = 0;
    for (unsigned slot = 0; slot < (unsigned)canonical->local_count + canonical->stack_count; slot++) {
        CodeMapException place = slot_place(code, map, slot);
        if (place.kind == MAP_REGISTER && slot_fit(code, map, canonical, slot, place) == FIT)
            fp[place.value] = canonical->slots[slot];
    }
}

static Result build_guest(Thread *thread, Value *window, const CanonicalFrame *canonical)
{
    Method *method = method_at(canonical->method);
    Code *code = method_entry(canonical->method);
    const CodeMap *map;
    Value *fp;

    if (code->method == 0) {
        if (run_language(method->language)->translate(thread, canonical->method) != OUTCOME_DONE)
            return error_set(ERROR_FORMAT, "a frame's method cannot be translated");
        code = method_entry(canonical->method);
    }
    map = find_place(code, canonical);
    if (map == NULL)
        return error_set(ERROR_FORMAT, "method %u has no place for guest pc %u", canonical->method, canonical->guest_pc);
    fp = begin_frame(thread, window, code, code->argument_slots);
    if (fp == NULL)
        return error_set(ERROR_LIMIT, "the stack is too small for the saved frames");
    write_slots(fp, code, map, canonical);
    thread->pc = code->words + map->word;
    return OK;
}

static Result build_stub(Thread *thread, Value *window, const CanonicalFrame *canonical)
{
    Code *code = method_stub(canonical->local_count);
    Value *fp = begin_frame(thread, window, code, canonical->local_count);

    if (fp == NULL)
        return error_set(ERROR_LIMIT, "the stack is too small for the saved frames");
    memcpy(fp - canonical->local_count, canonical->slots, canonical->local_count * sizeof(Value));
    fp[STUB_METHOD] = canonical->method;
    thread->pc = code->words + 1;
    return OK;
}

static Result build_continuation(Thread *thread, Value *window, const CanonicalFrame *canonical)
{
    Code *code = run_continuation_code(canonical->method);
    Value *fp = begin_frame(thread, window, code, 0);

    if (fp == NULL)
        return error_set(ERROR_LIMIT, "the stack is too small for the saved frames");
    fp[CONTINUATION_NUMBER] = canonical->method | (canonical->before ? CONTINUATION_AGAIN : 0);
    memcpy(fp + CONTINUATION_STATE, canonical->slots, canonical->local_count * sizeof(Value));
    thread->pc = code->words;
    return OK;
}

/* The state of the innermost frame (before or not) decides where the next one's arguments lie. */
static Result build_above(Thread *thread, bool below_before, const CanonicalFrame *canonical)
{
    Value *window = next_window(thread, below_before);

    switch ((enum CanonicalKind)canonical->kind) {
    case CANONICAL_STUB: return build_stub(thread, window, canonical);
    case CANONICAL_CONTINUATION: return build_continuation(thread, window, canonical);
    default: return build_guest(thread, window, canonical);
    }
}

Result run_canonical_build(Thread *thread, const CanonicalFrame *canonical)
{
    return build_above(thread, true, canonical);
}

/* ---- as bytes ---- */

/* The image keeps a continuation by its name. */
static Result save_frame(const CanonicalFrame *frame, Bytes *bytes)
{
    Result result;
    unsigned count = (unsigned)frame->local_count + frame->stack_count;

    TRY(bytes_append_u8(bytes, frame->kind));
    TRY(bytes_append_u8(bytes, frame->before));
    TRY(bytes_append_le16(bytes, frame->local_count));
    TRY(bytes_append_le16(bytes, frame->stack_count));
    if (frame->kind == CANONICAL_CONTINUATION) {
        TRY(bytes_append_string(bytes, run_continuation(frame->method)->name));
    } else {
        TRY(bytes_append_le32(bytes, frame->method));
        TRY(bytes_append_le32(bytes, frame->guest_pc));
        TRY(bytes_append_le32(bytes, frame->word));
    }
    TRY(bytes_append(bytes, frame->kinds, count));
    TRY(bytes_append(bytes, frame->slots, count * sizeof(Value)));
done:
    return result;
}

static Result save_one(const Frame *frame, Bytes *bytes)
{
    Result result;
    unsigned count = run_canonical_slots(frame);
    Value *slots = memory_allocate_array(count, sizeof *slots);
    uint8_t *kinds = memory_allocate_array(count, 1);
    CanonicalFrame canonical;

    result = slots != NULL && kinds != NULL ? OK : error_set(ERROR_MEMORY, "no memory to save a frame");
    if (result == OK && !run_canonical_read(frame, &canonical, slots, kinds))
        result = error_set(ERROR_STATE, "a frame stands where it cannot be saved");
    if (result == OK)
        result = save_frame(&canonical, bytes);
    memory_free(slots);
    memory_free(kinds);
    return result;
}

Result run_canonical_save(Thread *thread, Bytes *bytes)
{
    Result result = OK;
    Frame frame, *frames = NULL;
    uint32_t count = 0;

    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame))
        count++;
    TRY(bytes_append_le32(bytes, count));
    frames = memory_allocate_array(count, sizeof *frames);
    if (frames == NULL)
        TRY(error_set(ERROR_MEMORY, "no memory to save the frames"));
    count = 0;
    for (bool more = run_frame_first(thread, &frame); more; more = run_frame_next(&frame))
        frames[count++] = frame;
    while (count-- > 0)
        TRY(save_one(&frames[count], bytes));
done:
    memory_free(frames);
    return result;
}

static Result load_head(Reader *reader, CanonicalFrame *frame)
{
    *frame = (CanonicalFrame){0};
    frame->kind = reader_u8(reader);
    frame->before = reader_u8(reader);
    frame->local_count = reader_le16(reader);
    frame->stack_count = reader_le16(reader);
    if (frame->kind == CANONICAL_CONTINUATION) {
        char name[64] = "";
        uint32_t length = reader_le32(reader);
        const uint8_t *text = reader_take(reader, length);
        if (text != NULL && length < sizeof name)
            memcpy(name, text, length);
        frame->method = run_find_continuation(name);
        if (frame->method == 0 || run_continuation(frame->method)->state_count != frame->local_count)
            return error_set(ERROR_FORMAT, "a saved frame goes on in \"%s\", which this machine does not know", name);
    } else {
        frame->method = reader_le32(reader);
        frame->guest_pc = reader_le32(reader);
        frame->word = reader_le32(reader);
        if (frame->kind > CANONICAL_CONTINUATION || frame->method == 0 || frame->method >= method_table.count)
            return error_set(ERROR_FORMAT, "a saved frame names no method");
        if (frame->kind == CANONICAL_STUB && frame->local_count > 256)
            return error_set(ERROR_FORMAT, "a saved frame has too many arguments");
    }
    return reader->failed ? error_set(ERROR_FORMAT, "the saved frames end early") : OK;
}

static Result load_one(Thread *thread, Reader *reader, bool *below_before, Value (*forward)(void *, Value), void *context)
{
    Result result;
    CanonicalFrame frame;
    Value *slots = NULL;
    unsigned count;
    const uint8_t *values;

    TRY(load_head(reader, &frame));
    count = (unsigned)frame.local_count + frame.stack_count;
    frame.kinds = reader_take(reader, count);
    values = reader_take(reader, count * sizeof(Value));
    slots = memory_allocate_array(count, sizeof *slots);
    if (slots == NULL)
        TRY(error_set(ERROR_MEMORY, "no memory for a saved frame"));
    if (values == NULL)
        TRY(error_set(ERROR_FORMAT, "the saved frames end early"));
    memcpy(slots, values, count * sizeof *slots);
    for (unsigned i = 0; i < count; i++)
        if (frame.kinds[i] == SLOT_REFERENCE && value_is_object(slots[i]))
            slots[i] = forward(context, slots[i]);
    frame.slots = slots;
    TRY(build_above(thread, *below_before, &frame));
    *below_before = frame.kind != CANONICAL_GUEST || frame.before;
done:
    memory_free(slots);
    return result;
}

Result run_canonical_load(Thread *thread, Reader *reader, Value (*forward)(void *context, Value saved), void *context)
{
    Result result = OK;
    uint32_t count = reader_le32(reader);
    bool below_before = true;

    thread->fp = thread->stack_base;
    memset(thread->fp, 0, FRAME_HEADER * sizeof(Value));
    thread->fp[FRAME_CODE] = (Value)(uintptr_t)run_exit_code;
    thread->pc = run_exit_code->words;
    for (uint32_t i = 0; i < count; i++)
        TRY(load_one(thread, reader, &below_before, forward, context));
done:
    return result;
}
