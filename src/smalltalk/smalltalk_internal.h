/* smalltalk_internal.h - what the files of the Smalltalk guest share.
 *
 * Objects are laid out as in 64-bit Spur. The layouts that the machine itself reads are listed here. */
#ifndef SMALLTALK_SMALLTALK_INTERNAL_H
#define SMALLTALK_SMALLTALK_INTERNAL_H

#include <assert.h>
#include <string.h>

#include "heap/heap.h"
#include "image/image.h"
#include "run/run.h"
#include "run/tagged.h"
#include "smalltalk/smalltalk.h"

#define ARGUMENTS_LIMIT 15        /* of a send */
#define CLASSES_ABOVE_LIMIT 10000 /* superclasses of one class: more go in a circle */
#define CLASS_TABLE_LIMIT (1u << 16) /* classes of one image */

/* The special objects array. */
enum SpecialObject {
    SPECIAL_SCHEDULER = 3, SPECIAL_CLASS_BITMAP = 4, SPECIAL_CLASS_INTEGER = 5, SPECIAL_CLASS_STRING = 6,
    SPECIAL_CLASS_ARRAY = 7, SPECIAL_CLASS_FLOAT = 9, SPECIAL_CLASS_CONTEXT = 10, SPECIAL_CLASS_POINT = 12,
    SPECIAL_CLASS_LARGE_POSITIVE = 13, SPECIAL_DISPLAY = 14, SPECIAL_CLASS_MESSAGE = 15, SPECIAL_CLASS_METHOD = 16,
    SPECIAL_LOW_SPACE_SEMAPHORE = 17, SPECIAL_CLASS_SEMAPHORE = 18, SPECIAL_CLASS_CHARACTER = 19,
    SPECIAL_DOES_NOT_UNDERSTAND = 20, SPECIAL_CANNOT_RETURN = 21, SPECIAL_LOW_SPACE_PROCESS = 22,
    SPECIAL_SELECTORS = 23, SPECIAL_MUST_BE_BOOLEAN = 25,
    SPECIAL_CLASS_BYTE_ARRAY = 26, SPECIAL_CLASS_PROCESS = 27, SPECIAL_TIMER_SEMAPHORE = 29,
    SPECIAL_INTERRUPT_SEMAPHORE = 30, SPECIAL_CANNOT_INTERPRET = 34, SPECIAL_CLASS_BLOCK = 36, SPECIAL_CLASS_FULL_BLOCK = 37,
    SPECIAL_EXTERNAL_OBJECTS = 38, SPECIAL_FINALIZATION_SEMAPHORE = 41, SPECIAL_CLASS_LARGE_NEGATIVE = 42,
    SPECIAL_ABOUT_TO_RETURN = 48, SPECIAL_RUN_WITH_IN = 49, SPECIAL_ATTEMPT_TO_ASSIGN = 50, SPECIAL_PRIMITIVE_ERRORS = 51,
    SPECIAL_UNKNOWN_BYTECODE = 57
};

/* Slots of objects that the machine knows. */
enum { BEHAVIOR_SUPER = 0, BEHAVIOR_METHODS = 1, BEHAVIOR_FORMAT = 2 };
enum { DICTIONARY_TALLY = 0, DICTIONARY_ARRAY = 1, DICTIONARY_FIRST_KEY = 2 };
enum { CONTEXT_SENDER, CONTEXT_PC, CONTEXT_STACKP, CONTEXT_METHOD, CONTEXT_CLOSURE, CONTEXT_RECEIVER, CONTEXT_FIRST };
enum { CLOSURE_OUTER, CLOSURE_START, CLOSURE_ARGUMENTS, CLOSURE_FIRST, FULL_CLOSURE_RECEIVER = 3, FULL_CLOSURE_FIRST };
enum { LIST_FIRST, LIST_LAST, SEMAPHORE_EXCESS };
enum { PROCESS_NEXT, PROCESS_CONTEXT, PROCESS_PRIORITY, PROCESS_LIST };
enum { SCHEDULER_LISTS, SCHEDULER_ACTIVE };
enum { MESSAGE_SELECTOR, MESSAGE_ARGUMENTS, MESSAGE_LOOKUP_CLASS };
#define CONTEXT_SMALL (16 + CONTEXT_FIRST)
#define CONTEXT_LARGE (56 + CONTEXT_FIRST)

