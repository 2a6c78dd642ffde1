/* SPDX-License-Identifier: MIT
 *
 * Checks of what a plugin delivers, column by column, against the Arrow C data interface
 * and the formats that <carpel/plugin.h> promises.
 */
#include "store/vector.h"

#include <math.h>
#include <string.h>

CARPEL_PRINTF(3, 4)
static bool fail_contract(vector_owner owner, carpel_error *err, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return carpel_fail(err, CARPEL_E_PLUGIN,
                       "the plugin \"%s\" breaks its contract: column \"%s\" %s",
                       owner.plugin, owner.column, what);
}

static const char *format_of(carpel_type type)
{
    switch (type) {
    case CARPEL_BOOL: return "b";
    case CARPEL_INT:
    case CARPEL_DECIMAL: return "l";
    case CARPEL_NUMBER: return "g";
    case CARPEL_STRING:
    case CARPEL_PERSON: return "u";
    case CARPEL_TIME: return "tsu:UTC";
    case CARPEL_DATE: return "tdD";
    case CARPEL_DURATION: return "tDu";
    case CARPEL_LIST: return "+l";
    }
    return "";
}

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

/* The validity bits of an array, or NULL when nothing is missing. */
static bool open_present(const struct ArrowArray *array, vector_owner owner,
                         const uint8_t **out, carpel_error *err)
{
    const uint8_t *bits = array->buffers[0];
    *out = array->null_count == 0 ? NULL : bits;
    if (array->null_count > 0 && bits == NULL)
        return fail_contract(owner, err,
                             "has missing values, but no bits that say which");
    return true;
}

/* Has the array these buffers (the first may be NULL), and elements up to `end`? */
static bool check_array(const struct ArrowArray *array, int64_t buffer_count, int64_t end,
                        vector_owner owner, carpel_error *err)
{
    if (array->offset < 0 || array->length < end)
        return fail_contract(owner, err, "has %lld rows where the batch needs %lld",
                             (long long)array->length, (long long)end);
    if (array->n_buffers != buffer_count || array->buffers == NULL)
        return fail_contract(owner, err, "has %lld buffers instead of %lld",
                             (long long)array->n_buffers, (long long)buffer_count);
    for (int64_t i = 1; i < buffer_count; i++) {
        bool may_be_null = i == 2; /* the bytes of texts that are all empty */
        if (end > 0 && array->buffers[i] == NULL && !may_be_null)
            return fail_contract(owner, err, "lacks its buffer %lld", (long long)i);
    }
    return true;
}

/* Read texts [first, first + count) of an array of format "u". */
static bool open_texts(const struct ArrowArray *array, int64_t first, int64_t count,
                       vector_owner owner, vector *out, carpel_error *err)
{
    static const int32_t no_offsets[1] = {0};
    if (!check_array(array, 3, first + count, owner, err))
        return false;
    out->offsets = no_offsets;
    out->bytes = array->buffers[2] != NULL ? array->buffers[2] : "";
    out->text_count = (size_t)count;
    if (count == 0)
        return true;
    out->offsets = (const int32_t *)array->buffers[1] + array->offset + first;
    bool is_monotonic = out->offsets[0] >= 0;
    for (int64_t i = 0; i < count; i++)
        is_monotonic = is_monotonic && out->offsets[i] <= out->offsets[i + 1];
    if (!is_monotonic)
        return fail_contract(owner, err, "has text offsets that go backwards");
    if (array->buffers[2] == NULL && out->offsets[count] != out->offsets[0])
        return fail_contract(owner, err, "lacks its buffer 2");
    return true;
}

static bool check_codes(const vector *v, vector_owner owner, carpel_error *err)
{
    for (size_t row = 0; row < v->row_count; row++) {
        if (v->present != NULL && !vector_bit(v->present, v->present_from + row))
            continue;
        if (v->codes[row] < 0 || (size_t)v->codes[row] >= v->text_count)
            return fail_contract(owner, err,
                                 "has the code %ld for a dictionary of %zu texts",
                                 (long)v->codes[row], v->text_count);
    }
    return true;
}

