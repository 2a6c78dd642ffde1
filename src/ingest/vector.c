/* SPDX-License-Identifier: MIT
 *
 * Checks of what a plugin delivers, column by column, against the Arrow C data interface
 * and the formats that <carpel/plugin.h> promises.
 */
#include "ingest/vector.h"

#include <math.h>
#include <string.h>

#include "base/mapped.h"
#include "base/scan.h"
#include "ingest/contract.h"

CARPEL_PRINTF(3, 4)
static bool fail_contract(vector_owner owner, carpel_error *err, const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return contract_fail(err, owner.plugin, "column \"%s\" %s", owner.column, what);
}

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

/* Elements of a buffer, [first, first + count) of `size` bytes each, before they are
 * read: is there memory, and may it be read as such elements? */
static bool check_buffer(const struct ArrowArray *array, int64_t index, int64_t first,
                         int64_t count, size_t size, vector_owner owner,
                         carpel_error *err)
{
    const char *buffer = array->buffers[index];
    if ((uintptr_t)buffer % size != 0)
        return fail_contract(owner, err, "has a buffer %lld that is not aligned",
                             (long long)index);
    if (!memory_is_readable(buffer + (size_t)first * size, (size_t)count * size))
        return fail_contract(owner, err, "has a buffer %lld that is too short",
                             (long long)index);
    return true;
}

/* How many of the bits [first, first + count) are zero. */
static int64_t count_zeros(const uint8_t *bits, int64_t first, int64_t count)
{
    int64_t ones = 0, at = first, end = first + count;
    for (; at < end && at % 8 != 0; at++)
        ones += vector_bit(bits, (size_t)at);
    size_t whole_bytes = (size_t)(end - at) / 8;
    ones += (int64_t)scan_count_bits(bits + at / 8, whole_bytes);
    at += (int64_t)whole_bytes * 8;
    for (; at < end; at++)
        ones += vector_bit(bits, (size_t)at);
    return count - ones;
}

/* The validity bits of an array whose shape was checked, or NULL when nothing is
 * missing. A null_count of -1 says that nobody counted. */
static bool open_present(const struct ArrowArray *array, vector_owner owner,
                         const uint8_t **out, carpel_error *err)
{
    const uint8_t *bits = array->buffers[0];
    int64_t said = array->null_count;
    *out = said == 0 ? NULL : bits;
    if (said < -1 || said > array->length)
        return fail_contract(owner, err, "says that %lld of %lld values are missing",
                             (long long)said, (long long)array->length);
    if (bits == NULL)
        return said <= 0 ||
               fail_contract(owner, err,
                             "has missing values, but no bits that say which");
    if (!check_buffer(array, 0, array->offset / 8,
                      (array->offset % 8 + array->length + 7) / 8, 1, owner, err))
        return false;
    int64_t counted = count_zeros(bits, array->offset, array->length);
    if (said != -1 && said != counted)
        return fail_contract(owner, err,
                             "says that %lld values are missing where its bits say %lld",
                             (long long)said, (long long)counted);
    return true;
}

/* Are the numbers of an array such that sums of them do not overflow, and is it there? */
static bool check_extent(const struct ArrowArray *array, vector_owner owner,
                         carpel_error *err)
{
    if (array == NULL)
        return fail_contract(owner, err, "is not there");
    if (array->release == NULL)
        return fail_contract(owner, err, "is released already");
    if (!vector_extent_is_sane(array))
        return fail_contract(owner, err, "has %lld rows from the offset %lld",
                             (long long)array->length, (long long)array->offset);
    return true;
}

/* Has the array these buffers (the first may be NULL), and elements up to `end`? */
static bool check_array(const struct ArrowArray *array, int64_t buffer_count, int64_t end,
                        vector_owner owner, carpel_error *err)
{
    if (!check_extent(array, owner, err))
        return false;
    if (array->length < end)
        return fail_contract(owner, err, "has %lld rows where the batch needs %lld",
                             (long long)array->length, (long long)end);
    if (array->n_buffers != buffer_count || array->buffers == NULL)
        return fail_contract(owner, err, "has %lld buffers instead of %lld",
                             (long long)(array->buffers == NULL ? 0 : array->n_buffers),
                             (long long)buffer_count);
    for (int64_t i = 1; i < buffer_count; i++) {
        bool may_be_null = i == 2; /* the bytes of texts that are all empty */
        if (end > 0 && array->buffers[i] == NULL && !may_be_null)
            return fail_contract(owner, err, "lacks its buffer %lld", (long long)i);
    }
    return true;
}

/* The `count` + 1 offsets from `first` on in buffer 1, which may not go backwards. */
static bool open_offsets(const struct ArrowArray *array, int64_t first, int64_t count,
                         const char *what, vector_owner owner, const int32_t **out,
                         carpel_error *err)
{
    static const int32_t no_offsets[1] = {0};
    *out = no_offsets;
    if (count == 0)
        return true;
    int64_t begin = array->offset + first;
    if (!check_buffer(array, 1, begin, count + 1, sizeof(int32_t), owner, err))
        return false;
    const int32_t *offsets = (const int32_t *)array->buffers[1] + begin;
    if (offsets[0] < 0 || !scan_is_rising(offsets, (size_t)count + 1))
        return fail_contract(owner, err, "has %s offsets that go backwards", what);
    *out = offsets;
    return true;
}

