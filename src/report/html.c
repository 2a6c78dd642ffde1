/* SPDX-License-Identifier: MIT
 *
 * The style sheet, and pictures as SVG inside of the page.
 */
#include "report/html.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/table.h"

/* ---- texts ---------------------------------------------------------------- */

void html_append(text *out, slice s)
{
    for (size_t i = 0; i < s.size;) {
        size_t length;
        unsigned char c = (unsigned char)s.data[i];
        utf8_decode(s.data + i, s.size - i, &length);
        if (c == '&')
            text_append(out, "&amp;");
        else if (c == '<')
            text_append(out, "&lt;");
        else if (c == '>')
            text_append(out, "&gt;");
        else if (c == '"')
            text_append(out, "&quot;");
        else if (c >= 0x20 || c == '\n' || c == '\t')
            text_append_bytes(out, s.data + i, length);
        i += length;
    }
}

void html_append_string(text *out, const char *s)
{
    if (s)
        html_append(out, slice_of(s));
}

static const char style[] =
    ":root{--ground:#fff;--ink:#1d1d1f;--soft:#5c5c66;--rule:#dcdce2;--fill:#1f5fbf;"
    "--pale:#1f5fbf33;--code:#f5f5f8;--word:#8a3fb0;--text:#1a7a4c;--warn:#a8480c}\n"
    "@media (prefers-color-scheme: dark){:root{--ground:#17181c;--ink:#ececf0;"
    "--soft:#a2a2ae;--rule:#36373f;--fill:#7fb0ff;--pale:#7fb0ff33;--code:#22232a;"
    "--word:#d6a3f5;--text:#84d6a8;--warn:#f0a36b}}\n"
    "body{background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,Helvetica,"
    "Arial,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1.25rem}\n"
    "h1{font-size:1.9rem;margin:0}h2{margin:2.6rem 0 .6rem;font-size:1.35rem}"
    "h3{margin:1.8rem 0 .3rem;font-size:1.1rem}\n"
    ".soft{color:var(--soft)}.warn{color:var(--warn)}.wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;"
    "border-bottom:1px solid var(--rule);text-align:left;vertical-align:middle}\n"
    "th{font-weight:600;color:var(--soft);font-size:.85rem}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".tag{border:1px solid var(--rule);border-radius:.6rem;padding:0 .45rem;"
    "font-size:.8rem;margin-right:.25rem;color:var(--soft);white-space:nowrap}\n"
    "pre{background:var(--code);padding:.8rem 1rem;border-radius:.4rem;overflow-x:auto;"
    "font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:.4rem 0}\n"
    "pre b{color:var(--word);font-weight:600}pre i{color:var(--text);font-style:normal}"
    "pre u{color:var(--soft);text-decoration:none}\n"
    "svg text{fill:var(--ink);font-size:13px}svg .soft{fill:var(--soft)}\n"
    "a{color:var(--fill)}\n"
    "@media print{:root{--ground:#fff;--ink:#000;--soft:#444;--rule:#bbb;--fill:#1f5fbf;"
    "--pale:#d3dff2;--code:#f5f5f8;--word:#8a3fb0;--text:#1a7a4c;--warn:#a8480c}"
    "@page{margin:16mm 14mm}body{max-width:none;margin:0;padding:0;font-size:10.5pt}"
    "h1,h2,h3,h2+p{break-after:avoid}tr,li,svg,pre{break-inside:avoid}p{orphans:2;widows:"
    "2}"
    "a{color:inherit;text-decoration:none}.wide{overflow:visible}"
    "pre{white-space:pre-wrap;border:1px solid var(--rule);font-size:9pt}"
    "th,td{padding:.25rem .45rem}svg{max-width:100%}}\n";

void html_begin(text *out, const char *title)
{
    text_append(out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                     "lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>");
    html_append_string(out, title);
    text_append(out, "</title>\n<style>\n");
    text_append(out, style);
    text_append(out, "</style>\n</head>\n<body>\n");
}

void html_end(text *out)
{
    text_append(out, "</body>\n</html>\n");
}

/* ---- small pictures --------------------------------------------------------- */

enum { TREND_WIDTH = 140, TREND_HEIGHT = 28 };

void html_append_trend(text *out, const double *values, size_t count)
{
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        lowest = fmin(lowest, values[i]);
        highest = fmax(highest, values[i]);
    }
    double span = highest > lowest ? highest - lowest : 1;
    text_append_format(out,
                       "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                       "role=\"img\"><polyline fill=\"none\" stroke=\"var(--fill)\" "
                       "stroke-width=\"2\" stroke-linejoin=\"round\" points=\"",
                       TREND_WIDTH, TREND_HEIGHT, TREND_WIDTH, TREND_HEIGHT);
    double x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        x = count > 1 ? 3 + (TREND_WIDTH - 8) * (double)i / (double)(count - 1) : 3;
        y = TREND_HEIGHT - 4 - (TREND_HEIGHT - 8) * (values[i] - lowest) / span;
        text_append_format(out, "%s%.1f,%.1f", i > 0 ? " " : "", x, y);
    }
    text_append_format(out,
                       "\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
                       "fill=\"var(--fill)\"/></svg>",
                       x, y);
}

