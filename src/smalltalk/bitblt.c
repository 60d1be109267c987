/* bitblt.c - copying of a rectangle of pixels between forms. */
#include "smalltalk/bitblt.h"

#include <string.h>

bool bitblt_rule_is_known(int64_t rule)
{
    return (rule >= 0 && rule <= 15) || (rule >= RULE_ADD && rule <= RULE_ALPHA_BLEND_SCALED) ||
           (rule >= RULE_RGB_MULTIPLY && rule <= RULE_FIX_ALPHA);
}

/* ---- colour maps ---- */

static uint32_t shifted(uint32_t bits, int32_t shift)
{
    if (shift <= -32 || shift >= 32)
        return 0;
    return shift < 0 ? bits >> -shift : bits << shift;
}

uint32_t bitblt_map_pixel(const PixelMap *map, uint32_t pixel)
{
    uint32_t mapped = pixel;
    if (map->fixed) {
        mapped = 0;
        for (unsigned i = 0; i < 4; i++)
            mapped |= shifted(pixel & map->masks[i], map->shifts[i]);
        if (mapped == 0 && pixel != 0)
            mapped = 1; /* 0 is transparent */
    }
    return map->count != 0 ? map->colors[mapped & (map->count - 1)] : mapped;
}

void bitblt_map_components(PixelMap *map, unsigned source_bits, unsigned target_bits)
{
    int32_t more = (int32_t)target_bits - (int32_t)source_bits;
    unsigned kept = more < 0 ? target_bits : source_bits, lost = more < 0 ? source_bits - target_bits : 0;
    map->fixed = more != 0;
    for (unsigned i = 0; i < 3; i++) {
        unsigned place = 2 - i; /* red is the highest */
        map->masks[i] = ((1u << kept) - 1) << (source_bits * place + lost);
        map->shifts[i] = more * (int32_t)(place + 1);
    }
    map->masks[3] = 0;
    map->shifts[3] = 0;
}

/* ---- rules ---- */

/* The places of the pixels that are 0. */
static uint32_t zero_pixels(unsigned depth, uint32_t pixels)
{
    uint32_t answer = 0, mask = pixel_mask(depth);
    for (unsigned at = 0; at < 32; at += depth)
        if ((pixels >> at & mask) == 0)
            answer |= mask << at;
    return answer;
}

/* Of the 16 bitwise rules a bit each says what comes of (1, 1), (1, 0), (0, 1), (0, 0). */
static uint32_t combine_bits(unsigned rule, uint32_t source, uint32_t destination)
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

static uint32_t minimum(uint32_t x, uint32_t y)
{
    return x < y ? x : y;
}

/* One colour component, or a pixel that has none, of so many bits. */
static uint32_t combine_component(unsigned rule, uint32_t source, uint32_t destination, unsigned bits)
{
    uint32_t most = pixel_mask(bits);
    switch (rule) {
    case RULE_RGB_ADD: return minimum(source + destination, most);
    case RULE_RGB_SUBTRACT: return source < destination ? destination - source : source - destination;
    case RULE_RGB_MAXIMUM: return source > destination ? source : destination;
    case RULE_RGB_MINIMUM: return minimum(source, destination);
    case RULE_RGB_MINIMUM_INVERTED: return minimum(most - source, destination);
    default: /* RULE_RGB_MULTIPLY: as parts of one, rounded */
        return bits == 8 ? (source * destination + 127) / 255 : (source * destination + most / 2) / most;
    }
}

/* Where components of this depth begin: places of 5 bits in 16, of 8 bits in 32; else each pixel is one. */
static unsigned component_bits(unsigned depth)
{
    return depth == 16 ? 5 : depth == 32 ? 8 : depth;
}

static unsigned component_next(unsigned depth, unsigned at)
{
    return at + component_bits(depth) + (depth == 16 && (at & 15) == 10);
}