/* Class indexes that Spur fixes. */
#define INDEX_ARRAY_PUN 16u
#define INDEX_LARGE_NEGATIVE 32u
#define INDEX_LARGE_POSITIVE 33u
#define INDEX_MESSAGE 35u
#define INDEX_CONTEXT 36u
#define INDEX_BLOCK 37u
#define INDEX_FULL_BLOCK 38u

/* A compiled method's header, a SmallInteger in slot 0. */
static inline Value method_header(Value method)
{
    return object_slots(method)[0];
}
static inline unsigned header_literals(Value header)
{
    return (unsigned)value_integer(header) & 0x7fff;
}
static inline bool header_has_primitive(Value header)
{
    return (value_integer(header) >> 16 & 1) != 0;
}
static inline bool header_is_large(Value header)
{
    return (value_integer(header) >> 17 & 1) != 0;
}
static inline unsigned header_temporaries(Value header) /* arguments included */
{
    return (unsigned)(value_integer(header) >> 18) & 63;
}
static inline unsigned header_arguments(Value header)
{
    return (unsigned)(value_integer(header) >> 24) & 15;
}
static inline bool header_is_sista(Value header)
{
    return value_integer(header) < 0;
}
static inline uint64_t object_byte_size(Value object) /* of an object with bytes */
{
    return object_slot_count(object) * 8 - (header_format(object_header(object)) & 7);
}
static inline const uint8_t *method_bytes(Value method)
{
    return (const uint8_t *)object_slots(method);
}
/* Offset of the first bytecode from the method's first slot; as a guest pc (1-based) it is one more. */
static inline unsigned method_start(Value method)
{
    return 8 * (1 + header_literals(method_header(method)));
}

/* A method or a block that has register code: the arena's side of it. A block's pc and its home method are shared with
 * the closures; `unfused` code can be entered at each bytecode. */
typedef struct SmalltalkMethod {
    Method method;
    uint32_t home;       /* number of the method that a V3 block lies in; 0: this is a method of its own */
    uint32_t next_block; /* blocks of the same method */
    uint32_t next;       /* methods of the same hash */
    uint32_t unfused;    /* number of the other form; 0: not made yet */
    uint32_t start, end; /* bytecodes: offsets from the method's first slot */
    uint16_t primitive;
    uint8_t arguments;
    uint8_t kind;        /* enum MethodKind */
    uint8_t copied;      /* blocks */
    uint8_t temporaries; /* variables beside arguments and copied values */
    uint8_t is_unfused;
    uint16_t needed_slots; /* of the receiver, by its code if that is not checked */
    uint16_t least_slots;  /* what every receiver has, by the classes that the method was looked up for */
    uint8_t reserved[4];
} SmalltalkMethod;
enum MethodKind { KIND_METHOD, KIND_BLOCK, KIND_FULL_BLOCK };
_Static_assert(sizeof(SmalltalkMethod) == 64, "SmalltalkMethod is an image format");

static inline SmalltalkMethod *smalltalk_method(uint32_t number)
{
    return (SmalltalkMethod *)method_at(number);
}

#define NIL (run_tagged.special[TAGGED_NIL])
#define TRUE_OBJECT (run_tagged.special[TAGGED_TRUE])
#define FALSE_OBJECT (run_tagged.special[TAGGED_FALSE])
static inline Value value_from_boolean(bool truth)
{
    return truth ? TRUE_OBJECT : FALSE_OBJECT;
}

/* ---- the running image (image.c) ---- */
typedef struct Smalltalk {
    Value special_objects; /* traced, as all values here */
    char *image_path;      /* absolute */
    int argument_count;
    char **arguments;
    int status;            /* to exit with */
    bool quitting;
    bool stores_guarded;   /* there has been a read-only object with variables: code looks before it stores into one */
    uint64_t screen_size, flags;
    uint32_t class_limit;  /* class indexes below are in use, or free */
} Smalltalk;
extern Smalltalk smalltalk;

/* What an image says is not trusted: nil stands for what is not there. */
static inline Value special_object(enum SpecialObject index)
{
    Value all = smalltalk.special_objects;
    return (uint64_t)index < object_slot_count(all) ? object_slots(all)[index] : NIL;
}

