/* SPDX-License-Identifier: MIT
 *
 * Names with points, and the parts of times at their ends.
 */
#include "lang/meaning.h"

#include <string.h>

#include "lang/foreign.h"
#include "lang/telling.h"
#include "report/lookalike.h"
#include "report/suggest.h"

const time_part_row time_parts[PART_COUNT] = {
    {"", TYPE_ERROR},
#define X(name, spelling, type, doc) {spelling, type},
#include "lang/time_parts.def"
#undef X
};

time_part time_part_find(const char *name)
{
    int part = PART_COUNT - 1;
    while (part > PART_NONE && strcmp(time_parts[part].name, name) != 0)
        part--;
    return (time_part)part;
}

void report_part(diags *d, const char *whole, const ast_name *name)
{
    diag_error(d, name->where, E0105, "\"%s\" has no part named \"%s\"", whole,
               name->text);
    suggestion s = suggest_begin(name->text);
    for (int part = PART_NONE + 1; part < PART_COUNT; part++)
        suggest_consider(&s, time_parts[part].name);
    const char *ours = foreign_time(name->text);
    if (ours && strchr(ours, '.'))
        diag_propose(d, name->where, "%s", strchr(ours, '.') + 1);
    else if (suggest_best(&s))
        hint_similar(d, name->where, name->text, suggest_best(&s));
    else
        diag_hint(d, "A time has weekday, hour, day_of_month, month_of_year, year and "
                     "date.");
}

const char *joined_names(arena *memory, const ast_list *names, size_t count)
{
    const char *joined = name_at(names, 0)->text;
    for (size_t i = 1; i < count; i++)
        joined = arena_format(memory, "%s.%s", joined, name_at(names, i)->text);
    return joined;
}

const char *scope_find_property(const event_scope *scope, const ast_list *names,
                                arena *memory, size_t *taken)
{
    for (*taken = names->count; *taken > 0; --*taken) {
        const char *name = joined_names(memory, names, *taken);
        if (scope_has_property(scope, name))
            return name;
    }
    return NULL;
}