static uint32_t combine_components(unsigned rule, unsigned depth, uint32_t source, uint32_t destination)
{
    unsigned bits = component_bits(depth);
    uint32_t answer = 0, mask = pixel_mask(bits);
    for (unsigned at = 0; at < 32; at = component_next(depth, at))
        answer |= combine_component(rule, source >> at & mask, destination >> at & mask, bits) << at;
    return answer;
}

/* The source's alpha says how much of it there is; its own alpha counts as full. What is not whole is rounded up. */
static uint32_t alpha_blend(uint32_t source, uint32_t destination)
{
    uint32_t alpha = source >> 24, answer = 0;
    if (alpha == 0)
        return destination;
    if (alpha == 255)
        return source;
    source |= 0xff000000;
    for (unsigned at = 0; at < 32; at += 8)
        answer |= ((source >> at & 255) * alpha + (destination >> at & 255) * (255 - alpha) + 254) / 255 << at;
    return answer;
}

/* The source has been multiplied by its alpha already; where it is transparent, a form as it is adds nothing, whatever its colours. */
static uint32_t alpha_blend_scaled(const BitBlt *blt, uint32_t source, uint32_t destination)
{
    uint32_t rest = 255 - (source >> 24), answer = 0;
    if (rest == 255 && blt->plain && blt->halftone_rows == 0 && blt->from.words != blt->to.words)
        return destination;
    for (unsigned at = 0; at < 32; at += 8)
        answer |= minimum((source >> at & 255) + ((destination >> at & 255) * rest + 127) / 255, 255) << at;
    return answer;
}

/* With one alpha for all; paints: where the source's pixel is not 0. Pixels without components stay. */
static uint32_t alpha_blend_constant(const BitBlt *blt, uint32_t source, uint32_t destination, bool paints)
{
    unsigned depth = blt->to.depth, bits = component_bits(depth);
    uint32_t answer = 0, mask = pixel_mask(bits), kept = paints ? zero_pixels(depth, source) : 0;
    if (depth < 16)
        return destination;
    for (unsigned at = 0; at < 32; at = component_next(depth, at)) {
        uint32_t sum = (source >> at & mask) * blt->alpha + (destination >> at & mask) * (255 - blt->alpha);
        answer |= (sum + 127) / 255 << at;
    }
    return (answer & ~kept) | (destination & kept);
}

static uint32_t reversed_pixels(unsigned depth, uint32_t pixels)
{
    uint32_t answer = 0;
    for (unsigned at = 0; at < 32; at += depth)
        answer |= (pixels >> at & pixel_mask(depth)) << (32 - depth - at);
    return answer;
}

static uint32_t fix_alpha(unsigned depth, uint32_t source, uint32_t destination)
{
    bool wants = depth == 32 && destination != 0 && destination >> 24 == 0;
    return wants ? destination | (source & 0xff000000) : destination;
}

/* Components of pixels with them differ by a distance, others do or do not. */
static void count_differences(BitBlt *blt, uint32_t source, uint32_t destination, uint32_t mask)
{
    unsigned depth = blt->to.depth, bits = component_bits(depth);
    for (unsigned at = 0; at < 32; at = component_next(depth, at)) {
        uint32_t x = (source & mask) >> at & pixel_mask(bits), y = (destination & mask) >> at & pixel_mask(bits);
        if (depth == 32 && at == 24)
            break; /* alpha is no colour */
        blt->differences += depth < 16 ? x != y : x < y ? y - x : x - y;
    }
}

/* The table has a number for each pixel, or for the pixel's colour in so many bits a component. */
static void tally(BitBlt *blt, uint32_t destination, uint32_t mask)
{
    unsigned depth = blt->to.depth;
    PixelMap colors = {0};
    if (depth >= 16)
        bitblt_map_components(&colors, component_bits(depth), blt->map.count == 512 ? 3 : blt->map.count == 4096 ? 4 : 5);
    for (unsigned at = 0; at < 32 && blt->map.count != 0; at += depth)
        if (mask >> at & pixel_mask(depth))
            blt->map.colors[bitblt_map_pixel(&colors, destination >> at & pixel_mask(depth)) & (blt->map.count - 1)]++;
}

