/* bitblt_test.c - each rule, depth, colour map and way of clipping against a reference that goes pixel by pixel. */
#include "smalltalk/bitblt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define WORDS 1400

static uint64_t state = 1;

static uint32_t some(uint32_t limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % limit;
}

static uint32_t some_word(void)
{
    switch (some(8)) {
    case 0: return 0;
    case 1: return 0xffffffff;
    case 2: return some(1 << 16);
    default: return some(1 << 16) << 16 | some(1 << 16);
    }
}

static PixelForm form_over(uint32_t *words, int64_t width, int64_t height, int depth)
{
    PixelForm form = {words, width, height, (width * abs(depth) + 31) / 32, (unsigned)abs(depth), depth < 0};
    for (int i = 0; i < WORDS; i++)
        words[i] = some_word();
    return form;
}

/* ---- the reference: a pixel is a number whose bits are looked for one by one ---- */

static uint32_t *bit_place(const PixelForm *form, int64_t x, int64_t y, unsigned bit, unsigned *shift)
{
    unsigned per_word = 32 / form->depth, place = (unsigned)(x % per_word);
    if (!form->reversed)
        place = per_word - 1 - place;
    *shift = place * form->depth + bit;
    return form->words + y * form->pitch + x / per_word;
}

static uint32_t get(const PixelForm *form, int64_t x, int64_t y)
{
    uint32_t pixel = 0;
    unsigned shift;
    for (unsigned bit = 0; bit < form->depth; bit++) {
        uint32_t word = *bit_place(form, x, y, bit, &shift);
        if (word >> shift & 1)
            pixel |= 1u << bit;
    }
    return pixel;
}

static void put(const PixelForm *form, int64_t x, int64_t y, uint32_t pixel)
{
    unsigned shift;
    for (unsigned bit = 0; bit < form->depth; bit++) {
        uint32_t *word = bit_place(form, x, y, bit, &shift);
        *word = pixel >> bit & 1 ? *word | 1u << shift : *word & ~(1u << shift);
    }
}

/* What the names of the rules say, for a bit of the source and one of the destination. */
static bool bitwise(unsigned rule, bool s, bool d)
{
    switch (rule) {
    case 0: return false;
    case 1: return s && d;
    case 2: return s && !d;
    case 3: return s;
    case 4: return !s && d;
    case 5: return d;
    case 6: return s != d;
    case 7: return s || d;
    case 8: return !s && !d;
    case 9: return !s != d;
    case 10: return !d;
    case 11: return s || !d;
    case 12: return !s;
    case 13: return !s || d;
    case 14: return !s || !d;
    default: return true;
    }
}

static uint32_t component(unsigned rule, uint32_t s, uint32_t d, uint32_t most)
{
    switch (rule) {
    case 20: return s + d > most ? most : s + d;
    case 21: return (uint32_t)labs((long)s - (long)d);
    case 27: return s > d ? s : d;
    case 28: return s < d ? s : d;
    case 29: return most - s < d ? most - s : d;
    default: return (uint32_t)lround((double)s * d / most); /* 37 */
    }
}

static uint32_t blend(unsigned rule, uint32_t s, uint32_t d, uint32_t alpha)
{
    double mixed = (double)s * alpha + (double)d * (255 - alpha);
    return (uint32_t)(rule == 24 ? ceil(mixed / 255) : lround(mixed / 255));
}

static uint32_t field(uint32_t pixel, unsigned index, unsigned bits)
{
    return pixel >> index * bits & (bits == 32 ? UINT32_MAX : (1u << bits) - 1);
}

static uint32_t reference_pixel(const BitBlt *b, uint32_t s, uint32_t d, bool other_form)
{
    unsigned depth = b->to.depth, bits = depth == 16 ? 5 : depth == 32 ? 8 : depth, fields = depth == 16 ? 3 : depth == 32 ? 4 : 1;
    uint32_t mask = depth == 32 ? UINT32_MAX : (1u << depth) - 1, answer = 0, alpha = b->rule == 24 ? s >> 24 : b->alpha;

    if (b->rule <= 15) {
        for (unsigned bit = 0; bit < depth; bit++)
            answer |= (uint32_t)bitwise(b->rule, s >> bit & 1, d >> bit & 1) << bit;
        return answer;
    }
    switch (b->rule) {
    case 18: return (s + d) & mask;
    case 19: return (s - d) & mask;
    case 22: case 23: case 32: case 33: return d;
    case 25: return s != 0 ? s : d;
    case 26: return s != 0 ? 0 : d;
    case 39: return s == d ? 0 : d;
    case 40: return depth == 32 && d != 0 && d >> 24 == 0 ? d | (s & 0xff000000) : d;
    case 24:
        if (alpha == 0 || alpha == 255)
            return alpha == 0 ? d : s;
        break;
    case 30: case 31:
        if (depth < 16 || (b->rule == 31 && s == 0))
            return d;
        break;
    case 34:
        if (s >> 24 == 0 && other_form)
            return d;
        break;
    }
    for (unsigned i = 0; i < fields; i++) {
        uint32_t x = field(s, i, bits), y = field(d, i, bits), made;
        if (b->rule == 24 || b->rule == 30 || b->rule == 31)
            made = blend(b->rule, b->rule == 24 && i == 3 ? 255 : x, y, alpha);
        else if (b->rule == 34)
            made = (uint32_t)fmin(255, (double)x + (double)lround((double)y * (255 - (s >> 24)) / 255));
        else
            made = component(b->rule, x, y, (uint32_t)((1ull << bits) - 1));
        answer |= made << i * bits;
    }
    return answer;
}

