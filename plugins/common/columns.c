/* SPDX-License-Identifier: MIT
 *
 * Wanted columns among those of a table.
 */
#include "common/columns.h"

#include <string.h>

#include "common/memory.h"
#include "common/names.h"

carpel_request columns_ask_none(const carpel_inquiry *inquiry)
{
    return (carpel_request){.struct_size = sizeof(carpel_request),
                            .name = inquiry->name,
                            .options = inquiry->options,
                            .project_directory = inquiry->project_directory};
}

carpel_request columns_ask_told(const carpel_inquiry *inquiry)
{
    carpel_request request = columns_ask_none(inquiry);
    if (CARPEL_HAS(inquiry, column_count)) {
        request.columns = inquiry->columns;
        request.column_count = inquiry->columns ? inquiry->column_count : 0;
    }
    return request;
}

size_t columns_count_others(const carpel_request *request, size_t column)
{
    size_t count = 0;
    const char *const *others = request->columns[column].others;
    while (others && others[count])
        count++;
    return count;
}

static bool find_name(const char *where, const char *wanted, const char *const *names,
                      size_t count, size_t *out, carpel_error *err)
{
    *out = NO_COLUMN;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], wanted) != 0)
            continue;
        if (*out != NO_COLUMN)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "%s has two columns \"%s\"; give one of them another name "
                               "in the query",
                               where, wanted);
        *out = i;
    }
    return true;
}

/* The candidates of a column, those that are there. */
static bool find_column(found_columns *f, const carpel_request *request, size_t column,
                        const char *where, const char *const *names, size_t count,
                        carpel_error *err)
{
    const carpel_column *wanted = &request->columns[column];
    size_t other_count = columns_count_others(request, column), used = 0;
    size_t *places = common_alloc(other_count + 2, sizeof *places);
    f->places[column] = places;
    for (size_t i = 0; i <= other_count; i++) {
        const char *from = i == 0 ? wanted->from : wanted->others[i - 1];
        if (!find_name(where, from, names, count, &places[used], err))
            return false;
        if (places[used] != NO_COLUMN)
            used++;
    }
    places[used] = NO_COLUMN;
    return used > 0 || wanted->is_optional ||
           names_fail_missing(err, where, wanted->from, names, count);
}

bool found_columns_init(found_columns *f, const carpel_request *request,
                        const char *where, bool has_lists, const char *const *names,
                        size_t count, carpel_error *err)
{
    f->count = request->column_count;
    f->places = common_alloc(f->count, sizeof *f->places);
    for (size_t i = 0; i < f->count; i++) {
        if (has_lists || request->columns[i].type != CARPEL_LIST) {
            if (!find_column(f, request, i, where, names, count, err))
                return false;
            continue;
        }
        if (!request->columns[i].is_optional)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "%s has no lists, so \"%s\" cannot be read from it", where,
                               request->columns[i].from);
        f->places[i] = common_alloc(1, sizeof **f->places);
        f->places[i][0] = NO_COLUMN;
    }
    return true;
}

void found_columns_done(found_columns *f)
{
    for (size_t i = 0; f->places && i < f->count; i++)
        free(f->places[i]);
    free(f->places);
    *f = (found_columns){0};
}

size_t found_columns_choose(const found_columns *f, size_t column,
                            bool (*is_present)(void *context, size_t place),
                            void *context)
{
    const size_t *place = f->places[column];
    while (*place != NO_COLUMN && !is_present(context, *place))
        place++;
    return *place;
}