/* A column whose texts stand in a dictionary. */
static bool open_coded(const struct ArrowArray *array, int64_t first, vector_owner owner,
                       vector *out, carpel_error *err)
{
    const struct ArrowArray *texts = array->dictionary;
    if (texts == NULL || texts->length < 0)
        return fail_contract(owner, err, "lacks its dictionary");
    if (!check_array(array, 2, first + (int64_t)out->row_count, owner, err) ||
        !open_texts(texts, 0, texts->length, owner, out, err) ||
        !open_present(texts, owner, &out->text_present, err))
        return false;
    out->text_present_from = (size_t)texts->offset;
    if (out->row_count == 0)
        return true;
    out->codes = (const int32_t *)array->buffers[1] + array->offset + first;
    return check_codes(out, owner, err);
}

static bool check_finite(const vector *v, vector_owner owner, carpel_error *err)
{
    const double *numbers = v->values;
    for (size_t row = 0; row < v->row_count; row++) {
        if (!isfinite(numbers[row]) && !vector_is_missing(v, row))
            return fail_contract(owner, err, "has a number that is not finite");
    }
    return true;
}

/* A column of numbers, times or truth values. */
static bool open_plain(const struct ArrowArray *array, carpel_type type, int64_t first,
                       vector_owner owner, vector *out, carpel_error *err)
{
    size_t from = (size_t)(array->offset + first);
    const char *values = array->buffers[1];
    if (out->row_count == 0)
        return true;
    if (type == CARPEL_BOOL) {
        out->values = values;
        out->values_from = from;
    } else {
        out->values = values + from * (type == CARPEL_DATE ? sizeof(int32_t) : 8);
    }
    return type != CARPEL_NUMBER || check_finite(out, owner, err);
}

bool vector_check_format(const struct ArrowSchema *schema, carpel_type type,
                         vector_owner owner, carpel_error *err)
{
    const char *wanted = format_of(type);
    const struct ArrowSchema *found = schema;
    if (schema->format == NULL)
        return fail_contract(owner, err, "has no format");
    if (is_text(type) && schema->dictionary != NULL) {
        if (strcmp(schema->format, "i") != 0)
            return fail_contract(owner, err,
                                 "has codes of the format \"%.20s\" instead of \"i\"",
                                 schema->format);
        found = schema->dictionary;
    } else if (schema->dictionary != NULL) {
        return fail_contract(owner, err, "has a dictionary, which only texts may have");
    }
    if (found->format == NULL || strcmp(found->format, wanted) != 0)
        return fail_contract(owner, err, "has the format \"%.20s\" instead of \"%s\"",
                             found->format == NULL ? "" : found->format, wanted);
    return true;
}

bool vector_open(const struct ArrowSchema *schema, const struct ArrowArray *array,
                 carpel_type type, int64_t first, int64_t row_count, vector_owner owner,
                 vector *out, carpel_error *err)
{
    bool is_coded = schema->dictionary != NULL;
    *out = (vector){.row_count = (size_t)row_count};
    if (array == NULL)
        return fail_contract(owner, err, "is not there");
    int64_t buffer_count = is_text(type) && !is_coded ? 3 : 2;
    if (!check_array(array, buffer_count, first + row_count, owner, err) ||
        !open_present(array, owner, &out->present, err))
        return false;
    out->present_from = (size_t)(array->offset + first);
    if (is_coded)
        return open_coded(array, first, owner, out, err);
    if (is_text(type))
        return open_texts(array, first, row_count, owner, out, err);
    return open_plain(array, type, first, owner, out, err);
}

/* ---- lists ----------------------------------------------------------------------- */