static uint32_t combine(BitBlt *blt, uint32_t source, uint32_t destination, uint32_t mask)
{
    unsigned depth = blt->to.depth;
    switch (blt->rule) {
    case RULE_ADD: return source + destination;
    case RULE_SUBTRACT: return source - destination;
    case RULE_OLD_RGB_DIFFERENCE:
    case RULE_RGB_DIFFERENCE: count_differences(blt, source, destination, mask); return destination;
    case RULE_OLD_TALLY:
    case RULE_TALLY: tally(blt, destination, mask); return destination;
    case RULE_ALPHA_BLEND: return alpha_blend(source, destination);
    case RULE_PAINT: return source | (destination & zero_pixels(depth, source));
    case RULE_ERASE: return destination & zero_pixels(depth, source);
    case RULE_ALPHA_BLEND_CONSTANT: return alpha_blend_constant(blt, source, destination, false);
    case RULE_ALPHA_PAINT_CONSTANT: return alpha_blend_constant(blt, source, destination, true);
    case RULE_ALPHA_BLEND_SCALED: return alpha_blend_scaled(blt, source, destination);
    case RULE_SWAP: return reversed_pixels(depth, destination);
    case RULE_CLEAR: return destination & ~zero_pixels(depth, source ^ destination);
    case RULE_FIX_ALPHA: return fix_alpha(depth, source, destination);
    default: return blt->rule <= 15 ? combine_bits(blt->rule, source, destination)
                                    : combine_components(blt->rule, depth, source, destination);
    }
}

/* ---- source pixels, in the places of a destination word ---- */

static uint32_t word_at(const uint32_t *row, int64_t pitch, int64_t index)
{
    return index >= 0 && index < pitch ? row[index] : 0;
}

/* 32 bits of a row from this bit on, in the form's own order of pixels. */
static uint32_t bits_at(const PixelForm *form, const uint32_t *row, int64_t bit)
{
    int64_t index = bit >> 5;
    unsigned shift = (unsigned)bit & 31;
    uint32_t first = word_at(row, form->pitch, index), second;
    if (shift == 0)
        return first;
    second = word_at(row, form->pitch, index + 1);
    return form->reversed ? first >> shift | second << (32 - shift) : first << shift | second >> (32 - shift);
}

/* Pixels of a row from x on, as the destination's. */
static void fetch_pixels(const BitBlt *blt, int64_t x, int64_t row, uint32_t *pixels, int64_t count)
{
    const PixelForm from = blt->from;
    const uint32_t *words = from.words + row * from.pitch;
    uint32_t mask = pixel_mask(from.depth), pixel, last = 0, color = 0;
    bool maps = blt->maps, known = false;
    for (int64_t i = 0; i < count; i++) {
        uint64_t bit = (uint64_t)(x + i) * from.depth;
        pixel = words[bit / 32] >> pixel_shift(&from, x + i) & mask;
        if (maps && (pixel != last || !known)) { /* neighbours are often alike */
            known = true;
            last = pixel;
            color = bitblt_map_pixel(&blt->map, pixel);
        }
        pixels[i] = maps ? color : pixel;
    }
}

static uint32_t mapped_pixels(const BitBlt *blt, int64_t row, int64_t first, int64_t end, int64_t x)
{
    uint32_t answer = 0, mask = pixel_mask(blt->to.depth), pixels[32];
    fetch_pixels(blt, x, row, pixels, end - first);
    for (int64_t i = first; i < end; i++)
        answer |= (pixels[i - first] & mask) << pixel_shift(&blt->to, i);
    return answer;
}

/* ---- the rectangle ---- */

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

