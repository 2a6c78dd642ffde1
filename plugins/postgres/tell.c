/* SPDX-License-Identifier: MIT
 *
 * Telling what there is to read: the first rows, with all values as texts.
 */
#include <string.h>

#include "common/memory.h"
#include "postgres/items.h"
#include "postgres/source.h"
#include "postgres/types.h"

enum { TOLD_ROWS = 50000 };

static bool is_of_texts(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_CHAR || type == TYPE_VARCHAR;
}

/* A column as it is told. */
typedef struct told_column {
    char *from; /* of an array "tags[]" */
    bool is_text;
} told_column;

/* Bytes are no texts. */
static bool is_told(const column_type *type)
{
    return type->number != TYPE_BYTEA && type->item != TYPE_BYTEA;
}

/* All columns by their names, and of those that can be told the rows. */
static told_column *tell_fields(postgres_source *s, const asked_columns *asked,
                                const carpel_view *view)
{
    told_column *told = common_alloc(asked->count, sizeof *told);
    for (size_t i = 0; i < asked->count; i++) {
        const column_type *type = &asked->types[i];
        buffer from = {0};
        buffer_add(&from, asked->names[i]);
        buffer_add(&from, type->item ? "[]" : "");
        if (!type->item) /* a list is known by its values */
            view->field(view->context, from.data);
        if (is_told(type)) {
            told[s->copy.sent_count] = (told_column){
                from.data, is_of_texts(type->item ? type->item : type->number)};
            asked_send(s, i)->form = type->item ? FORM_ARRAY : FORM_TEXT;
        } else {
            buffer_done(&from);
        }
    }
    return told;
}

/* An array of arrays is no list. */
static bool is_list(const sent_column *sent)
{
    array_items items;
    return !sent->data || sent->form != FORM_ARRAY ||
           (items_open(sent->data, sent->size, &items) && items.dimensions <= 1);
}

static void tell_array(const told_column *told, const sent_column *sent,
                       const carpel_view *view)
{
    array_items items;
    const char *data;
    size_t size;
    items_open(sent->data, sent->size, &items);
    while (items_next(&items, &data, &size))
        if (data)
            view->row_field(view->context, told->from, data, size, told->is_text);
}

static void tell_row(const postgres_source *s, const told_column *told,
                     const carpel_view *view)
{
    for (size_t i = 0; i < s->copy.sent_count; i++)
        if (!is_list(&s->copy.sent[i])) {
            view->row_refuse(view->context, "it has an array of several dimensions");
            return;
        }
    for (size_t i = 0; i < s->copy.sent_count; i++) {
        const sent_column *sent = &s->copy.sent[i];
        if (sent->data && sent->form == FORM_ARRAY)
            tell_array(&told[i], sent, view);
        else if (sent->data)
            view->row_field(view->context, told[i].from, sent->data, sent->size,
                            told[i].is_text);
    }
}

static bool tell_rows(postgres_source *s, const told_column *told,
                      const carpel_view *view, carpel_error *err)
{
    bool is_over;
    while (copy_have(&s->copy, &is_over, err)) {
        if (is_over || !view->row_begin(view->context, ++s->row))
            return true;
        tell_row(s, told, view);
        view->row_end(view->context);
        copy_pass(&s->copy);
    }
    return false;
}

static bool tell(postgres_source *s, const carpel_view *view, carpel_error *err)
{
    asked_columns asked;
    buffer text = {0};
    if (!asked_describe(s, &asked, err)) {
        asked_done(&asked);
        return false;
    }
    told_column *told = tell_fields(s, &asked, view);
    bool ok = asked_write_copy(s, &asked, TOLD_ROWS, &text, err) &&
              server_run(&s->server, text.data, NULL, 0, NULL, NULL, err) &&
              tell_rows(s, told, view, err);
    for (size_t i = 0; i < s->copy.sent_count; i++)
        free(told[i].from);
    free(told);
    buffer_done(&text);
    asked_done(&asked);
    return ok;
}

bool postgres_discover(const carpel_host *host, const carpel_inquiry *inquiry,
                       const carpel_view *view, carpel_error *err)
{
    const carpel_request request = columns_ask_none(inquiry);
    postgres_source *s = common_alloc(1, sizeof *s);
    *s = (postgres_source){.host = host, .request = &request};
    bool ok = postgres_open(s, err) && tell(s, view, err);
    postgres_close(s);
    return ok;
}
