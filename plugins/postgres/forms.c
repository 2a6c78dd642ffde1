/* SPDX-License-Identifier: MIT
 *
 * Types of PostgreSQL and what is wanted of them.
 */
#include "postgres/forms.h"

#include "postgres/types.h"

static binary_form form_of_number(Oid type)
{
    switch (type) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8: return FORM_INT;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: return FORM_FLOAT;
    case TYPE_NUMERIC: return FORM_NUMERIC;
    default: return FORM_TEXT;
    }
}

/* Values that say what they are need no format. */
static bool choose_moment(const carpel_column *wanted, binary_form form, binary_form *out,
                          const char **reason)
{
    *out = form;
    *reason = "it says by itself which time it is: leave \"format\" out";
    return wanted->format == NULL;
}

/* The form of a single value. */
static bool choose_plain(Oid type, const carpel_column *wanted, binary_form *out,
                         const char **reason)
{
    *out = FORM_TEXT;
    *reason = "it holds bytes and no text; in a query, convert_from(...) or encode(...)";
    if (type == TYPE_BYTEA)
        return false;
    switch (wanted->type) {
    case CARPEL_BOOL: *out = type == TYPE_BOOL ? FORM_BOOL : FORM_TEXT; return true;
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_NUMBER: *out = form_of_number(type); return true;
    case CARPEL_TIME:
        if (type == TYPE_TIMESTAMP && !wanted->format)
            *out = FORM_LOCAL_TIME;
        return type != TYPE_TIMESTAMPTZ || choose_moment(wanted, FORM_TIME, out, reason);
    case CARPEL_DATE:
        return type != TYPE_DATE || choose_moment(wanted, FORM_DATE, out, reason);
    case CARPEL_DURATION:
        *out = type == TYPE_INTERVAL ? FORM_INTERVAL : FORM_TEXT;
        return true;
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return true;
}

static bool choose_array(const column_type *type, const carpel_column *wanted,
                         sent_column *out, const char **reason)
{
    out->form = FORM_ARRAY;
    *reason = "only lists of plain values can be read, of arrays";
    if (!wanted->is_plain)
        return false;
    *reason = "it is no array; in a query, string_to_array(...) or array[...]";
    return type->item != 0 &&
           choose_plain(type->item, wanted->items, &out->item_form, reason);
}

static bool is_text(const carpel_column *wanted)
{
    return wanted->type == CARPEL_STRING || wanted->type == CARPEL_PERSON;
}

bool form_choose(const column_type *type, const carpel_column *wanted, sent_column *out,
                 const char **reason)
{
    if (wanted->type == CARPEL_LIST)
        return choose_array(type, wanted, out, reason);
    *reason = "it is an array, which only a list can be read from";
    if (type->item != 0 && !is_text(wanted))
        return false;
    return choose_plain(type->number, wanted, &out->form, reason);
}

const char *form_limit(Oid type, int server_version)
{
    switch (type) {
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ: return "infinity";
    case TYPE_NUMERIC: return server_version >= 140000 ? "infinity" : "NaN";
    default: return NULL;
    }
}

const char *form_cast(const sent_column *column)
{
    if (column->form == FORM_ARRAY)
        return column->item_form == FORM_TEXT ? "::text[]" : "";
    return column->form == FORM_TEXT ? "::text" : "";
}