static uint32_t reference_map(const BitBlt *b, uint32_t pixel)
{
    int64_t mapped = pixel;
    if (!b->maps)
        return pixel;
    if (b->map.fixed) {
        mapped = 0;
        for (int i = 0; i < 4; i++) {
            double moved = floor(ldexp((double)(pixel & b->map.masks[i]), b->map.shifts[i]));
            mapped |= (int64_t)fmod(moved, 4294967296.0);
        }
        if (mapped == 0 && pixel != 0)
            mapped = 1;
    }
    return b->map.count != 0 ? b->map.colors[(uint64_t)mapped % b->map.count] : (uint32_t)mapped;
}

/* All source pixels are read before anything is written: so overlapping makes no difference. */
static void reference(const BitBlt *b, const PixelForm *into)
{
    static uint32_t made[WORDS * 32], kept[WORDS];
    PixelForm from = b->from;
    memcpy(kept, b->to.words, sizeof kept);
    if (b->from.words == b->to.words)
        from.words = kept;
    for (int round = 0; round < 2; round++)
        for (int64_t y = 0; y < b->to.height; y++)
            for (int64_t x = 0; x < b->to.width; x++) {
                int64_t sx = b->source_x + x - b->x, sy = b->source_y + y - b->y;
                uint32_t *place = &made[y * b->to.width + x], mask = b->to.depth == 32 ? UINT32_MAX : (1u << b->to.depth) - 1;
                if (x < b->x || y < b->y || x >= b->x + b->width || y >= b->y + b->height || x < b->clip_x || y < b->clip_y ||
                    x >= b->clip_x + b->clip_width || y >= b->clip_y + b->clip_height ||
                    (from.words != NULL && (sx < 0 || sy < 0 || sx >= from.width || sy >= from.height)))
                    continue;
                if (round == 1) {
                    put(into, x, y, *place);
                    continue;
                }
                uint32_t source = from.words != NULL ? reference_map(b, get(&from, sx, sy)) & mask : mask;
                if (b->halftone_rows != 0) {
                    uint32_t row = b->halftone[(uint64_t)y % b->halftone_rows];
                    PixelForm pattern = {&row, 32 / b->to.depth, 1, 1, b->to.depth, b->to.reversed};
                    source &= get(&pattern, x % (32 / b->to.depth), 0);
                }
                bool other = !b->maps && b->halftone_rows == 0 && from.words != NULL && b->from.words != b->to.words;
                *place = reference_pixel(b, source, get(&b->to, x, y), other);
            }
}

/* ---- random rectangles ---- */

static void random_rectangle(BitBlt *b)
{
    b->x = (int64_t)some(16) - 4;
    b->y = (int64_t)some(6) - 2;
    b->width = some(30);
    b->height = some(8);
    b->source_x = (int64_t)some(16) - 4;
    b->source_y = (int64_t)some(6) - 2;
    b->clip_x = (int64_t)some(8) - 2;
    b->clip_y = (int64_t)some(4) - 1;
    b->clip_width = 6 + some(24);
    b->clip_height = 2 + some(6);
    b->alpha = some(256);
}

static uint32_t to_words[WORDS], from_words[WORDS], wanted[WORDS], halftone[4], colors[4096];

static bool agrees(BitBlt *b)
{
    PixelForm into = b->to;
    into.words = wanted;
    memcpy(wanted, to_words, sizeof wanted);
    reference(b, &into);
    bitblt_copy(b);
    return memcmp(wanted, to_words, sizeof wanted) == 0;
}

static const int depths[] = {1, 2, 4, 8, 16, 32, -1, -2, -4, -8, -16, -32};
#define DEPTHS 12
#define POSITIVE 6

