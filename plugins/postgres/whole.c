/* SPDX-License-Identifier: MIT
 *
 * A row is added value after value; when one of them is none that is wanted, those before are forgotten.
 */
#include "postgres/whole.h"

#include <math.h>
#include <string.h>

#include "common/batch_builder.h"
#include "common/bits.h"
#include "common/memory.h"
#include "common/moments.h"
#include "postgres/binary.h"
#include "postgres/local_times.h"
#include "postgres/numeric.h"

enum { FULL_ROWS = 16384, FULL_BYTES = 8 << 20, MOST_DIGITS = 18, EXACT_DIGITS = 15 };

typedef struct whole_column whole_column;

/* Put down the value of a row; false: it is not what is wanted. */
typedef bool whole_step(whole_column *c, size_t row, const char *data, size_t size);

struct whole_column {
    const sent_column *sent; /* NULL: all values are missing */
    whole_step *step;
    int scale;      /* digits behind the point that are wanted */
    int64_t factor; /* 10 to that */
    array_builder to;
    bool is_local; /* it has times that the host reads */
};

struct whole {
    whole_column *columns;
    batch_builder batch;
    size_t byte_count;  /* of the values as they came */
    local_times *local; /* or NULL */
    array_builder **local_values;
    struct ArrowArray **local_arrays;
    size_t local_count;
};

/* ---- values --------------------------------------------------------------------------- */

static bool put(whole_column *c, size_t row, int64_t value)
{
    ((int64_t *)(void *)c->to.values)[row] = value;
    return true;
}

static bool put_number(whole_column *c, size_t row, double value)
{
    ((double *)(void *)c->to.values)[row] = value;
    return isfinite(value);
}

static bool add_text(whole_column *c, size_t row, const char *data, size_t size)
{
    return array_builder_code(&c->to, row, data, size);
}

static bool add_bool(whole_column *c, size_t row, const char *data, size_t size)
{
    bit_set(c->to.values, row, size == 1 && data[0] != 0);
    return size == 1;
}

static bool add_int(whole_column *c, size_t row, const char *data, size_t size)
{
    int64_t value, scaled;
    return binary_read_int(data, size, &value) &&
           !__builtin_mul_overflow(value, c->factor, &scaled) && put(c, row, scaled);
}

static bool add_int_as_number(whole_column *c, size_t row, const char *data, size_t size)
{
    int64_t value;
    return binary_read_int(data, size, &value) && put_number(c, row, (double)value);
}

static bool add_float(whole_column *c, size_t row, const char *data, size_t size)
{
    double value;
    return binary_read_float(data, size, &value) && put_number(c, row, value);
}

/* digits * 10^exponent as a whole number. */
static bool shift(int64_t digits, int exponent, int64_t *out)
{
    *out = 0;
    if (digits == 0)
        return true;
    if (exponent > MOST_DIGITS || exponent < -MOST_DIGITS)
        return false;
    if (exponent >= 0)
        return !__builtin_mul_overflow(digits, numeric_power_of_ten(exponent), out);
    int64_t power = numeric_power_of_ten(-exponent);
    *out = digits / power;
    return *out * power == digits;
}

static bool add_numeric(whole_column *c, size_t row, const char *data, size_t size)
{
    numeric_parts d;
    int64_t value;
    return numeric_read(data, size, &d) &&
           shift(d.digits, d.exponent + c->scale, &value) && put(c, row, value);
}

/* Digits and a power of ten that a double holds exactly give the number that is nearest. */
static bool add_numeric_as_number(whole_column *c, size_t row, const char *data,
                                  size_t size)
{
    const int64_t most = numeric_power_of_ten(EXACT_DIGITS);
    numeric_parts d;
    int64_t digits;
    if (!numeric_read(data, size, &d) || d.exponent < -EXACT_DIGITS ||
        !shift(d.digits, d.exponent > 0 ? d.exponent : 0, &digits) || digits > most ||
        digits < -most)
        return false;
    return put_number(c, row,
                      (double)digits /
                          (double)numeric_power_of_ten(d.exponent < 0 ? -d.exponent : 0));
}

static bool add_time(whole_column *c, size_t row, const char *data, size_t size)
{
    int64_t value;
    return binary_read_time(data, size, &value) && value >= MOMENT_FIRST &&
           value <= MOMENT_LAST && put(c, row, value);
}

/* Those near the ends might lie beyond them elsewhere. */
static bool add_local_time(whole_column *c, size_t row, const char *data, size_t size)
{
    const int64_t year = INT64_C(366) * 86400 * 1000000;
    int64_t value;
    return binary_read_time(data, size, &value) && value >= MOMENT_FIRST + year &&
           value <= MOMENT_LAST - year && put(c, row, value);
}

static bool add_date(whole_column *c, size_t row, const char *data, size_t size)
{
    int64_t day;
    if (!binary_read_date(data, size, &day) || day < MOMENT_FIRST_DAY ||
        day > MOMENT_LAST_DAY)
        return false;
    ((int32_t *)(void *)c->to.values)[row] = (int32_t)day;
    return true;
}