void html_append_bar(text *out, double share)
{
    text_append_format(
        out,
        "<svg width=\"100\" height=\"10\" role=\"img\"><rect width=\"100\" "
        "height=\"10\" rx=\"3\" fill=\"var(--pale)\"/><rect width=\"%.1f\" "
        "height=\"10\" rx=\"3\" fill=\"var(--fill)\"/></svg>",
        share * 100);
}

void html_append_histogram(text *out, const size_t *columns, size_t count,
                           const char *lowest, const char *highest)
{
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = columns[i] > most ? columns[i] : most;
    text_append(out, "<svg width=\"420\" height=\"130\" viewBox=\"0 0 420 130\" "
                     "role=\"img\">\n");
    double width = 400.0 / (double)count;
    char buffer[28];
    for (size_t i = 0; i < count; i++) {
        double height = 100 * (double)columns[i] / (double)most;
        text_append_format(out,
                           "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                           "fill=\"var(--fill)\"><title>%s</title></rect>\n",
                           10 + width * (double)i + 1, 104 - height, width - 2, height,
                           format_count(columns[i], buffer));
    }
    text_append(out,
                "<line x1=\"10\" y1=\"104.5\" x2=\"410\" y2=\"104.5\" "
                "stroke=\"var(--soft)\"/>\n<text class=\"soft\" x=\"10\" y=\"122\">");
    html_append_string(out, lowest);
    text_append(out, "</text>\n<text class=\"soft\" x=\"410\" y=\"122\" "
                     "text-anchor=\"end\">");
    html_append_string(out, highest);
    text_append(out, "</text>\n</svg>\n");
}

/* ---- flows ------------------------------------------------------------------- */

/* Two columns of blocks, as high as their people are many, and ribbons between them. */
enum {
    FLOW_WIDTH = 760,
    FLOW_HEIGHT = 340,
    FLOW_TOP = 30,
    FLOW_GAP = 14,
    BLOCK_WIDTH = 14,
    FLOW_LEFT = 190,
    FLOW_RIGHT = FLOW_WIDTH - 190 - BLOCK_WIDTH
};

typedef struct flow {
    const char *const *names;
    const size_t *moves;
    size_t side;
    double scale;         /* units of height for a person */
    double *left, *right; /* where the next ribbon of each block begins */
} flow;

static size_t sum_of(const flow *f, size_t block, bool is_left)
{
    size_t sum = 0;
    for (size_t i = 0; i < f->side; i++)
        sum += is_left ? f->moves[block * f->side + i] : f->moves[i * f->side + block];
    return sum;
}