void bitblt_clip(BitBlt *blt)
{
    clip_side(blt->clip_x, blt->clip_x + blt->clip_width, &blt->x, &blt->width, &blt->source_x);
    clip_side(blt->clip_y, blt->clip_y + blt->clip_height, &blt->y, &blt->height, &blt->source_y);
    clip_side(0, blt->to.width, &blt->x, &blt->width, &blt->source_x);
    clip_side(0, blt->to.height, &blt->y, &blt->height, &blt->source_y);
    if (blt->from.words == NULL)
        return;
    clip_side(0, blt->from.width, &blt->source_x, &blt->width, &blt->x);
    clip_side(0, blt->from.height, &blt->source_y, &blt->height, &blt->y);
}

/* The bits of the pixels [first, end) of a word. */
static uint32_t mask_between(const PixelForm *form, int64_t first, int64_t end)
{
    unsigned pixels = 32 / form->depth, low = (unsigned)(first & (pixels - 1)), count = (unsigned)(end - first);
    uint32_t mask = count == pixels ? UINT32_MAX : (1u << count * form->depth) - 1;
    return form->reversed ? mask << low * form->depth : mask << (32 - (low + count) * form->depth);
}

static void copy_word(BitBlt *blt, int64_t row, int64_t index, uint32_t halftone)
{
    int64_t pixels = 32 / blt->to.depth, start = index * pixels, first = start > blt->x ? start : blt->x;
    int64_t end = start + pixels < blt->x + blt->width ? start + pixels : blt->x + blt->width;
    int64_t source_row = blt->source_y + row - blt->y, distance = blt->source_x - blt->x;
    uint32_t *place = &blt->to.words[row * blt->to.pitch + index], source = UINT32_MAX;
    uint32_t mask = mask_between(&blt->to, first, end);

    if (blt->plain)
        source = bits_at(&blt->from, blt->from.words + source_row * blt->from.pitch, (start + distance) * blt->to.depth);
    else if (blt->from.words != NULL)
        source = mapped_pixels(blt, source_row, first, end, first + distance);
    *place = (*place & ~mask) | (combine(blt, source & halftone, *place, mask) & mask);
}

static void fill_words(uint32_t *place, int64_t count, uint32_t word)
{
    uint64_t two = (uint64_t)word << 32 | word;
    int64_t i = 0;
    for (; i + 2 <= count; i += 2)
        memcpy(place + i, &two, sizeof two);
    if (i < count)
        place[i] = word;
}

/* Whole words [first, end) of a row, where that is a fill or a move of words. false: they must be made one by one. */
static bool copy_words(BitBlt *blt, int64_t row, int64_t first, int64_t end, uint32_t halftone)
{
    uint32_t *place = blt->to.words + row * blt->to.pitch;
    int64_t bits = (blt->source_x - blt->x) * blt->to.depth;
    bool fills = blt->from.words == NULL, paints = fills && blt->rule == RULE_PAINT && zero_pixels(blt->to.depth, halftone) == 0;
    if ((blt->rule != RULE_OVER && !paints) || (!fills && (!blt->plain || halftone != UINT32_MAX || (bits & 31) != 0)))
        return false;
    if (!fills)
        memmove(place + first, blt->from.words + (blt->source_y + row - blt->y) * blt->from.pitch + first + bits / 32,
                (size_t)(end - first) * sizeof *place);
    else
        fill_words(place + first, end - first, halftone);
    return true;
}

/* ---- where each pixel of the destination is a word ---- */

#define PART 256 /* so many pixels of a row are read, and then written */

static uint32_t multiply_8888(uint32_t source, uint32_t destination)
{
    uint32_t answer = 0;
    for (unsigned at = 0; at < 32; at += 8)
        answer |= ((source >> at & 255) * (destination >> at & 255) + 127) / 255 << at;
    return answer;
}

