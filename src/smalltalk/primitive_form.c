/* primitive_form.c - copying of bits between forms of one depth.
 *
 * There is no display: what is drawn on it is dropped. So is what needs colour maps, halftones, other rules or two
 * depths: it is named on request, and succeeds, since an image that starts without a display draws all the same. */
#include "smalltalk/smalltalk_internal.h"

static int dropped(void)
{
    static bool noted;
    if (smalltalk_options.trace_primitives && !noted)
        fprintf(stderr, "coracle: missing primitive: copyBits with colour maps, halftones, other rules or depths\n");
    noted = true;
    return TAGGED_DONE;
}

enum { BLT_DESTINATION, BLT_SOURCE, BLT_HALFTONE, BLT_RULE, BLT_DESTINATION_X, BLT_DESTINATION_Y, BLT_WIDTH, BLT_HEIGHT,
       BLT_SOURCE_X, BLT_SOURCE_Y, BLT_CLIP_X, BLT_CLIP_Y, BLT_CLIP_WIDTH, BLT_CLIP_HEIGHT, BLT_COLOR_MAP };
enum { FORM_BITS, FORM_WIDTH, FORM_HEIGHT, FORM_DEPTH };

/* Rows are whole 32-bit words; of a word the leftmost pixel has the highest bits, or the lowest if the depth is negative. */
typedef struct Form {
    uint32_t *words;
    int64_t width, height, depth, pitch;
    bool reversed;
} Form;

static bool form_get(Value value, Form *form)
{
    int64_t depth;
    if (!is_pointers(value) || object_slot_count(value) <= FORM_DEPTH || !value_is_integer(slot_get(value, FORM_WIDTH)) ||
        !value_is_integer(slot_get(value, FORM_HEIGHT)) || !value_is_integer(slot_get(value, FORM_DEPTH)))
        return false;
    depth = value_integer(slot_get(value, FORM_DEPTH));
    *form = (Form){.width = value_integer(slot_get(value, FORM_WIDTH)), .height = value_integer(slot_get(value, FORM_HEIGHT)),
                   .depth = depth < 0 ? -depth : depth, .reversed = depth < 0};
    if (form->depth == 0 || form->depth > 32 || (form->depth & (form->depth - 1)) != 0 || form->width < 0 || form->height < 0 ||
        form->width > 1 << 20 || form->height > 1 << 20)
        return false;
    Value bits = slot_get(value, FORM_BITS);
    form->pitch = (form->width * form->depth + 31) / 32;
    if (!value_is_object(bits) || is_pointers(bits) || is_method(bits) ||
        object_slot_count(bits) * 8 < (uint64_t)(form->pitch * form->height) * 4)
        return false;
    form->words = (uint32_t *)object_slots(bits);
    return true;
}

static uint32_t *pixel_word(const Form *form, int64_t x, int64_t y, unsigned *position)
{
    int64_t bit = x * form->depth;
    *position = (unsigned)(form->reversed ? bit % 32 : 32 - form->depth - bit % 32);
    return form->words + y * form->pitch + bit / 32;
}

static uint32_t combine(unsigned rule, uint32_t source, uint32_t destination)
{
    uint32_t answer = 0;
    if (rule & 1)
        answer |= source & destination;
    if (rule & 2)
        answer |= source & ~destination;
    if (rule & 4)
        answer |= ~source & destination;
    if (rule & 8)
        answer |= ~source & ~destination;
    return answer;
}

typedef struct Rectangle {
    int64_t x, y, width, height, source_x, source_y;
} Rectangle;

static void clip_side(int64_t low, int64_t high, int64_t *start, int64_t *size, int64_t *source)
{
    if (*start < low) {
        *size -= low - *start;
        *source += low - *start;
        *start = low;
    }
    if (*start + *size > high)
        *size = high - *start;
}

static int64_t number_at(Value blt, unsigned slot)
{
    const double limit = 1 << 30;
    double number = 0;
    if (!tagged_float_value(slot_get(blt, slot), &number) || number != number)
        return 0;
    return (int64_t)(number < -limit ? -limit : number > limit ? limit : number);
}

static Rectangle clipped(Value blt, const Form *to, const Form *from)
{
    Rectangle r = {number_at(blt, BLT_DESTINATION_X), number_at(blt, BLT_DESTINATION_Y), number_at(blt, BLT_WIDTH),
                   number_at(blt, BLT_HEIGHT), number_at(blt, BLT_SOURCE_X), number_at(blt, BLT_SOURCE_Y)};
    int64_t left = number_at(blt, BLT_CLIP_X), top = number_at(blt, BLT_CLIP_Y);
    clip_side(left, left + number_at(blt, BLT_CLIP_WIDTH), &r.x, &r.width, &r.source_x);
    clip_side(top, top + number_at(blt, BLT_CLIP_HEIGHT), &r.y, &r.height, &r.source_y);
    clip_side(0, to->width, &r.x, &r.width, &r.source_x);
    clip_side(0, to->height, &r.y, &r.height, &r.source_y);
    if (from != NULL) {
        clip_side(0, from->width, &r.source_x, &r.width, &r.x);
        clip_side(0, from->height, &r.source_y, &r.height, &r.y);
    }
    return r;
}

