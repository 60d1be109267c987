/* bitblt.h - copying of a rectangle of pixels between forms: BitBlt, without the guest's objects.
 *
 * A form's rows are whole 32-bit words. A word holds 32 / depth pixels; the leftmost one has the highest bits, or, in a reversed form,
 * the lowest. Each word of the destination is combined with a word of source pixels in the same places:
 *
 *   source pixel -> colour map -> AND halftone -> rule(source, destination) -> destination, where the rectangle is
 */
#ifndef SMALLTALK_BITBLT_H
#define SMALLTALK_BITBLT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct PixelForm {
    uint32_t *words;
    int64_t width, height, pitch; /* pitch: words of a row */
    unsigned depth;               /* 1, 2, 4, 8, 16, 32 */
    bool reversed;
} PixelForm;

/* First the fixed part, if there is one: components are masked, shifted (left, if positive) and put together; what is not 0 stays
 * so. Then the indexed part: the entry of that number, modulo count. */
typedef struct PixelMap {
    bool fixed;
    uint32_t masks[4];
    int32_t shifts[4];
    uint32_t *colors; /* count: a power of two; 0: no indexed part */
    uint64_t count;
} PixelMap;

enum BitBltRule {
    RULE_ZERO = 0, RULE_OVER = 3, RULE_DESTINATION = 5, RULE_NOT_DESTINATION = 10, RULE_ONE = 15,
    RULE_ADD = 18, RULE_SUBTRACT, RULE_RGB_ADD, RULE_RGB_SUBTRACT, RULE_OLD_RGB_DIFFERENCE, RULE_OLD_TALLY, RULE_ALPHA_BLEND,
    RULE_PAINT, RULE_ERASE, RULE_RGB_MAXIMUM, RULE_RGB_MINIMUM, RULE_RGB_MINIMUM_INVERTED, RULE_ALPHA_BLEND_CONSTANT,
    RULE_ALPHA_PAINT_CONSTANT, RULE_RGB_DIFFERENCE, RULE_TALLY, RULE_ALPHA_BLEND_SCALED,
    RULE_RGB_MULTIPLY = 37, RULE_SWAP, RULE_CLEAR, RULE_FIX_ALPHA
};

typedef struct BitBlt {
    PixelForm to, from; /* from.words NULL: all ones */
    const uint32_t *halftone;
    uint64_t halftone_rows; /* 0: no halftone */
    unsigned rule;
    int64_t x, y, width, height, source_x, source_y;
    int64_t clip_x, clip_y, clip_width, clip_height;
    uint32_t alpha; /* of the rules with a constant one, 0-255 */
    bool maps;      /* by what follows; else pixels are extended with zeros, or cut */
    PixelMap map;
    bool plain;           /* source pixels are taken as they are: set by bitblt_copy */
    uint64_t differences; /* rules 22 and 32: their sum */
} BitBlt;

bool bitblt_rule_is_known(int64_t rule);
/* Components of source_bits each become such of target_bits: high bits stay. */
void bitblt_map_components(PixelMap *map, unsigned source_bits, unsigned target_bits);
uint32_t bitblt_map_pixel(const PixelMap *map, uint32_t pixel);
void bitblt_clip(BitBlt *blt); /* the rectangle, by its own clipping one and the forms */
void bitblt_copy(BitBlt *blt); /* clips, too */
static inline uint32_t pixel_mask(unsigned depth)
{
    return depth == 32 ? UINT32_MAX : (1u << depth) - 1;
}
static inline unsigned pixel_shift(const PixelForm *form, int64_t x)
{
    unsigned bit = (unsigned)(x * form->depth) & 31;
    return form->reversed ? bit : 32 - form->depth - bit;
}
static inline uint32_t pixel_get(const PixelForm *form, int64_t x, int64_t y)
{
    return form->words[y * form->pitch + x * form->depth / 32] >> pixel_shift(form, x) & pixel_mask(form->depth);
}

#endif