void special_set(enum SpecialObject index, Value value); /* object.c; nothing if the array is too small */
Result spur_load(const char *path);
bool spur_is_large(const char *path); /* is there a whole system in it? */
/* Writes all objects; the active process is suspended already. */
Result spur_save(Thread *thread, const char *path);

/* ---- objects and classes (object.c) ---- */
Value smalltalk_class_of_nogc(Value value);
/* The class index of a class's instances; enters the class if it is not yet in the table. 0: not a class. */
uint32_t class_index_of(Value class);
bool class_enter(Value class, uint32_t index); /* false: no memory */
void class_refresh(Value class);               /* its format has changed; it is in the table */
bool class_is_entered(Value value);
void class_enter_all(void);                    /* others stand in the table now */
/* Each instance of the class has at least so many slots of references, whatever the image says of the class. */
unsigned class_least_slots(uint32_t index);
bool class_is_mixed(uint32_t index); /* instances have other elements than the class says */
Result classes_save(Bytes *bytes);
Result classes_load(const ImageLoad *load, Reader *bytes);
void class_note_instance(Value object);
/* Before anything runs: of all objects of that class index, a bit for each format, and the least slots. */
void class_note_loaded(uint32_t index, uint32_t formats, uint32_t least_slots);
/* Formats whose elements are alike: references, words of 64, 32, 16, 8 bits, methods. */
static inline unsigned class_element_kind(unsigned format)
{
    return format <= FORMAT_EPHEMERON       ? 0
           : format >= FORMAT_METHOD        ? 5
           : format >= FORMAT_INDEXED_8     ? 4
           : format >= FORMAT_INDEXED_16    ? 3
           : format >= FORMAT_INDEXED_32    ? 2
                                            : 1;
}
void class_note_all(void);  /* from all objects anew */
void classes_changed(void); /* what is known of them: caches are flushed */
static inline unsigned class_instance_format(Value class)
{
    return (unsigned)(value_integer(object_slots(class)[BEHAVIOR_FORMAT]) >> 16) & 31;
}
static inline unsigned class_fixed_slots(Value class)
{
    return (unsigned)value_integer(object_slots(class)[BEHAVIOR_FORMAT]) & 0xffff;
}
static inline bool is_read_only(Value object)
{
    return (object_header(object) & HEADER_IMMUTABLE) != 0;
}
static inline bool is_pointers(Value value)
{
    return value_is_object(value) && header_format(object_header(value)) <= FORMAT_EPHEMERON;
}
/* A slot of an object that may be anything; nil: it has no such slot. */
static inline Value slot_or_nil(Value object, uint64_t index)
{
    return is_pointers(object) && index < object_slot_count(object) ? object_slots(object)[index] : NIL;
}
static inline bool has_slots(Value object, uint64_t count)
{
    return is_pointers(object) && object_slot_count(object) >= count;
}
/* Has it the slots of a class that the machine reads? */
static inline bool is_class(Value value)
{
    return has_slots(value, BEHAVIOR_FORMAT + 1) && value_is_integer(object_slots(value)[BEHAVIOR_FORMAT]);
}
static inline bool is_bytes(Value value)
{
    uint32_t format = value_is_object(value) ? header_format(object_header(value)) : 0;
    return format >= FORMAT_INDEXED_8 && format < FORMAT_METHOD;
}
static inline bool is_method(Value value)
{
    return value_is_object(value) && header_format(object_header(value)) >= FORMAT_METHOD;
}
static inline bool is_context(Value value)
{
    return value_is_object(value) && object_class_index(value) == INDEX_CONTEXT;
}
/* The machine cannot go on with the image: says why and exits with status 1. */
__attribute__((noreturn, format(printf, 1, 2))) void image_unsound(const char *format, ...);
/* The class index of a class that is in the table; 0: it is not. */
static inline uint32_t class_entered_index(Value class, uint64_t header)
{
    uint32_t index = (uint32_t)((header & HEADER_HASH_MASK) >> HEADER_HASH_SHIFT);
    return index < smalltalk.class_limit && run_tagged.classes[index] == class ? index : 0;
}
/* Is it what the class says by now? false too for what is no class. */
static inline bool class_is_as(const Class *descriptor, Value class)
{
    Value all = value_from_integer(31 << 16 | 0xffff) | VALUE_TAG_MASK;
    return (object_slots(class)[BEHAVIOR_FORMAT] & all) == value_from_integer((int64_t)(descriptor->format << 16 | descriptor->slots));
}
/* Slots and format of an instance of a class of that format, with so many elements; false: there are no such instances. */
static inline bool instance_shape(unsigned format, uint64_t fixed, uint64_t size, uint64_t *slots, unsigned *object_format)
{
    if (format <= FORMAT_EPHEMERON) {
        *slots = fixed + size;
        *object_format = format == FORMAT_EMPTY && fixed != 0 ? FORMAT_FIXED : format;
        if (format == FORMAT_EPHEMERON && fixed == 0)
            return false;
        return size == 0 || (format >= FORMAT_VARIABLE && format <= FORMAT_WEAK);
    }
    if (format < FORMAT_INDEXED_64 || format >= FORMAT_METHOD)
        return false;
    /* In the formats' numbers less 8, the highest bit says how many elements a slot has, those below how many are unused. */
    unsigned shift = 31 - (unsigned)__builtin_clz(format - 8), unit = 1u << shift;
    *slots = (size + unit - 1) >> shift;
    *object_format = 8 + unit + (unsigned)((*slots << shift) - size);
    return true;
}
/* The slots of an instance with so many elements; false: the class has no such instances. */
bool instance_slots(Value class, uint64_t size, uint64_t *slots);
#define INSTANCE_SIZE_LIMIT (1ull << 40)
/* An instance with `size` indexed elements (0 for fixed classes); slots of pointers are nil. 0: not possible, or no memory. */
Value instance_new(Thread *thread, Value class, uint64_t size);
/* The same where that is a bump; 0: ask instance_new. What is APART from a function that this is part of, for it to go on
 * in when this fails, leaves it without calls in the usual case, and so without registers to save. */
