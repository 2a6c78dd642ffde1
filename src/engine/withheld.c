/* SPDX-License-Identifier: MIT */
#include "engine/withheld.h"

#include <inttypes.h>

#include "report/table.h"

const char *const withheld_words[] = {"no consent",     "on list",       "too few",
                                      "too few others", "other purpose", "of accounts"};

bool withheld_are_people(const withheld *w)
{
    return w->reason == WITHHELD_NO_CONSENT || w->reason == WITHHELD_ON_LIST;
}

static void append_people(const withheld *w, text *out)
{
    char count[28];
    text_append_format(out, "%s %s withheld, ", format_count(w->count, count),
                       w->count == 1 ? "person is" : "people are");
    if (w->reason == WITHHELD_NO_CONSENT)
        text_append_format(out, "without consent to %s", w->of);
    else
        text_append_format(out, "who %s on the list \"%s\"",
                           w->count == 1 ? "stands" : "stand", w->of);
}

static void append_segment(const withheld *w, text *out)
{
    text_append_format(out, "\"%s\" is ", w->of);
    if (w->reason == WITHHELD_TOO_FEW)
        text_append_format(out, "withheld: it has fewer than %" PRIu64 " %s", w->count,
                           w->many);
    else if (w->reason == WITHHELD_TELLING)
        text_append_format(
            out,
            "withheld as a whole: with one of its groups withheld, fewer than "
            "%" PRIu64 " %s would have an empty cell, which tells that they "
            "are in it",
            w->count, w->many);
    else if (w->reason == WITHHELD_OTHER_PURPOSE)
        text_append_format(out, "left out, which is for %s", w->purpose);
    else
        text_append(out, "left out: it is about accounts, and people are asked");
}

void withheld_append(const withheld *w, text *out)
{
    text_append_format(out, "output \"%s\": ", w->output);
    if (withheld_are_people(w))
        append_people(w, out);
    else
        append_segment(w, out);
    text_append_char(out, '\n');
}
