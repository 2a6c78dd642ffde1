/* SPDX-License-Identifier: MIT
 *
 * Names that no schema can make twice: no name of a kind holds a "/" or "[]", and none is
 * "user".
 */
#include "store/part.h"

void part_name_kind(const schema *s, size_t kind, text *out)
{
    const event_kind *k = &s->kinds[kind];
    text_clear(out);
    if (k->derivation == KIND_LIST)
        text_append_format(out, "%s/%s[]", s->kinds[k->parent].name, k->name);
    else
        text_append(out, k->name);
}

void part_name_trait(const schema *s, size_t trait, text *out)
{
    text_clear(out);
    text_append_format(out, "user/%s", s->traits[trait].name);
}

void part_name_column(const char *table, const char *property, text *out)
{
    text_clear(out);
    text_append_format(out, "%s/%s", table, property);
}