/* Read texts [first, first + count) of an array of format "u". */
static bool open_texts(const struct ArrowArray *array, int64_t first, int64_t count,
                       vector_owner owner, vector *out, carpel_error *err)
{
    if (!check_array(array, 3, first + count, owner, err) ||
        !open_offsets(array, first, count, "text", owner, &out->offsets, err))
        return false;
    out->bytes = array->buffers[2] != NULL ? array->buffers[2] : "";
    out->text_count = (size_t)count;
    int64_t begin = out->offsets[0], size = out->offsets[count] - out->offsets[0];
    if (size > 0 && array->buffers[2] == NULL)
        return fail_contract(owner, err, "lacks its buffer 2");
    return check_buffer(array, 2, begin, size, 1, owner, err);
}

static bool check_codes(const vector *v, vector_owner owner, carpel_error *err)
{
    if (v->text_count <= INT32_MAX &&
        scan_is_below(v->codes, v->row_count, (uint32_t)v->text_count))
        return true;
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
    int64_t count = (int64_t)out->row_count;
    if (texts == NULL)
        return fail_contract(owner, err, "lacks its dictionary");
    if (!check_extent(texts, owner, err) ||
        !open_texts(texts, 0, texts->length, owner, out, err) ||
        !open_present(texts, owner, &out->text_present, err))
        return false;
    out->text_present_from = (size_t)texts->offset;
    if (count == 0)
        return true;
    if (!check_buffer(array, 1, array->offset + first, count, sizeof(int32_t), owner,
                      err))
        return false;
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
    int64_t from = array->offset + first, count = (int64_t)out->row_count;
    if (count == 0)
        return true;
    if (type == CARPEL_BOOL) {
        out->values = array->buffers[1];
        out->values_from = (size_t)from;
        return check_buffer(array, 1, from / 8, (from % 8 + count + 7) / 8, 1, owner,
                            err);
    }
    size_t size = type == CARPEL_DATE ? sizeof(int32_t) : sizeof(int64_t);
    if (!check_buffer(array, 1, from, count, size, owner, err))
        return false;
    out->values = (const char *)array->buffers[1] + (size_t)from * size;
    return type != CARPEL_NUMBER || check_finite(out, owner, err);
}

/* ---- formats ---------------------------------------------------------------------- */

bool vector_check_format(const struct ArrowSchema *schema, carpel_type type,
                         vector_owner owner, carpel_error *err)
{
    const char *wanted = carpel_type_format(type);
    const struct ArrowSchema *found = schema;
    if (schema->release == NULL)
        return fail_contract(owner, err, "is released already");
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

/* The items of format "+s": a struct without missing items. */
static bool open_records(const struct ArrowSchema *schema, const struct ArrowArray *items,
                         const carpel_column *wanted, vector_owner owner,
                         list_vector *out, carpel_error *err)
{
    int64_t begin = out->begins[0], count = (int64_t)out->item_count;
    const uint8_t *present;
    if (items->length < begin + count)
        return fail_contract(owner, err, "has fewer items than its lists need");
    if (!check_array(items, 1, begin + count, owner, err) ||
        !open_present(items, owner, &present, err))
        return false;
    if (items->n_children != schema->n_children ||
        (items->n_children > 0 && items->children == NULL))
        return fail_contract(owner, err, "has items that do not fit their schema");
    if (present != NULL && count_zeros(present, items->offset + begin, count) > 0)
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
    if (!check_array(array, 2, first + row_count, owner, err) ||
        !open_present(array, owner, &out->rows.present, err) ||
        !open_offsets(array, first, row_count, "list", owner, &out->begins, err))
        return false;
    out->item_count = (size_t)(out->begins[row_count] - out->begins[0]);
    out->rows.present_from = (size_t)(array->offset + first);
    if (array->n_children != 1 || array->children == NULL || array->children[0] == NULL)
        return fail_contract(owner, err, "does not bring its items");
    const struct ArrowArray *items = array->children[0];
    if (!wanted->is_plain)
        return open_records(schema->children[0], items, wanted, owner, out, err);
    return vector_open(schema->children[0], items, wanted->items[0].type, out->begins[0],
                       (int64_t)out->item_count, owner, &out->fields[0], err);
}

bool struct_vector_check(const struct ArrowArray *array, int64_t child_count,
                         vector_owner owner, carpel_error *err)
{
    const uint8_t *present;
    if (!vector_extent_is_sane(array))
        return contract_fail(err, owner.plugin, "a batch has %lld rows from offset %lld",
                             (long long)array->length, (long long)array->offset);
    if (array->n_children != child_count || (child_count > 0 && array->children == NULL))
        return contract_fail(err, owner.plugin,
                             "a batch has %lld columns where its schema has %lld",
                             (long long)(array->children == NULL ? 0 : array->n_children),
                             (long long)child_count);
    if (array->n_buffers != 1 || array->buffers == NULL)
        return contract_fail(err, owner.plugin, "a batch has %lld buffers instead of 1",
                             (long long)(array->buffers == NULL ? 0 : array->n_buffers));
    if (!open_present(array, owner, &present, err))
        return false;
    if (present != NULL && count_zeros(present, array->offset, array->length) > 0)
        return contract_fail(err, owner.plugin, "a row is missing as a whole");
    return true;
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
