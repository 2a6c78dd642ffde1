/* SPDX-License-Identifier: MIT
 *
 * chart and html: pictures hold what they are given, and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/chart.h"
#include "report/html.h"

static text chart_of(const char *const *names, const double *const *values, size_t lines,
                     size_t points)
{
    chart_point labels[16];
    text out;
    for (size_t i = 0; i < points; i++)
        labels[i] = (chart_point){i == 0 ? "1 Jan" : "8 Jan", "2026"};
    chart *c = chart_new("A & B", "sizes", labels, points);
    for (size_t i = 0; i < lines; i++)
        chart_series(c, names[i], values[i]);
    text_init(&out);
    chart_append_svg(c, &out);
    chart_free(c);
    return out;
}

static void names_and_values_stand_beside_the_lines(void **state)
{
    (void)state;
    const double one[] = {10, 1204}, other[] = {0, 3};
    const char *names[] = {"vip", "<new>"};
    const double *values[] = {one, other};
    text svg = chart_of(names, values, 2, 2);
    assert_non_null(strstr(svg.data, ">A &amp; B<"));
    assert_non_null(
        strstr(svg.data, ">vip <tspan font-weight=\"bold\">1,204</tspan></text>"));
    assert_non_null(strstr(svg.data, ">&lt;new&gt; <tspan font-weight=\"bold\">3<"));
    assert_non_null(
        strstr(svg.data, ">1,500</text>")); /* the axis goes beyond the highest */
    assert_null(strstr(svg.data, "grey"));
    text_done(&svg);
}

/* Between -1.2 and 0.4 there are lines at each half, and all lies between the top and the ground. */
static void values_below_zero_have_their_place(void **state)
{
    (void)state;
    const double values[] = {0, 0.4, -1.2};
    const chart_point points[] = {{"a", ""}, {"b", ""}, {"c", ""}};
    text svg;
    chart *c = chart_new("effects", "", points, 3);
    chart_digits(c, 1);
    chart_series(c, "all", values);
    text_init(&svg);
    chart_append_svg(c, &svg);
    chart_free(c);
    assert_non_null(strstr(svg.data, ">-1.5</text>"));
    assert_non_null(strstr(svg.data, ">0.0</text>"));
    assert_non_null(strstr(svg.data, ">0.5</text>"));
    assert_null(strstr(svg.data, ">1.0</text>"));
    assert_non_null(strstr(svg.data, ">all <tspan font-weight=\"bold\">-1.2</tspan>"));
    const char *line = strstr(svg.data, "points=\"");
    for (const char *at = line; (at = strchr(at, ',')) && *line;) {
        double y = strtod(++at, NULL);
        assert_true(y >= 96 && y <= 480);
        if (strchr(at, '"') < strchr(at, ',') || !strchr(at, ','))
            break;
    }
    text_done(&svg);
}

/* The heights of the names: each has its value in bold. */
static size_t name_heights(const char *svg, double *out)
{
    size_t count = 0;
    for (const char *at = svg; (at = strstr(at, "<tspan font-weight")); at++) {
        const char *begin = at;
        while (strncmp(begin, "<text x=", 8) != 0)
            begin--;
        out[count++] = strtod(strstr(begin, " y=\"") + 4, NULL);
    }
    return count;
}

static void names_do_not_lie_upon_each_other(void **state)
{
    (void)state;
    const double low[] = {1, 0}, same[] = {2, 0}, high[] = {100, 100}, near[] = {99, 99};
    const char *names[] = {"a", "b", "c", "d"};
    const double *values[] = {low, same, high, near};
    text svg = chart_of(names, values, 4, 2);
    double y[16];
    size_t count = name_heights(svg.data, y);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(fabs(y[i] - y[k]) >= 18.9);
    text_done(&svg);
}

static void nothing_and_one_point_are_drawn(void **state)
{
    (void)state;
    const double zero[] = {0}, *values[] = {zero};
    const char *names[] = {"empty"};
    text svg = chart_of(names, values, 1, 1);
    assert_null(strstr(svg.data, "nan"));
    assert_null(strstr(svg.data, "inf"));
    assert_non_null(strstr(svg.data, ">empty <"));
    text_done(&svg);
}

static void the_rest_is_grey(void **state)
{
    (void)state;
    const double line[] = {1, 2};
    const char *names[CHART_COLOURS + 2];
    const double *values[CHART_COLOURS + 2];
    for (size_t i = 0; i < CHART_COLOURS + 2; i++) {
        names[i] = i < CHART_COLOURS ? "named" : "unnamed";
        values[i] = line;
    }
    text svg = chart_of(names, values, CHART_COLOURS + 2, 2);
    assert_non_null(strstr(svg.data, "grey: 2 smaller"));
    assert_null(strstr(svg.data, ">unnamed"));
    text_done(&svg);
}

static void sparklines(void **state)
{
    (void)state;
    static const struct {
        double values[5];
        size_t count;
        const char *digits;
    } cases[] = {{{0, 1, 2, 3, 4}, 5, "02467"},
                 {{5, 5, 5}, 3, "000"},
                 {{100, 107}, 2, "07"},
                 {{0}, 0, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text out;
        text_init(&out);
        chart_append_sparkline(cases[i].values, cases[i].count, false, &out);
        assert_string_equal(out.data, cases[i].digits);
        text_clear(&out);
        chart_append_sparkline(cases[i].values, cases[i].count, true, &out);
        assert_int_equal(out.size, 3 * strlen(cases[i].digits));
        text_done(&out);
    }
}

static void pages_escape_their_texts(void **state)
{
    (void)state;
    text out;
    text_init(&out);
    html_append_string(&out, "<a href=\"x\">&\x01\tä</a>");
    assert_string_equal(out.data, "&lt;a href=&quot;x&quot;&gt;&amp;\tä&lt;/a&gt;");
    text_clear(&out);
    html_append_string(&out, NULL);
    assert_string_equal(out.data, "");
    text_done(&out);
}

static void flows_draw_who_moved(void **state)
{
    (void)state;
    const char *names[] = {"new", "old", "(none)"};
    const size_t moves[] = {1, 2, 0, 0, 5, 0, 3, 0, 0}, nobody[9] = {0};
    text out;
    text_init(&out);
    html_append_flow(&out, names, moves, 3, "then", "now");
    assert_non_null(strstr(out.data, "<title>new to old: 2</title>"));
    assert_non_null(strstr(out.data, "<title>(none) to new: 3</title>"));
    assert_null(strstr(out.data, "old to new"));
    text_clear(&out);
    html_append_flow(&out, names, nobody, 3, "then", "now");
    assert_null(strstr(out.data, "<path"));
    assert_null(strstr(out.data, "nan"));
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_stand_beside_the_lines),
        cmocka_unit_test(values_below_zero_have_their_place),
        cmocka_unit_test(names_do_not_lie_upon_each_other),
        cmocka_unit_test(nothing_and_one_point_are_drawn),
        cmocka_unit_test(the_rest_is_grey),
        cmocka_unit_test(sparklines),
        cmocka_unit_test(pages_escape_their_texts),
        cmocka_unit_test(flows_draw_who_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
