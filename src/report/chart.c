/* SPDX-License-Identifier: MIT
 *
 * The picture is laid out in units of a pixel at 960 x 540: the ground, the axis, the lines,
 * then the names, which are pushed apart where they would meet.
 */
#include "report/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/table.h"

typedef struct series {
    const char *name;
    const double *values;
    double label_y;
} series;

struct chart {
    const char *title, *subtitle;
    chart_point *points;
    size_t count;
    series *items;
    size_t item_count, capacity;
    int digits; /* of numbers, behind the point */
    arena *memory;
};

enum {
    WIDTH = 960,
    HEIGHT = 540,
    LEFT = 72,
    TOP = 96,
    BOTTOM = 480,
    LINE_HEIGHT = 19,
    LETTER = 8, /* about as wide as one of a name is */
    MOST_LABELS = 9
};

/* Told apart also by those who see few colours, and dark enough to be read. */
static const char *const colours[CHART_COLOURS] = {"#1f5fbf", "#b8450e", "#1a7f64",
                                                   "#8a4fc7", "#8f6a00", "#c2367d",
                                                   "#0b7f9f", "#5a6b23"};

chart *chart_new(const char *title, const char *subtitle, const chart_point *points,
                 size_t count)
{
    arena *memory = arena_new();
    chart *c = arena_alloc(memory, sizeof *c);
    c->memory = memory;
    c->title = arena_copy_string(memory, title);
    c->subtitle = arena_copy_string(memory, subtitle);
    c->count = count;
    c->digits = 0;
    c->points = arena_alloc_array(memory, count + 1, sizeof *c->points);
    for (size_t i = 0; i < count; i++)
        c->points[i] = (chart_point){arena_copy_string(memory, points[i].label),
                                     arena_copy_string(memory, points[i].below)};
    return c;
}

void chart_free(chart *c)
{
    if (!c)
        return;
    memory_free(c->items);
    arena_free(c->memory);
}

void chart_series(chart *c, const char *name, const double *values)
{
    double *own = arena_alloc_array(c->memory, c->count + 1, sizeof *own);
    for (size_t i = 0; i < c->count; i++)
        own[i] = values[i];
    memory_grow((void **)&c->items, c->item_count, &c->capacity, sizeof *c->items);
    c->items[c->item_count++] =
        (series){.name = arena_copy_string(c->memory, name), .values = own};
}

void chart_digits(chart *c, int digits)
{
    c->digits = digits;
}

/* ---- where things lie --------------------------------------------------- */

typedef struct layout {
    double right, bottom_value, top_value, step;
} layout;