static bool add_interval(whole_column *c, size_t row, const char *data, size_t size)
{
    int64_t value;
    return binary_read_interval(data, size, &value) == INTERVAL_GOOD &&
           put(c, row, value);
}

/* ---- which columns ---------------------------------------------------------------------- */

static bool is_whole_number(const carpel_column *wanted)
{
    return wanted->type == CARPEL_INT || wanted->type == CARPEL_DECIMAL;
}

/* NULL: such values are read by the builder. */
static whole_step *step_of(binary_form form, const carpel_column *wanted)
{
    switch (form) {
    case FORM_TEXT:
        return wanted->type == CARPEL_STRING || wanted->type == CARPEL_PERSON ? add_text
                                                                              : NULL;
    case FORM_BOOL: return add_bool;
    case FORM_INT: return is_whole_number(wanted) ? add_int : add_int_as_number;
    case FORM_FLOAT: return wanted->type == CARPEL_NUMBER ? add_float : NULL;
    case FORM_NUMERIC:
        return is_whole_number(wanted) ? add_numeric : add_numeric_as_number;
    case FORM_TIME: return add_time;
    case FORM_LOCAL_TIME: return add_local_time;
    case FORM_DATE: return add_date;
    case FORM_INTERVAL: return add_interval;
    case FORM_ARRAY: break;
    }
    return NULL;
}

/* Is the column one of those, with one candidate or none? */
static bool begin_column(whole_column *c, const carpel_column *wanted,
                         const size_t *places, const sent_column *sent)
{
    if (places[0] == NO_COLUMN)
        return true;
    c->sent = &sent[places[0]];
    c->step = step_of(c->sent->form, wanted);
    c->is_local = c->sent->form == FORM_LOCAL_TIME;
    c->scale = wanted->type == CARPEL_DECIMAL ? (int)wanted->scale : 0;
    c->factor = numeric_power_of_ten(c->scale);
    return c->step && places[1] == NO_COLUMN;
}

static void begin_local(whole *w, const carpel_host *host, const carpel_request *request)
{
    carpel_column *columns = common_alloc(w->batch.column_count, sizeof *columns);
    w->local_values = common_alloc(w->batch.column_count, sizeof(array_builder *));
    w->local_arrays = common_alloc(w->batch.column_count, sizeof(struct ArrowArray *));
    for (size_t i = 0; i < w->batch.column_count; i++)
        if (w->columns[i].is_local) {
            columns[w->local_count] = request->columns[i];
            w->local_values[w->local_count++] = &w->columns[i].to;
        }
    if (w->local_count > 0)
        w->local = local_times_new(host, columns, w->local_count);
    free(columns);
}

whole *whole_new(const carpel_host *host, const carpel_rows *rows,
                 const carpel_request *request, const found_columns *fields,
                 const sent_column *sent)
{
    size_t count = request->column_count;
    whole *w = common_alloc(1, sizeof *w);
    w->columns = common_alloc(count, sizeof *w->columns);
    bool ok = batch_builder_begin(&w->batch, host, rows, request, &w->columns->to,
                                  sizeof *w->columns);
    for (size_t i = 0; i < count && ok; i++)
        ok = begin_column(&w->columns[i], &request->columns[i], fields->places[i], sent);
    if (ok) {
        begin_local(w, host, request);
        return w;
    }
    whole_free(w);
    return NULL;
}

void whole_free(whole *w)
{
    if (!w)
        return;
    batch_builder_done(&w->batch);
    local_times_free(w->local);
    free(w->local_values);
    free(w->local_arrays);
    free(w->columns);
    free(w);
}

/* ---- rows --------------------------------------------------------------------------------- */

bool whole_add(whole *w, uint64_t line)
{
    size_t row = w->batch.row_count, bytes = 0, i = 0;
    bool ok = true;
    batch_builder_reserve(&w->batch, 1);
    for (; ok && i < w->batch.column_count; i++) {
        whole_column *c = &w->columns[i];
        if (!c->sent || !c->sent->data) {
            array_builder_miss(&c->to, row, 1);
            continue;
        }
        ok = c->step(c, row, c->sent->data, c->sent->size);
        bytes += c->sent->size;
    }
    if (!ok) {
        batch_builder_drop(&w->batch, i, 1);
        return false;
    }
    batch_builder_keep(&w->batch, 1, line);
    w->byte_count += bytes;
    return true;
}

size_t whole_count(const whole *w)
{
    return w->batch.row_count;
}

bool whole_is_full(const whole *w)
{
    return w->batch.row_count >= FULL_ROWS || w->byte_count >= FULL_BYTES;
}

void whole_cut(whole *w, size_t count)
{
    batch_builder_cut(&w->batch, count);
}

void whole_take(whole *w, const char *place, struct ArrowArray *out)
{
    size_t local = 0;
    batch_builder_open(&w->batch, out);
    for (size_t i = 0; w->local && i < w->batch.column_count; i++)
        if (w->columns[i].is_local)
            w->local_arrays[local++] = out->children[i];
    if (w->local)
        local_times_take(w->local, place, w->batch.first_line, w->batch.row_count,
                         w->local_values, w->local_arrays);
    batch_builder_take(&w->batch, place, out);
    w->byte_count = 0;
}
