/* SPDX-License-Identifier: MIT
 *
 * Who enters and leaves, a line each. Of scores nobody does.
 */
#include "app/differences.h"
#include "report/csv_text.h"

static void append_moved(const rule_difference *d, const moved_people *m,
                         const char *change, text *out)
{
    for (size_t i = 0; i < m->example_count; i++) {
        csv_append_text(out, slice_of(d->path));
        text_append(out, d->is_of_accounts ? ",," : ",");
        csv_append_text(out, m->examples[i]);
        text_append_format(out, "%s,%s\n", d->is_of_accounts ? "" : ",", change);
    }
}

void differences_append_csv(const comparison *c, text *out)
{
    text_append(out, "segment,person,account,change\n");
    for (size_t i = 0; i < c->count; i++) {
        append_moved(&c->items[i], &c->items[i].entered, "entered", out);
        append_moved(&c->items[i], &c->items[i].left, "left", out);
    }
}
