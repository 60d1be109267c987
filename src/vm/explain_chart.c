/* explain_chart.c - counts as an SVG: for the totals and for each method a bar for the stack's instructions and one for
 * the register code's. */
#include "vm/explain.h"

#define WIDTH 960
#define LABEL_WIDTH 380
#define BAR_WIDTH 420 /* of the longest */
#define BAR_HEIGHT 9
#define ROW_HEIGHT 28
#define TOP 64
#define CHART_ROWS 40 /* methods, if no other number is asked for */

static void write_text(FILE *file, const char *text, size_t limit)
{
    for (size_t i = 0; text[i] != 0 && i < limit; i++)
        switch (text[i]) {
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '&': fputs("&amp;", file); break;
        case '"': fputs("&quot;", file); break;
        default: fputc(text[i], file);
        }
}

static void write_bar(FILE *file, int y, const char *kind, uint64_t value, uint64_t most)
{
    double width = most == 0 ? 0 : (double)BAR_WIDTH * (double)value / (double)most;

    fprintf(file, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                  "<text class=\"number\" x=\"%.1f\" y=\"%d\">%llu</text>\n",
            kind, LABEL_WIDTH, y, width, BAR_HEIGHT, LABEL_WIDTH + width + 4, y + BAR_HEIGHT - 1, (unsigned long long)value);
}

static void write_row(FILE *file, size_t row, const char *label, uint64_t guest, uint64_t machine, uint64_t most)
{
    int y = TOP + (int)row * ROW_HEIGHT;

    fprintf(file, "<text class=\"label\" x=\"%d\" y=\"%d\">", LABEL_WIDTH - 8, y + BAR_HEIGHT + 4);
    write_text(file, label, 60);
    fprintf(file, "</text>\n");
    write_bar(file, y, "stack", guest, most);
    write_bar(file, y + BAR_HEIGHT + 1, "register", machine, most);
}

static void write_head(FILE *file, size_t rows)
{
    int height = TOP + (int)rows * ROW_HEIGHT + 16;

    fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
                  "<style>text{font:12px sans-serif;fill:#222}.label{text-anchor:end}.number{font-size:9px}"
                  ".title{font-size:15px}.stack{fill:#c2703d}.register{fill:#2f6f8f}</style>\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            WIDTH, height, WIDTH, height);
    fprintf(file, "<text class=\"title\" x=\"16\" y=\"24\">Stack bytecode, and the register code executed in its place</text>\n"
                  "<rect class=\"stack\" x=\"16\" y=\"36\" width=\"12\" height=\"12\"/><text x=\"34\" y=\"46\">bytecode</text>\n"
                  "<rect class=\"register\" x=\"110\" y=\"36\" width=\"12\" height=\"12\"/><text x=\"128\" y=\"46\">register code</text>\n");
}

static uint64_t greatest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* All totals in one scale, all methods in another. */
void explain_write_chart(FILE *file, const ExplainCounts *counts, size_t rows)
{
    const uint64_t *guest = counts->total.guest, *machine = counts->total.machine;
    const struct {
        const char *label;
        uint64_t guest, machine;
    } totals[] = {
        {"instructions executed", guest[WORK_INSTRUCTIONS], machine[WORK_INSTRUCTIONS]},
        {"operands read", explain_reads(guest), explain_reads(machine)},
        {"operands written", explain_writes(guest), explain_writes(machine)},
        {"bytes of instructions executed", guest[WORK_BYTES], machine[WORK_BYTES]},
    };
    size_t total_rows = sizeof totals / sizeof *totals, shown = rows == 0 ? CHART_ROWS : rows;
    uint64_t most = 0, most_of_methods = 0;

    if (shown > counts->count)
        shown = counts->count;
    for (size_t i = 0; i < total_rows; i++) most = greatest(most, greatest(totals[i].guest, totals[i].machine));
    for (size_t i = 0; i < shown; i++)
        most_of_methods = greatest(most_of_methods, greatest(counts->methods[i].guest[WORK_INSTRUCTIONS],
                                                             counts->methods[i].machine[WORK_INSTRUCTIONS]));
    write_head(file, total_rows + 1 + shown);
    for (size_t i = 0; i < total_rows; i++) write_row(file, i, totals[i].label, totals[i].guest, totals[i].machine, most);
    for (size_t i = 0; i < shown; i++)
        write_row(file, total_rows + 1 + i, counts->methods[i].name, counts->methods[i].guest[WORK_INSTRUCTIONS],
                  counts->methods[i].machine[WORK_INSTRUCTIONS], most_of_methods);
    fputs("</svg>\n", file);
}