bool list_vector_check_format(const struct ArrowSchema *schema,
                              const carpel_column *wanted, vector_owner owner,
                              carpel_error *err)
{
    if (!vector_check_format(schema, CARPEL_LIST, owner, err))
        return false;
    if (schema->n_children != 1 || schema->children == NULL ||
        schema->children[0] == NULL)
        return fail_contract(owner, err, "does not say what its items are");
    const struct ArrowSchema *item = schema->children[0];
    if (wanted->is_plain)
        return vector_check_format(item, wanted->items[0].type, owner, err);
    if (item->format == NULL || strcmp(item->format, "+s") != 0 ||
        item->dictionary != NULL)
        return fail_contract(owner, err, "has items that are not structs");
    if (item->n_children != (int64_t)wanted->item_count ||
        (item->n_children > 0 && item->children == NULL))
        return fail_contract(owner, err, "has items of %lld columns where %zu are wanted",
                             (long long)item->n_children, wanted->item_count);
    for (size_t i = 0; i < wanted->item_count; i++) {
        if (item->children[i] == NULL)
            return fail_contract(owner, err, "has items that lack a column");
        if (!vector_check_format(item->children[i], wanted->items[i].type, owner, err))
            return false;
    }
    return true;
}

/* The offsets of rows [first, first + row_count), which may not go backwards. */
static bool open_begins(const struct ArrowArray *array, int64_t first, int64_t row_count,
                        vector_owner owner, list_vector *out, carpel_error *err)
{
    static const int32_t no_offsets[1] = {0};
    out->begins = no_offsets;
    if (row_count == 0)
        return true;
    out->begins = (const int32_t *)array->buffers[1] + array->offset + first;
    bool is_monotonic = out->begins[0] >= 0;
    for (int64_t i = 0; i < row_count; i++)
        is_monotonic = is_monotonic && out->begins[i] <= out->begins[i + 1];
    if (!is_monotonic)
        return fail_contract(owner, err, "has list offsets that go backwards");
    out->item_count = (size_t)(out->begins[row_count] - out->begins[0]);
    return true;
}

/* The items of format "+s": a struct without missing items. */
static bool open_records(const struct ArrowSchema *schema, const struct ArrowArray *items,
                         const carpel_column *wanted, vector_owner owner,
                         list_vector *out, carpel_error *err)
{
    int64_t begin = out->begins[0], count = (int64_t)out->item_count;
    if (items->offset < 0 || items->length < begin + count)
        return fail_contract(owner, err, "has fewer items than its lists need");
    if (items->n_children != schema->n_children ||
        (items->n_children > 0 && items->children == NULL))
        return fail_contract(owner, err, "has items that do not fit their schema");
    bool has_bits =
        items->n_buffers > 0 && items->buffers != NULL && items->buffers[0] != NULL;
    if (items->null_count != 0 && has_bits)
        return fail_contract(owner, err, "has an item that is missing as a whole");
    for (size_t i = 0; i < wanted->item_count; i++) {
        if (!vector_open(schema->children[i], items->children[i], wanted->items[i].type,
                         items->offset + begin, count, owner, &out->fields[i], err))
            return false;
    }
    return true;
}

bool list_vector_open(const struct ArrowSchema *schema, const struct ArrowArray *array,
                      const carpel_column *wanted, int64_t first, int64_t row_count,
                      vector_owner owner, list_vector *out, carpel_error *err)
{
    vector *fields = out->fields;
    *out = (list_vector){.rows.row_count = (size_t)row_count, .fields = fields};
    if (array == NULL)
        return fail_contract(owner, err, "is not there");
    if (!check_array(array, 2, first + row_count, owner, err) ||
        !open_present(array, owner, &out->rows.present, err) ||
        !open_begins(array, first, row_count, owner, out, err))
        return false;
    out->rows.present_from = (size_t)(array->offset + first);
    if (array->n_children != 1 || array->children == NULL || array->children[0] == NULL)
        return fail_contract(owner, err, "does not bring its items");
    const struct ArrowArray *items = array->children[0];
    if (!wanted->is_plain)
        return open_records(schema->children[0], items, wanted, owner, out, err);
    return vector_open(schema->children[0], items, wanted->items[0].type, out->begins[0],
                       (int64_t)out->item_count, owner, &out->fields[0], err);
}

bool vector_is_ascii(const vector *v)
{
    const char *at = v->bytes + v->offsets[0],
               *end = v->bytes + v->offsets[v->text_count];
    uint64_t all = 0, word;
    for (; end - at >= 8; at += 8) {
        memcpy(&word, at, 8);
        all |= word;
    }
    for (; at < end; at++)
        all |= (unsigned char)*at;
    return (all & UINT64_C(0x8080808080808080)) == 0;
}
