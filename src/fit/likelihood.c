/* SPDX-License-Identifier: MIT
 *
 * Calls the functions of rules/lib, row after row.
 */
#include "fit/likelihood.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "script/script.h"

/* A formula takes some microseconds; a second is far from that. */
static const script_limits limits = {.memory_bytes = 64 * 1024 * 1024,
                                     .call_microseconds = 1000000};

struct fit_likelihood {
    const fit_model *model;
    const fit_histories *histories;
    const cancel *cancel;
    script_set *set;
    script_state *state;
    text message;
    double sum;
};

fit_likelihood *fit_likelihood_new(const fit_model *m, const fit_histories *h,
                                   const cancel *c)
{
    fit_likelihood *l = memory_alloc(sizeof *l);
    *l = (fit_likelihood){.model = m, .histories = h, .cancel = c};
    text_init(&l->message);
    l->set = script_set_new(limits);
    diags *d = diags_new();
    bool is_loaded = script_set_load_library(l->set, m->file, (span){0}, E0119, d);
    assert(is_loaded); /* it is a part of carpel */
    (void)is_loaded;
    diags_free(d);
    l->state = script_state_new(l->set, c);
    return l;
}

void fit_likelihood_free(fit_likelihood *l)
{
    if (!l)
        return;
    script_state_free(l->state);
    script_set_free(l->set);
    text_done(&l->message);
    memory_free(l);
}

const char *fit_likelihood_message(const fit_likelihood *l)
{
    return l->message.data;
}

static bool note_failure(void *data, size_t row, const char *message)
{
    fit_likelihood *l = data;
    (void)row;
    text_clear(&l->message);
    text_append(&l->message, message);
    return false;
}

static bool take_result(void *data, size_t row, const script_value *result)
{
    fit_likelihood *l = data;
    bool is_number = result->kind == SCRIPT_NUMBER;
    if (!is_number)
        note_failure(l, row, "the model says nothing of one of the people");
    else
        l->sum += l->histories->weights[row] * result->number;
    return is_number;
}

enum { MOST_ARGUMENTS = 1 + FIT_MOST_COLUMNS + FIT_MOST_PARAMETERS };

/* The columns of the histories, and one number each for the parameters. */
static size_t put_columns(const fit_likelihood *l, const double *parameters,
                          script_column *out)
{
    size_t count = 0;
    for (size_t i = 0; i < fit_rows_columns(l->model->rows); i++)
        out[count++] =
            (script_column){.kind = SCRIPT_NUMBER, .values = l->histories->columns[i]};
    for (size_t i = 0; i < fit_model_parameter_count(l->model); i++)
        out[count++] = (script_column){
            .kind = SCRIPT_NUMBER, .is_uniform = true, .values = &parameters[i]};
    return count;
}

static size_t function_of(const fit_likelihood *l, const char *name)
{
    size_t number = script_set_find(l->set, l->model->name, name);
    assert(number != SIZE_MAX);
    return number;
}

double fit_likelihood_at(fit_likelihood *l, const double *parameters)
{
    script_column columns[MOST_ARGUMENTS];
    script_rows rows = {.function = function_of(l, "log_likelihood"),
                        .columns = columns,
                        .column_count = put_columns(l, parameters, columns),
                        .row_count = l->histories->count,
                        .wants_number = true,
                        .data = l,
                        .give = take_result,
                        .fail = note_failure};
    l->sum = 0;
    text_clear(&l->message);
    script_call_rows(l->state, &rows);
    if (l->cancel && cancel_is_asked(l->cancel))
        note_failure(l, 0, "the work was stopped");
    return l->message.size == 0 ? l->sum : -INFINITY;
}

static void add_arguments(const double *numbers, size_t count, script_value *arguments,
                          size_t *argument_count)
{
    for (size_t i = 0; i < count; i++)
        arguments[(*argument_count)++] =
            (script_value){.kind = SCRIPT_NUMBER, .number = numbers[i]};
}

bool fit_likelihood_expect(fit_likelihood *l, const double *parameters, double ahead,
                           const double *history, double *out)
{
    script_value arguments[MOST_ARGUMENTS], result = {.kind = SCRIPT_MISSING};
    size_t count = 0;
    const char *message = "the model says nothing of somebody";
    add_arguments(&ahead, l->model->rows == FIT_VALUES ? 0 : 1, arguments, &count);
    add_arguments(history, fit_rows_columns(l->model->rows), arguments, &count);
    add_arguments(parameters, fit_model_parameter_count(l->model), arguments, &count);
    bool is_good = script_call(l->state, function_of(l, "expected"), arguments, count,
                               &result, &message) &&
                   result.kind == SCRIPT_NUMBER;
    if (!is_good)
        note_failure(l, 0, message);
    *out = result.number;
    return is_good;
}
