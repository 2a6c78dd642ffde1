/* SPDX-License-Identifier: MIT
 *
 * Dates of fits: what they say is wrong whatever the data are.
 */
#include "engine/parts.h"
#include "value/value.h"

/* False: the reader of the project file told that it is no time. */
static bool read_date(const engine *e, const config_text *date, int64_t *out)
{
    carpel_error err;
    return date->text && engine_read_time(e, date->text, out, &err);
}

static void check_twice(const engine *e, const config_fit *f, const char *key,
                        const config_text *dates, size_t count, diags *diags)
{
    int64_t at, before;
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            if (!read_date(e, &dates[i], &at) || !read_date(e, &dates[k], &before) ||
                at != before)
                continue;
            diag_error(diags, dates[i].where, E0305,
                       "\"%s\" of the fit \"%s\" has %s twice", key, f->name.text,
                       dates[i].text);
            diag_hint(diags,
                      "Leave one of them out: people of that date would count twice.");
            break;
        }
}

/* INT64_MAX: there is none. */
static int64_t first_test(const engine *e, const config_fit *f)
{
    int64_t first = INT64_MAX, at;
    for (size_t i = 0; i < f->test_count; i++)
        if (read_date(e, &f->test[i], &at) && at < first)
            first = at;
    return first;
}

static void refuse(const engine *e, const config_fit *f, const config_text *date,
                   int64_t known_at, diags *diags)
{
    text known;
    text_init(&known);
    value_append_time(known_at, e->zone, &known);
    diag_error(
        diags, date->where, E0305,
        "the fit \"%s\": what \"label\" says of %s is known at %s, after the first "
        "date of \"test\"",
        f->name.text, date->text, known.data);
    diag_hint(diags,
              "Learn from earlier dates, or test with later ones: what is learned has "
              "to be known when it is tested.");
    text_done(&known);
}

/* Of models of events; --as-of may say another "to" for one run. */
static void check_window(const engine *e, const config_fit *f, diags *diags)
{
    int64_t from, to, test_to;
    if (!read_date(e, &f->to, &to))
        return;
    if (read_date(e, &f->from, &from) && from >= to)
        diag_error(diags, f->from.where, E0305,
                   "the fit \"%s\": \"from\" has to be before \"to\"", f->name.text);
    if (read_date(e, &f->test_to, &test_to) && test_to <= to)
        diag_error(diags, f->test_to.where, E0305,
                   "the fit \"%s\": \"test_to\" has to be after \"to\"", f->name.text);
}

void fit_dates_check(const engine *e, const config_fit *f, int64_t ahead, diags *diags)
{
    int64_t first = first_test(e, f), at;
    check_window(e, f, diags);
    check_twice(e, f, "train", f->train, f->train_count, diags);
    check_twice(e, f, "test", f->test, f->test_count, diags);
    for (size_t i = 0; ahead > 0 && i < f->train_count; i++)
        if (read_date(e, &f->train[i], &at) && at + ahead > first)
            refuse(e, f, &f->train[i], at + ahead, diags);
}