/* All four components at once: the high bits are added apart, so that none is carried into its neighbour. */
static uint32_t add_8888(uint32_t source, uint32_t destination)
{
    const uint32_t high = 0x80808080;
    uint32_t low_sum = (source & ~high) + (destination & ~high), sum = low_sum ^ ((source ^ destination) & high);
    uint32_t carried = ((source & destination) | ((source | destination) & ~sum)) & high;
    return sum | (carried >> 7) * 255;
}

/* What is beside the strokes of a letter stays without a look at it. */
static void combine_part(BitBlt *blt, const uint32_t *source, uint32_t *place, int64_t count)
{
    switch (blt->rule) {
    case RULE_RGB_ADD:
        for (int64_t i = 0; i < count; i++)
            if (source[i] != 0)
                place[i] = add_8888(source[i], place[i]);
        break;
    case RULE_RGB_MULTIPLY:
        for (int64_t i = 0; i < count; i++)
            if (source[i] != UINT32_MAX)
                place[i] = multiply_8888(source[i], place[i]);
        break;
    case RULE_PAINT:
        for (int64_t i = 0; i < count; i++)
            if (source[i] != 0)
                place[i] = source[i];
        break;
    case RULE_ALPHA_BLEND:
        for (int64_t i = 0; i < count; i++)
            place[i] = alpha_blend(source[i], place[i]);
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            place[i] = combine(blt, source[i], place[i], UINT32_MAX);
    }
}

static void copy_part(BitBlt *blt, int64_t row, int64_t at, int64_t count, uint32_t halftone)
{
    uint32_t pixels[PART], *place = blt->to.words + row * blt->to.pitch + blt->x + at;
    int64_t source_row = blt->source_y + row - blt->y, source_x = blt->source_x + at;
    if (blt->from.words == NULL)
        fill_words(pixels, count, UINT32_MAX);
    else if (blt->plain)
        memcpy(pixels, blt->from.words + source_row * blt->from.pitch + source_x, (size_t)count * sizeof *pixels);
    else
        fetch_pixels(blt, source_x, source_row, pixels, count);
    for (int64_t i = 0; i < count && halftone != UINT32_MAX; i++)
        pixels[i] &= halftone;
    combine_part(blt, pixels, place, count);
}

static void copy_row_32(BitBlt *blt, int64_t row, bool leftward, uint32_t halftone)
{
    for (int64_t done = 0, count; done < blt->width; done += count) {
        count = blt->width - done < PART ? blt->width - done : PART;
        copy_part(blt, row, leftward ? blt->width - done - count : done, count, halftone);
    }
}

static void copy_row(BitBlt *blt, int64_t row, bool leftward)
{
    int64_t first = blt->x * blt->to.depth / 32, last = ((blt->x + blt->width) * blt->to.depth - 1) / 32;
    uint32_t halftone = blt->halftone_rows != 0 ? blt->halftone[(uint64_t)row % blt->halftone_rows] : UINT32_MAX;
    bool whole = ((blt->x | blt->width) * blt->to.depth & 31) == 0; /* as all pixels of 32 bits are */

    if (whole && copy_words(blt, row, first, last + 1, halftone))
        return;
    if (blt->to.depth == 32) {
        copy_row_32(blt, row, leftward, halftone);
        return;
    }
    for (int64_t word = 0; word <= last - first; word++)
        copy_word(blt, row, leftward ? last - word : first + word, halftone);
}

void bitblt_copy(BitBlt *blt)
{
    bitblt_clip(blt);
    blt->differences = 0;
    if (blt->width <= 0 || blt->height <= 0)
        return;
    blt->plain = blt->from.words != NULL && !blt->maps && blt->from.depth == blt->to.depth && blt->from.reversed == blt->to.reversed;
    /* a form copied onto itself: what is still to be read must not be overwritten */
    bool same = blt->from.words == blt->to.words;
    bool upward = same && blt->y > blt->source_y, leftward = same && blt->y == blt->source_y && blt->x > blt->source_x;
    for (int64_t i = 0; i < blt->height; i++)
        copy_row(blt, blt->y + (upward ? blt->height - 1 - i : i), leftward);
}