#define APART __attribute__((noinline))
ALWAYS_INLINE Value instance_bump_nogc(Thread *thread, Value class, uint64_t size)
{
    uint64_t header = value_is_object(class) ? object_header(class) : 0, slots;
    uint32_t index = class_entered_index(class, header);
    const Class *descriptor = class_at(index);
    unsigned format;
    if (index == 0 || index == INDEX_CONTEXT || header_format(header) > FORMAT_EPHEMERON ||
        header >> HEADER_SLOTS_SHIFT <= BEHAVIOR_FORMAT || !class_is_as(descriptor, class) || size >= 8 * HEADER_SLOTS_MANY ||
        !instance_shape(descriptor->format, descriptor->slots, size, &slots, &format) || slots >= HEADER_SLOTS_MANY)
        return 0;
    return heap_bump_filled_nogc(&thread->allocator, header_make(index, (enum ObjectFormat)format, slots), slots,
                                 format <= FORMAT_EPHEMERON ? NIL : 0);
}
Value array_new(Thread *thread, uint64_t size); /* elements nil */
Value string_new(Thread *thread, const void *bytes, size_t size);
Value bytes_new(Thread *thread, const void *bytes, size_t size);
Value point_new(Thread *thread); /* 0: no memory, or points are not what they should be */
Value float_new(Thread *thread, double number);
Value integer_new(Thread *thread, int64_t integer);      /* LargeInteger where needed */
Value integer_new_unsigned(Thread *thread, uint64_t integer);
bool integer_value_of_large(Value value, int64_t *integer);
bool unsigned_value_of_large(Value value, uint64_t *integer);
static inline bool integer_value(Value value, int64_t *integer) /* SmallInteger or LargeInteger of 64 bits */
{
    if (!value_is_integer(value))
        return integer_value_of_large(value, integer);
    *integer = value_integer(value);
    return true;
}
static inline bool unsigned_value(Value value, uint64_t *integer)
{
    if (!value_is_integer(value))
        return unsigned_value_of_large(value, integer);
    *integer = (uint64_t)value_integer(value);
    return value_integer(value) >= 0;
}
static inline void slot_set(Value object, uint64_t index, Value value)
{
    heap_store(object, OBJECT_BODY + 8 * index, value);
}
static inline Value slot_get(Value object, uint64_t index)
{
    return object_slots(object)[index];
}
char *string_copy(Value string); /* to be freed with memory_free; NULL: not a byte object */
void describe(Value value, char *text, size_t size); /* a short text for people */

