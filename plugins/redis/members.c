/* SPDX-License-Identifier: MIT
 *
 * Columns of rows that become members of sets and fields of hashes.
 */
#include "redis/members.h"

#include <string.h>

static size_t find_column(const carpel_delivery *d, const char *wanted)
{
    for (size_t i = 0; i < d->column_count; i++)
        if (strcmp(d->columns[i].name, wanted) == 0)
            return i;
    for (size_t i = 0; i < d->column_count; i++)
        if (d->columns[i].from && strcmp(d->columns[i].from, wanted) == 0)
            return i;
    return NOWHERE;
}

static bool is_text(const carpel_delivery *d, size_t column)
{
    return column != NOWHERE && (d->columns[column].type == CARPEL_STRING ||
                                 d->columns[column].type == CARPEL_PERSON);
}

/* Columns that rows have by themselves; others would be lost without a word. */
static bool check_others(const carpel_delivery *d, const member_columns *used,
                         carpel_error *err)
{
    static const char *const usual[] = {"as_of",  "change", "from",     "to",
                                        "reason", "since",  "since_run"};
    for (size_t i = 0; i < d->column_count; i++) {
        const carpel_column *c = &d->columns[i];
        bool is_usual = i == used->name || i == used->person || i == used->value;
        for (size_t n = 0; n < sizeof usual / sizeof *usual; n++)
            is_usual |= strcmp(c->from ? c->from : c->name, usual[n]) == 0;
        if (!is_usual)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "a set keeps who is in it and nothing else, so the column "
                               "\"%.100s\" has no place; leave it out of \"columns\"",
                               c->name);
    }
    return true;
}

/* Of changes, the columns by which they are carried out. */
static bool find_change(member_columns *c, const carpel_delivery *d, carpel_error *err)
{
    c->change = find_column(d, "change");
    c->from = find_column(d, "from");
    c->to = find_column(d, "to");
    return (is_text(d, c->change) && is_text(d, c->from) && is_text(d, c->to)) ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "changes are carried out by the columns \"segment\", \"person\", "
                       "\"change\", \"from\" and \"to\": name all of them in "
                       "\"columns\", or none");
}

bool member_columns_find(member_columns *c, const carpel_delivery *d, carpel_error *err)
{
    size_t score = find_column(d, "score");
    *c = (member_columns){.name = score != NOWHERE ? score : find_column(d, "segment"),
                          .person = find_column(d, "person"),
                          .value = score != NOWHERE ? find_column(d, "value") : NOWHERE,
                          .change = NOWHERE};
    if (!is_text(d, c->name) || c->person == NOWHERE ||
        (score != NOWHERE && c->value == NOWHERE))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "sets are made of the columns \"segment\" and \"person\", hashes of "
            "\"score\", \"person\" and \"value\"; these rows have others, as with "
            "\"shape: wide\"");
    return check_others(d, c, err) && (!d->changes || find_change(c, d, err));
}