/* 1, 2 or 5 times a power of ten, so that about five steps go through the range, and none needs more digits. */
static double round_step(double range, int digits)
{
    double raw = range / 5, least = pow(10, -digits);
    if (raw <= least)
        return least;
    double power = pow(10, floor(log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static size_t name_width(const series *s)
{
    return utf8_width(s->name, strlen(s->name)) + 10;
}

static layout lay_out(const chart *c)
{
    double lowest = 0, highest = 0;
    size_t widest = 0;
    for (size_t i = 0; i < c->item_count; i++) {
        for (size_t k = 0; k < c->count; k++) {
            lowest = fmin(lowest, c->items[i].values[k]);
            highest = fmax(highest, c->items[i].values[k]);
        }
        size_t width = name_width(&c->items[i]);
        widest = width > widest ? width : widest;
    }
    double room = fmin(300, (double)widest * LETTER);
    double step = round_step(highest - lowest, c->digits);
    double steps_below = floor(lowest / step), steps = ceil(highest / step);
    if (steps <= steps_below)
        steps = steps_below + 1;
    return (layout){WIDTH - 16 - room, steps_below * step, steps * step, step};
}

static double x_of(const chart *c, const layout *l, size_t point)
{
    if (c->count == 1)
        return l->right;
    return LEFT + (l->right - LEFT) * (double)point / (double)(c->count - 1);
}

static double y_of(const layout *l, double value)
{
    double above = value - l->bottom_value;
    return BOTTOM - (BOTTOM - TOP) * above / (l->top_value - l->bottom_value);
}

/* ---- parts of the picture ----------------------------------------------- */

static void append_escaped(const char *s, text *out)
{
    for (; *s; s++) {
        switch (*s) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        default:
            if ((unsigned char)*s >= 0x20)
                text_append_char(out, *s);
        }
    }
}

static void append_words(double x, double y, const char *attributes, const char *words,
                         text *out)
{
    text_append_format(out, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, attributes);
    append_escaped(words, out);
    text_append(out, "</text>\n");
}

/* A count, or a number with digits. */
static const char *number_words(const chart *c, double value, char buffer[static 28])
{
    if (c->digits == 0 && value >= 0)
        return format_count((uint64_t)value, buffer);
    snprintf(buffer, 28, "%.*f", c->digits, value);
    return buffer;
}

static void append_axis(const chart *c, const layout *l, text *out)
{
    char buffer[28];
    long first = lround(l->bottom_value / l->step), last = lround(l->top_value / l->step);
    for (long i = first; i <= last; i++) {
        double value = (double)i * l->step, y = y_of(l, value);
        text_append_format(out,
                           "<line x1=\"%d\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                           "stroke=\"%s\"/>\n",
                           LEFT, y, l->right, y, i == 0 ? "#8a8a8a" : "#e6e6e6");
        append_words(LEFT - 10, y + 5, " text-anchor=\"end\" fill=\"#555555\"",
                     number_words(c, value, buffer), out);
    }
}

/* As many labels as can be read; the last point always has one, and then every so many back. */
static void append_labels(const chart *c, const layout *l, text *out)
{
    size_t each = (c->count + MOST_LABELS - 1) / MOST_LABELS;
    const char *year = "";
    for (size_t i = 0; i < c->count; i++) {
        if ((c->count - 1 - i) % each != 0)
            continue;
        double x = x_of(c, l, i);
        const char *place = " text-anchor=\"middle\" fill=\"#555555\"";
        append_words(x, BOTTOM + 22, place, c->points[i].label, out);
        if (strcmp(year, c->points[i].below) != 0)
            append_words(x, BOTTOM + 40, place, c->points[i].below, out);
        year = c->points[i].below;
    }
}

static const char *colour_of(size_t item)
{
    return item < CHART_COLOURS ? colours[item] : "#b5b5b5";
}

static void append_line(const chart *c, const layout *l, size_t item, text *out)
{
    const series *s = &c->items[item];
    text_append_format(out,
                       "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" "
                       "stroke-linejoin=\"round\" points=\"",
                       colour_of(item), item < CHART_COLOURS ? "2.5" : "1.5");
    for (size_t i = 0; i < c->count; i++)
        text_append_format(out, "%s%.1f,%.1f", i > 0 ? " " : "", x_of(c, l, i),
                           y_of(l, s->values[i]));
    text_append(out, "\"/>\n");
    text_append_format(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
                       x_of(c, l, c->count - 1), y_of(l, s->values[c->count - 1]),
                       colour_of(item));
}

/* ---- names -------------------------------------------------------------- */

static int compare_heights(const void *a, const void *b)
{
    double x = (*(series *const *)a)->label_y, y = (*(series *const *)b)->label_y;
    return (x > y) - (x < y);
}

/* Names stay in the order of their lines: downwards first, then up from the ground. */
static void push_apart(series **all, size_t count)
{
    for (size_t i = 1; i < count; i++)
        all[i]->label_y = fmax(all[i]->label_y, all[i - 1]->label_y + LINE_HEIGHT);
    double lowest = BOTTOM;
    for (size_t i = count; i-- > 0;) {
        all[i]->label_y = fmin(all[i]->label_y, lowest);
        lowest = all[i]->label_y - LINE_HEIGHT;
    }
}

static void append_names(const chart *c, const layout *l, text *out)
{
    size_t named = c->item_count < CHART_COLOURS ? c->item_count : CHART_COLOURS;
    series *order[CHART_COLOURS];
    char buffer[28];
    for (size_t i = 0; i < named; i++) {
        order[i] = &c->items[i];
        order[i]->label_y = y_of(l, c->items[i].values[c->count - 1]);
    }
    qsort(order, named, sizeof *order, compare_heights);
    push_apart(order, named);
    for (size_t i = 0; i < named; i++) {
        const series *s = &c->items[i];
        const char *count = number_words(c, s->values[c->count - 1], buffer);
        text_append_format(out, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">", l->right + 12,
                           s->label_y + 5, colour_of(i));
        append_escaped(s->name, out);
        text_append_format(out, " <tspan font-weight=\"bold\">%s</tspan></text>\n",
                           count);
    }
}

static void append_rest(const chart *c, text *out)
{
    if (c->item_count <= CHART_COLOURS)
        return;
    text note;
    text_init(&note);
    text_append_format(&note, "grey: %zu smaller", c->item_count - CHART_COLOURS);
    append_words(WIDTH - 16, HEIGHT - 14, " text-anchor=\"end\" fill=\"#777777\"",
                 note.data, out);
    text_done(&note);
}

void chart_append_svg(const chart *c, text *out)
{
    layout l = lay_out(c);
    text_append_format(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
        "height=\"%d\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"15\">\n"
        "<title>",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    append_escaped(c->title, out);
    text_append_format(out,
                       "</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
                       WIDTH, HEIGHT);
    append_words(24, 42, " font-size=\"24\" font-weight=\"bold\" fill=\"#222222\"",
                 c->title, out);
    append_words(24, 68, " fill=\"#555555\"", c->subtitle, out);
    append_axis(c, &l, out);
    append_labels(c, &l, out);
    for (size_t i = c->item_count; i-- > 0;)
        append_line(c, &l, i, out);
    append_names(c, &l, out);
    append_rest(c, out);
    text_append(out, "</svg>\n");
}

/* ---- sparklines --------------------------------------------------------- */

void chart_append_sparkline(const double *values, size_t count, bool use_utf8, text *out)
{
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        lowest = fmin(lowest, values[i]);
        highest = fmax(highest, values[i]);
    }
    for (size_t i = 0; i < count; i++) {
        double share = highest > lowest ? (values[i] - lowest) / (highest - lowest) : 0;
        int height = (int)fmin(7, floor(share * 8));
        if (use_utf8)
            text_append_format(out, "\xE2\x96%c", 0x81 + height);
        else
            text_append_char(out, (char)('0' + height));
    }
}
