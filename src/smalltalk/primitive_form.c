/* primitive_form.c - the primitives of BitBlt objects: their slots are read and checked here; bitblt.c does the work.
 *
 * There is no display: the form that stands for it is one like the others. What a BitBlt says that makes no sense fails, and
 * so do rules that the machine does not have: images have code for that. */
#include "smalltalk/bitblt.h"
#include "smalltalk/smalltalk_internal.h"

enum { BLT_DESTINATION, BLT_SOURCE, BLT_HALFTONE, BLT_RULE, BLT_DESTINATION_X, BLT_DESTINATION_Y, BLT_WIDTH, BLT_HEIGHT,
       BLT_SOURCE_X, BLT_SOURCE_Y, BLT_CLIP_X, BLT_CLIP_Y, BLT_CLIP_WIDTH, BLT_CLIP_HEIGHT, BLT_COLOR_MAP };
enum { FORM_BITS, FORM_WIDTH, FORM_HEIGHT, FORM_DEPTH };
enum { MAP_SHIFTS, MAP_MASKS, MAP_COLORS };
#define FORM_SIZE_LIMIT (1 << 20)

static bool is_words(Value value)
{
    return value_is_object(value) && (header_format(object_header(value)) & ~1u) == FORMAT_INDEXED_32;
}

static uint64_t word_count(Value words)
{
    return object_slot_count(words) * 2 - (header_format(object_header(words)) & 1);
}

static bool integer_slot(Value object, unsigned slot, int64_t *integer)
{
    Value value = slot_get(object, slot);
    if (!value_is_integer(value))
        return false;
    *integer = value_integer(value);
    return true;
}

static bool form_get(Value value, PixelForm *form)
{
    int64_t depth, magnitude;
    if (!has_slots(value, FORM_DEPTH + 1) || is_context(value) || !integer_slot(value, FORM_WIDTH, &form->width) ||
        !integer_slot(value, FORM_HEIGHT, &form->height) || !integer_slot(value, FORM_DEPTH, &depth))
        return false;
    if (depth < -32 || depth > 32)
        return false;
    magnitude = depth < 0 ? -depth : depth;
    form->depth = (unsigned)magnitude;
    form->reversed = depth < 0;
    if (magnitude == 0 || (magnitude & (magnitude - 1)) != 0 || form->width < 0 || form->height < 0 ||
        form->width > FORM_SIZE_LIMIT || form->height > FORM_SIZE_LIMIT)
        return false;
    Value bits = slot_get(value, FORM_BITS);
    form->pitch = (form->width * magnitude + 31) / 32;
    if (!value_is_object(bits) || is_pointers(bits) || is_method(bits) ||
        object_slot_count(bits) * 8 < (uint64_t)(form->pitch * form->height) * 4)
        return false;
    form->words = (uint32_t *)object_slots(bits);
    return true;
}

/* A number, cut to one that cannot overflow; nil stands for what the object leaves open. */
static bool number_get(Value blt, unsigned slot, int64_t if_nil, int64_t *integer)
{
    const double limit = 1 << 30;
    double number;
    if (slot_get(blt, slot) == NIL) {
        *integer = if_nil;
        return true;
    }
    if (!tagged_float_value(slot_get(blt, slot), &number) || number != number)
        return false;
    *integer = (int64_t)(number < -limit ? -limit : number > limit ? limit : number);
    return true;
}

static bool rectangle_get(Value blt, BitBlt *into)
{
    return number_get(blt, BLT_DESTINATION_X, 0, &into->x) && number_get(blt, BLT_DESTINATION_Y, 0, &into->y) &&
           number_get(blt, BLT_WIDTH, into->to.width, &into->width) && number_get(blt, BLT_HEIGHT, into->to.height, &into->height) &&
           number_get(blt, BLT_CLIP_X, 0, &into->clip_x) && number_get(blt, BLT_CLIP_Y, 0, &into->clip_y) &&
           number_get(blt, BLT_CLIP_WIDTH, into->to.width, &into->clip_width) &&
           number_get(blt, BLT_CLIP_HEIGHT, into->to.height, &into->clip_height);
}

/* An array of words, or a form of which the first word of each row is taken. */
static bool halftone_get(Value value, BitBlt *into)
{
    int64_t rows;
    if (is_words(value)) {
        rows = (int64_t)word_count(value);
    } else {
        if (!has_slots(value, FORM_DEPTH + 1) || is_context(value) || !integer_slot(value, FORM_HEIGHT, &rows))
            return false;
        value = slot_get(value, FORM_BITS);
        if (!is_words(value) || rows < 0 || (uint64_t)rows > word_count(value))
            return false;
    }
    into->halftone = (const uint32_t *)object_slots(value);
    into->halftone_rows = (uint64_t)rows;
    return rows != 0;
}

static unsigned component_bits_of(unsigned depth)
{
    return depth == 16 ? 5 : depth == 32 ? 8 : 0;
}

