/* primitive_control.c - primitives that go on in other code: perform:, blocks with an array of arguments, methods run
 * directly. They replace their own frame by the other's. */
#include "smalltalk/smalltalk_internal.h"

/* The send of a selector with arguments (receiver first) in place of the primitive. */
static int perform(Thread *thread, Value selector, Value class, const Value *arguments, unsigned count)
{
    Value window[ARGUMENTS_LIMIT + 5];
    uint32_t number, own = class == smalltalk_class_of_nogc(arguments[0]) ? value_class_index(arguments[0]) : 0;
    unsigned slots = count + 1;

    memcpy(window, arguments, slots * sizeof(Value));
    if (own != 0) {
        number = lookup_send(own, selector);
    } else {
        Value method = lookup_method_nogc(class, selector);
        number = method != 0 && is_method(method) ? method_number_of(method) : 0;
        if (number != 0)
            method_bind(number, value_class_index(arguments[0]));
    }
    if (number != 0 && smalltalk_method(number)->arguments != count)
        return primitive_fail(WHY_COUNT);
    if (number == 0) {
        number = not_understood(thread, selector, class, count, window);
        slots = method_at(number)->argument_slots;
    }
    return primitive_call(thread, number, window, slots);
}

static int primitive_perform(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    if (count < 1 || count > ARGUMENTS_LIMIT)
        return primitive_fail(WHY_COUNT);
    window[0] = arguments[0];
    memcpy(window + 1, arguments + 2, (count - 1) * sizeof(Value));
    return perform(thread, arguments[1], smalltalk_class_of_nogc(arguments[0]), window, count - 1);
}

static bool spread(Value array, Value *window, unsigned *count)
{
    if (!is_pointers(array) || object_slot_count(array) > ARGUMENTS_LIMIT)
        return false;
    *count = (unsigned)object_slot_count(array);
    memcpy(window + 1, object_slots(array), *count * sizeof(Value));
    return true;
}