/* Sizes that are no whole words, and that leave room in the arrays. */
static BitBlt random_copy(unsigned rule, int to_depth, int from_depth)
{
    BitBlt b = {.rule = rule};
    b.to = form_over(to_words, 1 + some((uint32_t)(32 * 7 / abs(to_depth) > 40 ? 40 : 32 * 7 / abs(to_depth))), 7, to_depth);
    if (from_depth != 0)
        b.from = form_over(from_words, 1 + some((uint32_t)(32 * 7 / abs(from_depth) > 40 ? 40 : 32 * 7 / abs(from_depth))), 6, from_depth);
    for (int i = 0; i < 4; i++)
        halftone[i] = some_word();
    b.halftone = halftone;
    b.halftone_rows = some(2) * (1 + some(4));
    random_rectangle(&b);
    return b;
}

static bool rule_is_of_pixels(unsigned rule, int depth)
{
    if (rule == 18 || rule == 19 || rule == 24 || rule == 34)
        return abs(depth) == 32; /* they take words for pixels */
    return rule != 38 && bitblt_rule_is_known(rule);
}

static void test_rules(void)
{
    for (unsigned rule = 0; rule <= 41; rule++)
        for (int d = 0; d < DEPTHS; d++)
            for (int i = 0; i < 40 && rule_is_of_pixels(rule, depths[d]); i++) {
                BitBlt b = random_copy(rule, depths[d], i % 3 == 0 ? 0 : depths[d]);
                if (i % 3 == 2)
                    b.from = b.to; /* onto itself */
                CHECK(agrees(&b));
            }
}

/* Rows of more pixels than are read at once, onto themselves too, in either direction. */
static void test_long_rows(void)
{
    for (unsigned rule = 0; rule <= 41; rule++)
        for (int i = 0; i < 24 && rule_is_of_pixels(rule, 32); i++) {
            BitBlt b = random_copy(rule, 32, i % 4 == 0 ? 0 : i % 4 == 1 ? 16 : 32);
            b.to = form_over(to_words, 650, 2, 32);
            if (i % 4 == 1)
                b.from = form_over(from_words, 700, 2, 16);
            else
                b.from = i % 4 == 0 ? b.from : i % 4 == 2 ? form_over(from_words, 640, 2, 32) : b.to;
            b.maps = b.from.words != NULL && b.from.depth != 32;
            b.x = some(300);
            b.source_x = some(300);
            b.width = 250 + some(400);
            b.clip_x = some(20);
            b.clip_width = 600;
            b.halftone_rows = b.halftone_rows * (i < 12);
            CHECK(agrees(&b));
        }
}

static void test_depths(void)
{
    static const unsigned rules[] = {3, 6, 25, 20, 37};
    for (unsigned r = 0; r < sizeof rules / sizeof rules[0]; r++)
        for (int d = 0; d < DEPTHS; d++)
            for (int s = 0; s < DEPTHS; s++)
                for (int i = 0; i < 4; i++) {
                    BitBlt b = random_copy(rules[r], depths[d], depths[s]);
                    b.maps = b.from.depth != b.to.depth;
                    CHECK(agrees(&b));
                }
}

static void test_maps(void)
{
    for (int d = 0; d < DEPTHS; d++)
        for (int s = 0; s < DEPTHS; s++)
            for (int i = 0; i < 6; i++) {
                BitBlt b = random_copy(i % 2 == 0 ? 3 : 25, depths[d], depths[s]);
                b.maps = true;
                b.map = (PixelMap){.fixed = some(2) != 0, .colors = colors, .count = i == 5 ? 0 : 1ull << some(13)};
                for (unsigned k = 0; k < b.map.count; k++)
                    colors[k] = some_word();
                for (int k = 0; k < 4; k++) {
                    b.map.masks[k] = some_word();
                    b.map.shifts[k] = (int32_t)some(80) - 40;
                }
                CHECK(agrees(&b));
            }
}

/* Components of 5 and 8 bits become each other, and those of 3, 4 and 5 that tables of 512, 4096 and 32768 are for. */
static void test_components(void)
{
    static const unsigned from[] = {5, 8}, into[] = {3, 4, 5, 8};
    for (unsigned f = 0; f < 2; f++)
        for (unsigned t = 0; t < 4; t++) {
            PixelMap map = {0};
            bitblt_map_components(&map, from[f], into[t]);
            for (int i = 0; i < 300; i++) {
                uint32_t pixel = some_word() & (from[f] == 5 ? 0x7fff : 0xffffff), expected = 0;
                for (unsigned k = 0; k < 3; k++)
                    expected |= (uint32_t)floor(ldexp(field(pixel, k, from[f]), (int)into[t] - (int)from[f])) << k * into[t];
                CHECK_EQUAL(bitblt_map_pixel(&map, pixel), expected != 0 || pixel == 0 ? expected : 1);
            }
        }
}