static void copy_pixels(const Form *to, const Form *from, const Rectangle *r, unsigned rule, bool backward)
{
    uint32_t mask = to->depth == 32 ? UINT32_MAX : (1u << to->depth) - 1;
    for (int64_t row = 0; row < r->height; row++)
        for (int64_t column = 0; column < r->width; column++) {
            int64_t x = backward ? r->width - 1 - column : column, y = backward ? r->height - 1 - row : row;
            unsigned position, source_position;
            uint32_t *word = pixel_word(to, r->x + x, r->y + y, &position), source = mask;
            if (from != NULL) {
                source = *pixel_word(from, r->source_x + x, r->source_y + y, &source_position);
                source = source >> source_position & mask;
            }
            uint32_t answer = combine(rule, source, *word >> position & mask) & mask;
            *word = (*word & ~(mask << position)) | answer << position;
        }
}

int primitive_copy_bits(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value blt = arguments[0], source;
    Form to, from;
    bool has_source;

    if (!has_slots(blt, BLT_COLOR_MAP + 1) || is_context(blt))
        return primitive_fail(WHY_RECEIVER);
    *result = blt;
    if (slot_get(blt, BLT_DESTINATION) == special_object(SPECIAL_DISPLAY))
        return TAGGED_DONE;
    source = slot_get(blt, BLT_SOURCE);
    has_source = source != NIL;
    if (!form_get(slot_get(blt, BLT_DESTINATION), &to) || (has_source && !form_get(source, &from)) ||
        slot_get(blt, BLT_HALFTONE) != NIL || slot_get(blt, BLT_COLOR_MAP) != NIL || !value_is_integer(slot_get(blt, BLT_RULE)))
        return dropped();
    int64_t rule = value_integer(slot_get(blt, BLT_RULE));
    if (rule < 0 || rule > 15 || (has_source && from.depth != to.depth))
        return dropped();
    Rectangle r = clipped(blt, &to, has_source ? &from : NULL);
    bool backward = has_source && from.words == to.words && (r.y > r.source_y || (r.y == r.source_y && r.x > r.source_x));
    if (r.width > 0 && r.height > 0)
        copy_pixels(&to, has_source ? &from : NULL, &r, (unsigned)rule, backward);
    return TAGGED_DONE;
}

static bool table_number(Value table, int64_t index, int64_t *number)
{
    if (!is_pointers(table) || index < 0 || (uint64_t)index >= object_slot_count(table) ||
        !value_is_integer(slot_get(table, (uint64_t)index)))
        return false;
    *number = value_integer(slot_get(table, (uint64_t)index));
    return true;
}

/* displayString: string from: start to: stop map: glyphs xTable: edges kern: distance. Each character is copied from its
 * place in the source; the BitBlt's slots move on as they would in the image's own code. */
static int display_string(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    Value blt = arguments[0];
    if (count != 6 || !has_slots(blt, BLT_COLOR_MAP + 1) || is_context(blt) || !is_bytes(arguments[1]) ||
        !(arguments[2] & arguments[3] & arguments[6] & 1) || value_integer(arguments[2]) < 1 ||
        value_integer(arguments[3]) > (int64_t)object_byte_size(arguments[1]) || !value_is_integer(slot_get(blt, BLT_DESTINATION_X)))
        return primitive_fail(WHY_ARGUMENT);
    for (int64_t i = value_integer(arguments[2]) - 1; i < value_integer(arguments[3]); i++) {
        int64_t glyph, left, right;
        if (!table_number(arguments[4], ((const uint8_t *)object_slots(arguments[1]))[i], &glyph) ||
            !table_number(arguments[5], glyph, &left) || !table_number(arguments[5], glyph + 1, &right))
            return primitive_fail(WHY_INDEX);
        slot_set(blt, BLT_SOURCE_X, value_from_integer(left));
        slot_set(blt, BLT_WIDTH, value_from_integer(right - left));
        if (primitive_copy_bits(thread, arguments, 0, result) != TAGGED_DONE)
            return TAGGED_FAILED;
        int64_t x = value_integer(slot_get(blt, BLT_DESTINATION_X)) + right - left + value_integer(arguments[6]);
        slot_set(blt, BLT_DESTINATION_X, value_from_integer(x));
    }
    *result = blt;
    return TAGGED_DONE;
}

TaggedPrimitive *form_primitive(const char *name)
{
    if (strcmp(name, "primitiveCopyBits") == 0)
        return primitive_copy_bits;
    return strcmp(name, "primitiveDisplayString") == 0 ? display_string : NULL;
}