/* Pixels of 16 and 32 bits become colours of as many bits as the map has entries for, else as the destination has. */
static void convert_components(BitBlt *into)
{
    unsigned source = component_bits_of(into->from.depth), target = component_bits_of(into->to.depth);
    if (into->map.count == 512 || into->map.count == 4096 || into->map.count == 32768)
        target = into->map.count == 512 ? 3 : into->map.count == 4096 ? 4 : 5;
    if (source != 0 && target != 0)
        bitblt_map_components(&into->map, source, target);
}

static bool map_colors_get(Value value, PixelMap *map)
{
    if (!is_words(value))
        return false;
    map->colors = (uint32_t *)object_slots(value);
    map->count = word_count(value);
    return (map->count & (map->count - 1)) == 0;
}

static bool map_words_get(Value value, uint32_t *words)
{
    if (!is_words(value) || word_count(value) != 4)
        return false;
    memcpy(words, object_slots(value), 4 * sizeof *words);
    return true;
}

/* nil, an array of colours, or an object with shifts and masks for components, and perhaps colours. */
static bool map_get(Value value, BitBlt *into)
{
    PixelMap *map = &into->map;
    uint32_t shifts[4];
    into->maps = value != NIL || into->from.depth != into->to.depth;
    if (value == NIL || is_words(value)) {
        if (value != NIL && !map_colors_get(value, map))
            return false;
        convert_components(into);
        return true;
    }
    if (!has_slots(value, MAP_COLORS + 1) || is_context(value))
        return false;
    if (slot_get(value, MAP_COLORS) != NIL && !map_colors_get(slot_get(value, MAP_COLORS), map))
        return false;
    if (slot_get(value, MAP_SHIFTS) == NIL && slot_get(value, MAP_MASKS) == NIL)
        return true;
    if (!map_words_get(slot_get(value, MAP_SHIFTS), shifts) || !map_words_get(slot_get(value, MAP_MASKS), map->masks))
        return false;
    memcpy(map->shifts, shifts, sizeof shifts);
    map->fixed = (map->masks[0] | map->masks[1] | map->masks[2] | map->masks[3]) != 0;
    return true;
}

static bool rule_ignores_source(int64_t rule)
{
    return rule == RULE_ZERO || rule == RULE_DESTINATION || rule == RULE_NOT_DESTINATION || rule == RULE_ONE;
}

/* The address of what is drawn into is good until the next collection. 0: all is well; else why not. */
static enum PrimitiveError blt_get(Value blt, BitBlt *into)
{
    int64_t rule;
    *into = (BitBlt){0};
    if (!has_slots(blt, BLT_COLOR_MAP + 1) || is_context(blt))
        return WHY_RECEIVER;
    if (!integer_slot(blt, BLT_RULE, &rule) || !bitblt_rule_is_known(rule))
        return WHY_UNSUPPORTED;
    into->rule = (unsigned)rule;
    if (!form_get(slot_get(blt, BLT_DESTINATION), &into->to) || !rectangle_get(blt, into))
        return WHY_ARGUMENT;
    if (slot_get(blt, BLT_HALFTONE) != NIL && !rule_ignores_source(rule) && !halftone_get(slot_get(blt, BLT_HALFTONE), into))
        return WHY_ARGUMENT;
    if (slot_get(blt, BLT_SOURCE) != NIL && !rule_ignores_source(rule) &&
        (!form_get(slot_get(blt, BLT_SOURCE), &into->from) || !map_get(slot_get(blt, BLT_COLOR_MAP), into) ||
         !number_get(blt, BLT_SOURCE_X, 0, &into->source_x) || !number_get(blt, BLT_SOURCE_Y, 0, &into->source_y)))
        return WHY_ARGUMENT;
    if (is_read_only(slot_get(slot_get(blt, BLT_DESTINATION), FORM_BITS)))
        return WHY_NO_MODIFICATION;
    return WHY_UNKNOWN;
}

/* The rules with a constant alpha have it as their argument. */
static bool alpha_get(BitBlt *into, const Value *arguments, unsigned count)
{
    if (into->rule != RULE_ALPHA_BLEND_CONSTANT && into->rule != RULE_ALPHA_PAINT_CONSTANT)
        return true;
    if (count != 1 || !value_is_integer(arguments[1]) || value_integer(arguments[1]) < 0 || value_integer(arguments[1]) > 255)
        return false;
    into->alpha = (uint32_t)value_integer(arguments[1]);
    return true;
}

int primitive_copy_bits(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    BitBlt blt;
    enum PrimitiveError why = blt_get(arguments[0], &blt);

    if (why != WHY_UNKNOWN || !alpha_get(&blt, arguments, count))
        return primitive_fail(why != WHY_UNKNOWN ? why : WHY_ARGUMENT);
    bitblt_copy(&blt);
    *result = arguments[0];
    if (blt.rule == RULE_OLD_RGB_DIFFERENCE || blt.rule == RULE_RGB_DIFFERENCE)
        *result = value_from_integer((int64_t)blt.differences);
    return TAGGED_DONE;
}

/* ---- many at once: the BitBlt's slots move on as they would in the image's own code ---- */

