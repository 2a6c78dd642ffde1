/* SPDX-License-Identifier: MIT
 *
 * A line is left out only where the format finds the very same field.
 */
#include "look/by_format.h"

#include <string.h>

#include "base/plain_name.h"

/* The number of the row that names the field; SIZE_MAX: none does. */
static size_t number_of(const draft_source *s, format_row_kind kind, const char *field)
{
    const format_part *p;
    for (size_t i = 0; (p = format_row(s->format, kind, i)) != NULL; i++)
        if (strcmp(p->a, field) == 0)
            return i;
    return SIZE_MAX;
}

bool by_format_persons(const draft_source *s)
{
    size_t last = 0;
    for (size_t i = 0; s->format && i < s->person_count; i++) {
        size_t number = number_of(s, FORMAT_PERSON, s->persons[i]);
        if (number == SIZE_MAX || number < last)
            return false;
        last = number;
    }
    return s->format && s->person_count > 0;
}

bool by_format_time(const draft_source *s)
{
    return s->format && s->time && number_of(s, FORMAT_TIME, s->time) != SIZE_MAX &&
           (s->time_format == NULL
                ? format_row(s->format, FORMAT_TIME_FORMAT, 0) == NULL
                : number_of(s, FORMAT_TIME_FORMAT, s->time_format) != SIZE_MAX);
}

bool by_format_name(const draft_source *s, const draft_rule *rule)
{
    text plain;
    text_init(&plain);
    plain_name_append(&plain, slice_of(rule->text));
    size_t size = plain.size;
    bool is_said = s->format && size > 0 && strncmp(rule->kind, plain.data, size) == 0 &&
                   (rule->kind[size] == '\0' || strcmp(rule->kind + size, "_event") == 0);
    text_done(&plain);
    return is_said;
}

/* Of several places another one that the file has would count as well. */
bool by_format_field(const draft_source *s, format_row_kind kind, const draft_field *f)
{
    bool is_first = false, has_other = false;
    if (!s->format)
        return false;
    arena *memory = arena_new();
    const char **places = format_places(s->format, kind, f->name, memory);
    for (size_t i = 0; places[i]; i++) {
        bool is_it = strcmp(places[i], f->from) == 0;
        is_first = is_first || (is_it && !has_other);
        has_other = has_other || (!is_it && look_file_column(s->file, places[i]));
    }
    arena_free(memory);
    return is_first && !has_other;
}