/* ---- methods and look-up (lookup.c) ---- */
Result lookup_open(void);
uint32_t method_number_of(Value method);                  /* made if need be; 0: no memory */
uint32_t block_number_of(Value closure);
/* Binds a method to the receivers that it may get: its code will check what they might not have. */
uint32_t method_bind(uint32_t number, uint32_t class_index);
void method_fit_receiver(uint32_t number, Value receiver);
void block_fit_receiver(uint32_t number, Value closure);
uint32_t method_number_unfused(uint32_t number);
/* The method for a selector in a class or above; 0: none. */
Value lookup_method_nogc(Value class, Value selector);
/* Number of the method that a send runs, through the global cache; 0: not understood. */
uint32_t lookup_send(uint32_t class_index, Value selector);
uint32_t language_lookup(Thread *thread, uint32_t class_index, const Code *code, uint64_t selector, Value *window, int *outcome);
/* Makes the arguments from window on (receiver first) into those of doesNotUnderstand:; its method number. */
uint32_t not_understood(Thread *thread, Value selector, Value class, unsigned argument_count, Value *window);
void lookup_flush(void);
bool lookup_flush_method(Value method); /* false: there was nothing to forget, neither in a cache nor in code */
void lookup_discard_all(void); /* all register code is made anew */
Value method_selector(Value method);
Result lookup_save(Bytes *bytes);
Result lookup_load(const ImageLoad *load, Reader *bytes);
void lookup_thaw(void); /* code that calls a primitive knows its number in another process */
void lookup_visit_roots(HeapVisit *visit, void *context);
void lookup_update_weak(Value (*forward)(void *context, Value object), void *context);
/* What a literal of a SEND says: selector's literal slot (0x8000: of the special selectors), arguments, to super. */
static inline uint64_t send_literal(unsigned selector, unsigned arguments, unsigned super)
{
    return selector | (uint64_t)arguments << 16 | (uint64_t)super << 24;
}
#define SEND_SPECIAL 0x8000u
#define SEND_SUPER 1u     /* above the method's class */
#define SEND_DIRECTED 2u  /* above the class on top of the stack: handled by the translator */

/* ---- bytecodes (bytecode.c) ---- */
enum BytecodeKind {
    BYTE_PUSH_RECEIVER_VARIABLE, BYTE_PUSH_TEMP, BYTE_PUSH_LITERAL, BYTE_PUSH_VARIABLE, BYTE_PUSH_RECEIVER,
    BYTE_PUSH_SPECIAL /* a: enum TaggedSpecial */, BYTE_PUSH_IMMEDIATE /* value */, BYTE_PUSH_CONTEXT, BYTE_PUSH_PROCESS,
    BYTE_PUSH_REMOTE /* a: index, b: vector */, BYTE_STORE_REMOTE, BYTE_POP_REMOTE,
    BYTE_STORE_RECEIVER_VARIABLE, BYTE_POP_RECEIVER_VARIABLE, BYTE_STORE_TEMP, BYTE_POP_TEMP,
    BYTE_STORE_VARIABLE, BYTE_POP_VARIABLE, BYTE_POP, BYTE_DUP,
    BYTE_RETURN_RECEIVER, BYTE_RETURN_SPECIAL, BYTE_RETURN_TOP, BYTE_RETURN_BLOCK, BYTE_RETURN_BLOCK_NIL,
    BYTE_JUMP /* a: distance from the next */, BYTE_JUMP_TRUE, BYTE_JUMP_FALSE,
    BYTE_SEND /* a: literal, b: arguments */, BYTE_SEND_SUPER, BYTE_SEND_DIRECTED, BYTE_SEND_SPECIAL /* a: number */,
    BYTE_IDENTICAL, BYTE_NOT_IDENTICAL, BYTE_CLASS,
    BYTE_NEW_ARRAY /* a: size */, BYTE_NEW_ARRAY_FILLED, BYTE_CLOSURE /* a: copied, b: arguments, c: size */,
    BYTE_FULL_CLOSURE /* a: literal, b: copied, c: flags 1 no outer context, 2 receiver on the stack */,
    BYTE_PRIMITIVE, BYTE_NOTHING, BYTE_BAD
};
typedef struct Bytecode {
    uint8_t kind;
    uint8_t length; /* with its extensions */
    int32_t a, b, c;
    Value value;
} Bytecode;
Bytecode bytecode_decode(const uint8_t *bytes, size_t size, size_t offset, bool sista);
/* Does it store into an object, which may be read-only? */
static inline bool bytecode_is_store(unsigned kind)
{
    return kind == BYTE_STORE_RECEIVER_VARIABLE || kind == BYTE_POP_RECEIVER_VARIABLE || kind == BYTE_STORE_VARIABLE ||
           kind == BYTE_POP_VARIABLE;
}
unsigned method_primitive(Value method);