static bool table_number(Value table, int64_t index, int64_t *number)
{
    if (!is_pointers(table) || index < 0 || (uint64_t)index >= object_slot_count(table) ||
        !value_is_integer(slot_get(table, (uint64_t)index)))
        return false;
    *number = value_integer(slot_get(table, (uint64_t)index));
    return *number >= 0 && *number <= FORM_SIZE_LIMIT;
}

/* Where a character's picture lies in the source. */
static bool glyph_get(const Value *arguments, int64_t index, int64_t *left, int64_t *right)
{
    int64_t glyph;
    return table_number(arguments[4], ((const uint8_t *)object_slots(arguments[1]))[index], &glyph) &&
           table_number(arguments[5], glyph, left) && table_number(arguments[5], glyph + 1, right);
}

static void copy_part(BitBlt blt) /* a copy: clipping changes it */
{
    bitblt_copy(&blt);
}

/* displayString: string from: start to: stop map: glyphs xTable: edges kern: distance */
static int display_string(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    BitBlt blt;
    int64_t left = 0, right = 0;
    if (count != 6 || blt_get(arguments[0], &blt) != WHY_UNKNOWN || !alpha_get(&blt, arguments, 0) || !is_bytes(arguments[1]) ||
        !(arguments[2] & arguments[3] & arguments[6] & 1) || value_integer(arguments[2]) < 1 ||
        value_integer(arguments[3]) > (int64_t)object_byte_size(arguments[1]) || is_read_only(arguments[0]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t first = value_integer(arguments[2]) - 1, end = value_integer(arguments[3]), kern = value_integer(arguments[6]);
    for (int64_t i = first; i < end; i++)
        if (!glyph_get(arguments, i, &left, &right))
            return primitive_fail(WHY_INDEX);
    *result = arguments[0];
    if (first >= end)
        return TAGGED_DONE;
    for (int64_t i = first; i < end; i++) {
        (void)glyph_get(arguments, i, &left, &right);
        blt.source_x = left;
        blt.width = right - left;
        copy_part(blt);
        blt.x += blt.width + kern;
    }
    slot_set(arguments[0], BLT_SOURCE_X, value_from_integer(left));
    slot_set(arguments[0], BLT_WIDTH, value_from_integer(right - left));
    slot_set(arguments[0], BLT_DESTINATION_X, value_from_integer(blt.x));
    return TAGGED_DONE;
}

/* A step in the longer direction each time, in the other one when that many have come together: J. Bresenham's way. */
static void draw_line(BitBlt *blt, int64_t dx, int64_t dy)
{
    int64_t step_x = (dx > 0) - (dx < 0), step_y = (dy > 0) - (dy < 0), wide = dx * step_x, high = dy * step_y;
    bool flat = wide > high;
    int64_t steps = flat ? wide : high, other = flat ? high : wide, potential = steps / 2;
    for (int64_t i = 1; i <= steps; i++) {
        bool both = (potential -= other) < 0;
        potential += both ? steps : 0;
        blt->x += flat || both ? step_x : 0;
        blt->y += !flat || both ? step_y : 0;
        if (i < steps)
            copy_part(*blt);
    }
}

/* drawLoopX: dx Y: dy. All points but the first and the last. */
static int draw_loop(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    BitBlt blt;
    if (count != 2 || !(arguments[1] & arguments[2] & 1) || blt_get(arguments[0], &blt) != WHY_UNKNOWN ||
        !alpha_get(&blt, arguments, 0) || is_read_only(arguments[0]))
        return primitive_fail(WHY_ARGUMENT);
    int64_t dx = value_integer(arguments[1]), dy = value_integer(arguments[2]);
    if (dx < -FORM_SIZE_LIMIT || dx > FORM_SIZE_LIMIT || dy < -FORM_SIZE_LIMIT || dy > FORM_SIZE_LIMIT)
        return primitive_fail(WHY_ARGUMENT);
    draw_line(&blt, dx, dy);
    slot_set(arguments[0], BLT_DESTINATION_X, value_from_integer(blt.x));
    slot_set(arguments[0], BLT_DESTINATION_Y, value_from_integer(blt.y));
    *result = arguments[0];
    return TAGGED_DONE;
}

/* A form's pixel; outside of it 0. */
static int pixel_value_at(Thread *thread, Value *arguments, unsigned count, Value *result)
{
    PixelForm form;
    if (count != 2 || !(arguments[1] & arguments[2] & 1) || !form_get(arguments[0], &form))
        return primitive_fail(WHY_ARGUMENT);
    int64_t x = value_integer(arguments[1]), y = value_integer(arguments[2]);
    bool inside = x >= 0 && y >= 0 && x < form.width && y < form.height;
    *result = value_from_integer(inside ? pixel_get(&form, x, y) : 0);
    return TAGGED_DONE;
}

TaggedPrimitive *form_primitive(const char *name)
{
    static const NamedPrimitive all[] = {
        {"primitiveCopyBits", primitive_copy_bits}, {"primitiveDisplayString", display_string},
        {"primitiveDrawLoop", draw_loop}, {"primitivePixelValueAt", pixel_value_at},
    };
    return named_primitive(all, sizeof all / sizeof all[0], name);
}
