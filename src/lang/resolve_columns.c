/* SPDX-License-Identifier: MIT
 *
 * Names of columns that other tools make of events, and words that stand for a day or a
 * value there: what the language says for `last_purchase`, `total_amount`, `today`, `yes`.
 */
#include <string.h>
#include <strings.h>

#include "lang/foreign.h"
#include "lang/resolver.h"

static const struct {
    enum { OF_EVENT, OF_PROPERTY, ALONE } of;
    const char *begin, *end, *ours;
} forms[] = {
#define X(of, begin, end, ours) {of, begin, end, ours},
#include "lang/columns.def"
#undef X
};

/* What stands between `begin` and `end`, or NULL. */
static const char *middle(resolver *r, const char *name, const char *begin,
                          const char *end)
{
    size_t size = strlen(name), before = strlen(begin), behind = strlen(end);
    if (size <= before + behind || strncasecmp(name, begin, before) != 0 ||
        strcasecmp(name + size - behind, end) != 0)
        return NULL;
    return wording(r, "%.*s", (int)(size - before - behind), name + before);
}

static const char *fill_form(resolver *r, const char *ours, const char *subject)
{
    const char *gap = strstr(ours, "%s");
    return wording(r, "%.*s%s%s", (int)(gap - ours), ours, subject, gap + 2);
}

/* The event, or the property of an event, between the begin and the end of a form; or NULL. */
static const char *subject_of(resolver *r, const char *name, size_t form)
{
    const char *written = middle(r, name, forms[form].begin, forms[form].end);
    if (!written || forms[form].of == OF_EVENT)
        return written && schema_find_event(r->book->schema, written) != SCHEMA_NONE
                   ? in_rule(r, written)
                   : NULL;
    const char *kind = kind_with_property(r->book->schema, written);
    return kind ? wording(r, "%s.%s", in_rule(r, kind), in_rule(r, written)) : NULL;
}

/* `$orders`, where orders is declared. */
static const char *without_dollar(const resolver *r, const char *name)
{
    return name[0] == '$' && rulebook_find(r->book, name + 1) ? name + 1 : NULL;
}

const char *meant_column(resolver *r, const char *name)
{
    const char *ours = without_dollar(r, name);
    for (size_t i = 0; !ours && i < sizeof forms / sizeof *forms; i++) {
        bool is_alone = forms[i].of == ALONE;
        const char *subject = is_alone ? NULL : subject_of(r, name, i);
        if (subject)
            ours = fill_form(r, forms[i].ours, subject);
        else if (is_alone && is_word_of(name, forms[i].begin))
            ours = forms[i].ours;
    }
    return ours;
}

bool hint_foreign_value(resolver *r, span where, const char *name)
{
    if (is_word_of(name, "others other rest remaining everyone everybody all default")) {
        hint(r, "Everybody is \"true\". Of groups, the last is written with its "
                "name and \"otherwise\", without \"when\".");
        return true;
    }
    const char *ours = foreign_value(name);
    if (!ours)
        return false;
    if (strcmp(ours, "missing") == 0)
        hint(r, "Write \"is missing\" or \"is not missing\" instead of comparing.");
    else
        propose(r, where, "%s", ours);
    return true;
}