/* ---- translation (translate.c) ---- */
Result translate_method(uint32_t number);
int language_translate(Thread *thread, uint32_t number);

/* ---- frames and contexts (context.c) ---- */
Result context_open(Thread *thread);
/* The context of a frame, made if there is none yet; may collect. fp must not be in a method's primitive. */
Value frame_context(Thread *thread, Value *fp);
static inline bool context_is_married(Value context)
{
    return value_is_integer(object_slots(context)[CONTEXT_SENDER]);
}
static inline Value *context_frame(Value context)
{
    return (Value *)(uintptr_t)(object_slots(context)[CONTEXT_SENDER] & ~(Value)7);
}
/* Brings the slots of a married context up to date, but for the sender. */
void context_synchronize(Thread *thread, Value context);
Value context_sender(Thread *thread, Value context); /* may collect */
bool context_is_sound(Value context); /* can its stack be as it says? */
/* A context's sender is never a number for the guest. */
bool context_accepts(Value object, uint64_t index, Value value);
/* Turns all frames into contexts and empties the stack. The innermost frame is left out if it runs a primitive
 * (in_primitive); its result is pushed on its caller's context if result is not NULL. Returns the outermost... the
 * innermost context. */
Value flush_frames(Thread *thread, bool in_primitive, const Value *result);
/* Goes on in a context (which has no frame). push: a value that goes on its stack first. */
void resume_context(Thread *thread, Value context, const Value *push);
/* In a primitive: saves the program, which stands behind the primitive while it is saved, and goes on there with false; when
 * that fails, the primitive is called again. */
int primitive_save(Thread *thread, Result (*save)(Thread *thread, const char *path), const char *path);
/* In a primitive that has changed nothing yet: it is called again when all other frames are contexts. */
int call_without_frames(Thread *thread);
bool frames_are_contexts(const Thread *thread); /* all of them: the stack is empty */
/* In a primitive with this result: all frames are made anew, since what their code relies on may have changed. */
int restart_frames(Thread *thread, Value result);
/* Sends selector to receiver as if the context (without frame) had sent it; the stack is empty. */
void send_from_context(Thread *thread, Value context, Value selector, Value receiver, const Value *arguments, unsigned count);
int language_tagged(Thread *thread, uint32_t operation, uint64_t word);
int language_raise(Thread *thread, enum RaiseKind kind, uint64_t a, uint64_t b);
/* Replaces the frame of a running primitive by a call of another method with these arguments (receiver first). */
int primitive_call(Thread *thread, uint32_t number, const Value *arguments, unsigned slots);
/* Is the innermost frame one that has only its arguments, in a primitive or before its translation? */
bool frame_in_primitive(Thread *thread);

/* ---- processes (process.c) ---- */
Value active_process(void);
bool is_of_processes(Value object); /* a process, the scheduler, or a list that processes wait in: the machine writes into it */
Value highest_ready(void); /* taken off its list; NIL: none */
void go_on_with(Thread *thread, Value process);
/* Signals without switching: a waiting process becomes ready, or the excess count grows. */
void semaphore_signal(Value semaphore);
void make_ready(Value process);
/* In a primitive: goes on with the highest ready process if it should run instead of the active one, whose primitive has
 * this result; else just returns it. */
int reschedule(Thread *thread, Value value, Value *result);
/* In a primitive: the active process waits (it is on a list, or suspended); its primitive has this result. */
int switch_away(Thread *thread, Value result);
int language_polled(Thread *thread);
/* The active process becomes one that waits in a context, and goes on. */
void process_suspend(Thread *thread);
void process_resume(Thread *thread);
/* What an image was doing when it was saved goes on. push: the result of the primitive that saved it; NULL: none. */
void process_begin(Thread *thread, const Value *push);
Result process_save(Bytes *bytes);
void process_load(const ImageLoad *load, Reader *bytes);
void process_open(Thread *thread);
void process_close(void);
void process_note_collection(void);
void timer_set(uint64_t microseconds); /* of the clock below; 0: none */
/* Once so few bytes are left that it may become that many before anybody looks again: the semaphore for it is signalled, and the
 * running process noted. 0: never. */