static void append_blocks(text *out, const flow *f, bool is_left)
{
    char buffer[28];
    double y = FLOW_TOP;
    double *begins = is_left ? f->left : f->right;
    int x = is_left ? FLOW_LEFT : FLOW_RIGHT;
    for (size_t i = 0; i < f->side; i++) {
        size_t sum = sum_of(f, i, is_left);
        double height = (double)sum * f->scale;
        begins[i] = y;
        if (sum == 0)
            continue;
        text_append_format(out,
                           "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
                           "fill=\"var(--fill)\"/>\n<text x=\"%d\" y=\"%.1f\"%s>",
                           x, y, BLOCK_WIDTH, fmax(1, height),
                           is_left ? x - 8 : x + BLOCK_WIDTH + 8, y + height / 2 + 4,
                           is_left ? " text-anchor=\"end\"" : "");
        html_append_string(out, f->names[i]);
        text_append_format(out, " <tspan class=\"soft\">%s</tspan></text>\n",
                           format_count(sum, buffer));
        y += height + FLOW_GAP;
    }
}

static void append_ribbon(text *out, const flow *f, size_t from, size_t to)
{
    char buffer[28];
    size_t count = f->moves[from * f->side + to];
    double height = (double)count * f->scale;
    double a = f->left[from], b = f->right[to];
    int x = FLOW_LEFT + BLOCK_WIDTH, end = FLOW_RIGHT, middle = (x + end) / 2;
    f->left[from] += height;
    f->right[to] += height;
    text_append_format(out,
                       "<path d=\"M%d,%.1f C%d,%.1f %d,%.1f %d,%.1f L%d,%.1f C%d,%.1f "
                       "%d,%.1f %d,%.1f Z\" "
                       "fill=\"var(--pale)\"><title>",
                       x, a, middle, a, middle, b, end, b, end, b + height, middle,
                       b + height, middle, a + height, x, a + height);
    html_append_string(out, f->names[from]);
    text_append(out, " to ");
    html_append_string(out, f->names[to]);
    text_append_format(out, ": %s</title></path>\n", format_count(count, buffer));
}

static void append_ribbons(text *out, const flow *f)
{
    for (size_t from = 0; from < f->side; from++)
        for (size_t to = 0; to < f->side; to++)
            if (f->moves[from * f->side + to] > 0)
                append_ribbon(out, f, from, to);
}

void html_append_flow(text *out, const char *const *names, const size_t *moves,
                      size_t side, const char *from_title, const char *to_title)
{
    flow f = {.names = names,
              .moves = moves,
              .side = side,
              .left = memory_alloc_zero_array(side + 1, sizeof(double)),
              .right = memory_alloc_zero_array(side + 1, sizeof(double))};
    size_t whole = 0;
    for (size_t i = 0; i < side; i++)
        whole += sum_of(&f, i, true);
    double room = FLOW_HEIGHT - FLOW_TOP - 10 - (double)(FLOW_GAP * side);
    f.scale = whole > 0 ? room / (double)whole : 0;
    text_append_format(out,
                       "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                       "role=\"img\" style=\"max-width:100%%\">\n"
                       "<text class=\"soft\" x=\"%d\" y=\"16\" text-anchor=\"end\">",
                       FLOW_WIDTH, FLOW_HEIGHT, FLOW_WIDTH, FLOW_HEIGHT,
                       FLOW_LEFT + BLOCK_WIDTH);
    html_append_string(out, from_title);
    text_append_format(out, "</text>\n<text class=\"soft\" x=\"%d\" y=\"16\">",
                       FLOW_RIGHT);
    html_append_string(out, to_title);
    text_append(out, "</text>\n");
    append_blocks(out, &f, true);
    append_blocks(out, &f, false);
    append_ribbons(out, &f);
    text_append(out, "</svg>\n");
    memory_free(f.left);
    memory_free(f.right);
}
