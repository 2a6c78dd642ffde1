/* SPDX-License-Identifier: MIT
 *
 * Values of one person, by their types.
 */
#include "explain/value_text.h"

#include "base/bitmap.h"
#include "exec/block.h"
#include "explain/row_text.h"
#include "report/json.h"
#include "value/value.h"

static void append_value(judge *j, const node *n, const vector *v, const zone *z,
                         text *out)
{
    slice s;
    int64_t integer = type_is_text(n->type) || n->type.kind == TYPE_BOOL
                          ? 0
                          : *(const int64_t *)v->values;
    switch (n->type.kind) {
    case TYPE_BOOL: text_append(out, bitmap_get(v->values, 0) ? "true" : "false"); break;
    case TYPE_NUMBER: row_text_append_number(*(const double *)v->values, out); break;
    case TYPE_DECIMAL: value_append_decimal(integer, n->type.scale, out); break;
    case TYPE_TIME: value_append_time(integer, z, out); break;
    case TYPE_DATE: value_append_date(integer, out); break;
    case TYPE_DURATION: value_append_duration(integer, out); break;
    default:
        s = bound_text(judge_block(j)->bound, n->origin, *(const uint32_t *)v->values);
        json_append_quoted(out, s);
    }
}

const char *value_text(judge *j, const node *n, const zone *z, arena *memory)
{
    text t;
    const vector *v = judge_node(j, n);
    if (!vector_has(v, 0))
        return NULL;
    text_init(&t);
    append_value(j, n, v, z, &t);
    const char *kept = arena_copy_text(memory, t.data, t.size);
    text_done(&t);
    return kept;
}

bool value_holds(judge *j, const node *n)
{
    const vector *v = judge_node(j, n);
    return vector_has(v, 0) && bitmap_get(v->values, 0);
}