void low_space_watch(uint64_t bytes);
void low_space_look(void); /* soon, if that is so */
uint64_t clock_microseconds(void);     /* since 1901, UTC */
int64_t clock_offset_microseconds(void); /* local time - UTC */
void idle(Thread *thread, uint64_t microseconds);

/* ---- primitives ---- */
void primitives_open(void);         /* primitive.c: fills run_tagged.primitives */
void arithmetic_primitives(void);   /* primitive_number.c */
void object_primitives(void);       /* primitive_object.c */
void control_primitives(void);      /* primitive_control.c */
void context_primitives(void);      /* context.c */
void system_primitives(void);       /* primitive_system.c */
void process_primitives(void);      /* process.c */
typedef struct NamedPrimitive {
    const char *name;
    TaggedPrimitive *primitive;
} NamedPrimitive;
TaggedPrimitive *named_primitive(const NamedPrimitive *all, size_t count, const char *name); /* NULL: none of that name */
TaggedPrimitive *file_primitive(const char *name); /* primitive_file.c; NULL: none of that name */
TaggedPrimitive primitive_copy_bits; /* primitive_form.c */
TaggedPrimitive *form_primitive(const char *name);
TaggedPrimitive *string_primitive(const char *name); /* primitive_string.c */
TaggedPrimitive *floats_primitive(const char *name); /* primitive_floats.c */
bool floats_are_accessed(TaggedPrimitive *primitive); /* is it at: or at:put:? */
TaggedPrimitive *large_primitive(const char *name); /* primitive_large.c */
TaggedPrimitive *image_primitive(const char *name); /* image_part.c */
#define PRIMITIVE_NAMED 117 /* which one, its method's first literal says */
#define PRIMITIVE_TRY 118
#define PRIMITIVE_UNWIND 198  /* ensure:, ifCurtailed: */
#define PRIMITIVE_HANDLER 199 /* on:do: */
/* Its place in run_tagged.primitives; 0: it does nothing. One that the machine does not have fails, and is named on request. */
unsigned primitive_number(Value method, unsigned primitive);
unsigned primitive_number_known(Value method, unsigned primitive); /* 0: the machine does not have it; names nothing */
static inline void primitive_set(unsigned number, TaggedPrimitive *primitive)
{
    run_tagged.primitives[number] = primitive;
}
/* A leaf neither looks at frames nor changes them, so it needs none of its own: it is done or fails. It may collect. */
void primitive_set_leaf(unsigned number, TaggedPrimitive *primitive);
bool primitive_is_numbered(uint64_t number); /* does the machine have it, by that number of an image? */
bool primitive_is_leaf(unsigned number); /* one that primitive_number gives */
/* Why a primitive failed: a number of the image's table of errors. */
enum PrimitiveError {
    WHY_UNKNOWN, WHY_GENERIC, WHY_RECEIVER, WHY_ARGUMENT, WHY_INDEX, WHY_COUNT, WHY_OPERATION, WHY_UNSUPPORTED,
    WHY_NO_MODIFICATION, WHY_MEMORY, WHY_NO_C_MEMORY, WHY_NOT_FOUND
};
int primitive_fail(enum PrimitiveError why);
void context_register(void);

/* ---- Coracle images (image_part.c) ---- */
Result image_part_register(void);
/* References that a part has written as they were. */
void image_values(const ImageLoad *load, Reader *bytes, Value *values, size_t count);
extern bool image_thawed_primitive; /* this program was thawed, and froze itself by a primitive: its result is true */
extern uint32_t smalltalk_boot_method;
/* Files that the program has open (primitive_file.c). */
Result files_freeze(void); /* may refuse */
Result files_save(Bytes *bytes);
Result files_load(Reader *bytes);
void leave_machine(Thread *thread);
void print_stack(Thread *thread); /* on standard error */
Value context_at(Thread *thread, Value context, uint64_t index); /* a slot by number, fixed ones too */
/* In a primitive with this result: writes a slot of a context, which may be married. */
int context_write(Thread *thread, Value context, uint64_t index, Value value, Value result);

#endif