/* Swap: the pixels of each word in the other order. */
static void test_swap(void)
{
    for (int d = 0; d < POSITIVE; d++) {
        BitBlt b = random_copy(38, depths[d], 0);
        unsigned pixels = 32 / b.to.depth;
        b.to.width = 3 * pixels;
        b.to.pitch = 3;
        b.to.height = 2;
        b.x = b.y = b.clip_x = b.clip_y = 0;
        b.width = b.clip_width = b.to.width;
        b.height = b.clip_height = 2;
        PixelForm before = b.to;
        before.words = wanted;
        memcpy(wanted, to_words, sizeof wanted);
        bitblt_copy(&b);
        for (int64_t x = 0; x < b.width; x++)
            CHECK_EQUAL(get(&b.to, x, 1), get(&before, x / pixels * pixels + pixels - 1 - x % pixels, 1));
    }
}

/* Rules that count: differences of components, or differing pixels; how many pixels there are of each value. */
static void test_counting(void)
{
    for (int d = 0; d < POSITIVE; d++)
        for (int i = 0; i < 20; i++) {
            BitBlt b = random_copy(32, depths[d], depths[d]);
            uint64_t sum = 0, count = 0;
            b.halftone_rows = 0;
            BitBlt clipped = b;
            bitblt_clip(&clipped);
            for (int64_t y = clipped.y; y < clipped.y + clipped.height; y++)
                for (int64_t x = clipped.x; x < clipped.x + clipped.width; x++, count++) {
                    uint32_t p = get(&b.to, x, y), q = get(&b.from, clipped.source_x + x - clipped.x, clipped.source_y + y - clipped.y);
                    unsigned bits = b.to.depth == 16 ? 5 : 8;
                    for (unsigned k = 0; k < 3 && b.to.depth >= 16; k++)
                        sum += (uint64_t)labs((long)field(p, k, bits) - (long)field(q, k, bits));
                    sum += b.to.depth < 16 && p != q;
                }
            CHECK(agrees(&b));
            CHECK_EQUAL(b.differences, sum);
            memset(colors, 0, sizeof colors);
            BitBlt tally = clipped;
            tally.rule = 33;
            tally.map = (PixelMap){.colors = colors, .count = b.to.depth <= 8 ? 1ull << b.to.depth : 512};
            CHECK(agrees(&tally));
            uint64_t all = 0;
            for (unsigned k = 0; k < 512; k++)
                all += colors[k];
            CHECK_EQUAL(all, clipped.width > 0 && clipped.height > 0 ? count : 0);
            if (count != 0 && clipped.width > 0 && b.to.depth <= 8)
                CHECK(colors[get(&b.to, clipped.x, clipped.y)] > 0);
        }
}

/* Some values by hand. */
static void test_values(void)
{
    static const struct {
        uint32_t rule, depth, alpha, source, destination, answer;
    } all[] = {
        {20, 32, 0, 0x40ff8001, 0x80207fff, 0xc0ffffff}, {20, 16, 0, 0x7c1f0421, 0x042103ff, 0x7c3f07ff},
        {21, 8, 0, 0x10ff8000, 0x20007f05, 0x10ff0105}, {24, 32, 0, 0x80ffffff, 0xff000000, 0xff808080},
        {24, 32, 0, 0x00ffffff, 0x12345678, 0x12345678}, {24, 32, 0, 0xff112233, 0x12345678, 0xff112233},
        {25, 8, 0, 0x00110022, 0xaabbccdd, 0xaa11cc22}, {26, 8, 0, 0x00110022, 0xaabbccdd, 0xaa00cc00},
        {30, 32, 128, 0xffffffff, 0, 0x80808080}, {34, 32, 0, 0x80404040, 0xffffffff, 0xffbfbfbf},
        {37, 32, 0, 0xffff8000, 0xff4080ff, 0xff404000}, {39, 4, 0, 0x12345678, 0x1f3e5d7c, 0x0f0e0d0c},
        {40, 32, 0, 0x80ffffff, 0x00123456, 0x80123456},
    };
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        uint32_t source = all[i].source, destination = all[i].destination;
        int64_t width = 32 / all[i].depth;
        BitBlt b = {.to = {&destination, width, 1, 1, all[i].depth, false}, .from = {&source, width, 1, 1, all[i].depth, false},
                    .rule = all[i].rule, .width = width, .height = 1, .clip_width = width, .clip_height = 1, .alpha = all[i].alpha};
        bitblt_copy(&b);
        CHECK_EQUAL(destination, all[i].answer);
    }
}

int main(void)
{
    test_rules();
    test_long_rows();
    test_depths();
    test_maps();
    test_components();
    test_swap();
    test_counting();
    test_values();
    printf("bitblt: %lu checks passed\n", test_checks_passed);
    return 0;
}
