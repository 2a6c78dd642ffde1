/* SPDX-License-Identifier: MIT
 *
 * Telling what there is to read: the first rows, with all values as texts.
 */
#include "adbc/source.h"
#include "adbc/values.h"
#include "common/memory.h"

/* Records are left out, which a query takes apart, and bytes, which are no texts. */
static bool is_plain(const form *f)
{
    return !(f->kind == FORM_TEXT && f->is_bytes) && f->kind != FORM_LIST &&
           f->kind != FORM_RECORD && f->kind != FORM_OTHER && f->kind != FORM_SPAN &&
           f->kind != FORM_MONTHS_DAYS;
}

static void tell_value(const form *f, const struct ArrowArray *array, int64_t at,
                       const char *from, const carpel_view *view)
{
    buffer text = {0};
    value v = value_at(f, array, at);
    if (v.is_missing || !is_plain(f))
        return;
    buffer_add(&text, "");
    value_write(f, &v, &text);
    view->row_field(view->context, from, text.data, text.size, f->kind == FORM_TEXT);
    buffer_done(&text);
}

/* A list of plain values, each of which is told as "tags[]". */
static void tell_list(const form *f, const struct ArrowSchema *schema,
                      const struct ArrowArray *array, int64_t at, const char *name,
                      const carpel_view *view)
{
    int64_t begin, end;
    buffer from = {0};
    form item = form_of(schema->children[0]);
    if (value_at(f, array, at).is_missing)
        return;
    buffer_add(&from, name);
    buffer_add(&from, "[]");
    value_items(f, array, at, &begin, &end);
    for (int64_t i = begin; i < end; i++)
        tell_value(&item, array->children[0], i, from.data, view);
    buffer_done(&from);
}

static void tell_row(const adbc_source *s, const carpel_view *view)
{
    const struct ArrowArray *batch = adbc_batch(s);
    int64_t at = batch->offset + s->here.at;
    for (size_t i = 0; i < (size_t)s->schema.n_children; i++) {
        const form *f = &s->forms[i];
        const struct ArrowSchema *schema = s->schema.children[i];
        if (f->kind == FORM_LIST && schema->n_children == 1)
            tell_list(f, schema, batch->children[i], at, adbc_field_name(s, i), view);
        else
            tell_value(f, batch->children[i], at, adbc_field_name(s, i), view);
    }
}

static bool tell_rows(adbc_source *s, const carpel_view *view, carpel_error *err)
{
    bool is_over = false;
    for (size_t i = 0; i < (size_t)s->schema.n_children; i++)
        if (s->forms[i].kind != FORM_LIST) /* a list is known by its values */
            view->field(view->context, adbc_field_name(s, i));
    while (adbc_next_batch(s, &is_over, err) && !is_over)
        for (; s->here.at < adbc_batch(s)->length; s->here.at++) {
            if (!view->row_begin(view->context, ++s->here.row))
                return true;
            tell_row(s, view);
            view->row_end(view->context);
        }
    return is_over;
}

bool adbc_discover(const carpel_host *host, const carpel_inquiry *inquiry,
                   const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    adbc_source *s = common_alloc(1, sizeof *s);
    *s = (adbc_source){.host = host, .request = &request};
    bool ok = adbc_open(s, err) && tell_rows(s, view, err);
    adbc_close(s);
    return ok;
}
