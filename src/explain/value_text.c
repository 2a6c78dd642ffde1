/* SPDX-License-Identifier: MIT
 *
 * Values of one person, by their types.
 */
#include "explain/value_text.h"

#include "base/bitmap.h"
#include "exec/block.h"
#include "exec/lists.h"
#include "explain/row_text.h"
#include "report/json.h"
#include "value/value.h"

/* Value `at` of an array, which is no list. */
static void append_one(judge *j, type t, text_origin origin, const void *values,
                       size_t at, const zone *z, text *out)
{
    slice s;
    int64_t integer =
        type_is_text(t) || t.kind == TYPE_BOOL ? 0 : ((const int64_t *)values)[at];
    switch (t.kind) {
    case TYPE_BOOL: text_append(out, bitmap_get(values, at) ? "true" : "false"); break;
    case TYPE_NUMBER: row_text_append_number(((const double *)values)[at], out); break;
    case TYPE_DECIMAL: value_append_decimal(integer, t.scale, out); break;
    case TYPE_TIME: value_append_time(integer, z, out); break;
    case TYPE_DATE: value_append_date(integer, out); break;
    case TYPE_DURATION: value_append_duration(integer, out); break;
    default:
        s = bound_text(judge_block(j)->bound, origin, ((const uint32_t *)values)[at]);
        json_append_quoted(out, s);
    }
}

/* "[10.50, 5.25, 7.00, ... 20 in all]": the first of them. */
static void append_list(judge *j, const vector *v, const zone *z, text *out)
{
    enum { MOST_SHOWN = 3 };
    int64_t list = *(const int64_t *)v->values;
    size_t first = list_first(list), count = list_count(list);
    text_append_char(out, '[');
    for (size_t i = 0; i < count && i < MOST_SHOWN; i++) {
        text_append(out, i > 0 ? ", " : "");
        append_one(j, v->items->type, v->items->origin, v->items->values, first + i, z,
                   out);
    }
    if (count > MOST_SHOWN)
        text_append_format(out, ", ... %zu in all", count);
    text_append_char(out, ']');
}

const char *value_text(judge *j, const node *n, const zone *z, arena *memory)
{
    text t;
    const vector *v = judge_node(j, n);
    if (!vector_has(v, 0))
        return NULL;
    text_init(&t);
    if (n->type.kind == TYPE_LIST)
        append_list(j, v, z, &t);
    else
        append_one(j, n->type, n->origin, v->values, 0, z, &t);
    const char *kept = arena_copy_text(memory, t.data, t.size);
    text_done(&t);
    return kept;
}

bool value_holds(judge *j, const node *n)
{
    const vector *v = judge_node(j, n);
    return vector_has(v, 0) && bitmap_get(v->values, 0);
}