static int primitive_perform_array(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    unsigned spread_count;
    window[0] = arguments[0];
    if (count != 2 || !spread(arguments[2], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    return perform(thread, arguments[1], smalltalk_class_of_nogc(arguments[0]), window, spread_count);
}

/* perform:withArguments:inSuperclass:; with four arguments the receiver of the perform is the first. */
static int primitive_perform_super(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1], class;
    unsigned spread_count;
    if (count != 3 && count != 4)
        return primitive_fail(WHY_COUNT);
    arguments += count - 3;
    window[0] = arguments[0];
    if (!spread(arguments[2], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    class = smalltalk_class_of_nogc(window[0]);
    for (unsigned above = 0; class != arguments[3]; above++, class = slot_or_nil(class, BEHAVIOR_SUPER))
        if (class == NIL || above == CLASSES_ABOVE_LIMIT)
            return primitive_fail(WHY_ARGUMENT);
    return perform(thread, arguments[1], arguments[3], window, spread_count);
}

static int primitive_value_array(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    unsigned spread_count;
    uint32_t number, class_index;
    if (count != 1 || !value_is_object(arguments[0]) || !spread(arguments[1], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    class_index = object_class_index(arguments[0]);
    if ((class_index != run_tagged.block_class && class_index != run_tagged.full_block_class) ||
        slot_get(arguments[0], CLOSURE_ARGUMENTS) != value_from_integer(spread_count))
        return primitive_fail(WHY_COUNT);
    number = block_number_of(arguments[0]);
    if (number == 0)
        return primitive_fail(WHY_RECEIVER);
    window[0] = arguments[0];
    return primitive_call(thread, number, window, spread_count + 1);
}

static int run_method(Thread *thread, Value method, const Value *window, unsigned count)
{
    uint32_t number = is_method(method) ? method_number_of(method) : 0;
    if (number == 0 || smalltalk_method(number)->arguments != count)
        return primitive_fail(WHY_COUNT);
    method_fit_receiver(number, window[0]);
    return primitive_call(thread, number, window, count + 1);
}

/* receiver withArgs: array executeMethod: method; with three arguments the receiver is the first. */
static int primitive_execute_array(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    unsigned spread_count;
    if (count != 2 && count != 3)
        return primitive_fail(WHY_COUNT);
    arguments += count - 2;
    window[0] = arguments[0];
    if (!spread(arguments[1], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    return run_method(thread, arguments[2], window, spread_count);
}

static int primitive_execute(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    if (count < 1 || count > ARGUMENTS_LIMIT)
        return primitive_fail(WHY_COUNT);
    memcpy(window, arguments, count * sizeof(Value));
    return run_method(thread, arguments[count], window, count - 1);
}

/* What a method that has no code but its number answers. false: it is none of those, or the receiver has no such variable. */
static bool quick_answer(uint64_t number, Value receiver, Value *result)
{
    if (number == 256)
        *result = receiver;
    else if (number <= 259)
        *result = number == 257 ? TRUE_OBJECT : number == 258 ? FALSE_OBJECT : NIL;
    else if (number <= 263)
        *result = value_from_integer((int64_t)number - 261);
    else if (!is_context(receiver) && has_slots(receiver, number - 263))
        *result = slot_get(receiver, number - 264);
    else
        return false;
    return true;
}

static int call_primitive(Thread *thread, uint64_t number, const Value *window, unsigned count, Value *result)
{
    size_t mark = heap_enter_nogc(&thread->allocator);
    Value *held = heap_hold_nogc(&thread->allocator, window[0]);
    for (unsigned i = 1; i <= count; i++)
        heap_hold_nogc(&thread->allocator, window[i]);
    int outcome = run_tagged.primitives[number](thread, held, count, result);
    heap_leave_nogc(&thread->allocator, mark);
    return outcome;
}

/* tryPrimitive: number withArgs: array. Its frame serves for those that go on in other code, or in another process. */
static int primitive_try(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    unsigned spread_count;
    uint64_t number;
    window[0] = arguments[0];
    if (count != 2 || !unsigned_value(arguments[1], &number) || !spread(arguments[2], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    if (number >= 256 && number <= 519 && spread_count == 0)
        return quick_answer(number, window[0], result) ? TAGGED_DONE : primitive_fail(WHY_RECEIVER);
    if (number == PRIMITIVE_TRY || !primitive_is_numbered(number))
        return primitive_fail(WHY_UNSUPPORTED);
    return call_primitive(thread, number, window, spread_count, result);
}

/* tryNamedPrimitiveIn: method for: object withArgs: array. A failure of that primitive without a reason has the error -1: nil would
 * say that there is no such primitive as this one. */
static int primitive_try_named(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value window[ARGUMENTS_LIMIT + 1];
    unsigned spread_count, number;
    if (count != 3 || !is_method(arguments[1]) || method_primitive(arguments[1]) != PRIMITIVE_NAMED ||
        !spread(arguments[3], window, &spread_count))
        return primitive_fail(WHY_ARGUMENT);
    if (header_arguments(method_header(arguments[1])) != spread_count)
        return primitive_fail(WHY_COUNT);
    number = primitive_number_known(arguments[1], PRIMITIVE_NAMED);
    if (number == 0)
        return primitive_fail(WHY_NOT_FOUND);
    window[0] = arguments[2];
    int outcome = call_primitive(thread, number, window, spread_count, result);
    if (outcome == TAGGED_FAILED && run_tagged.failure == NIL)
        run_tagged.failure = value_from_integer(-1);
    return outcome;
}

void control_primitives(void)
{
    primitive_set(218, primitive_try_named);
    primitive_set(83, primitive_perform);
    primitive_set(84, primitive_perform_array);
    primitive_set(100, primitive_perform_super);
    primitive_set(PRIMITIVE_TRY, primitive_try);
    primitive_set(188, primitive_execute_array);
    primitive_set(189, primitive_execute);
    primitive_set(206, primitive_value_array);
    primitive_set(208, primitive_value_array);
}
