/* SPDX-License-Identifier: MIT
 *
 * Where a file has the wanted columns: by the names in its header or in the project, or by number.
 */
#include "csv/source.h"

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/memory.h"
#include "common/names.h"

static char *copy_field(csv_source *s, const csv_field *field)
{
    size_t size = field->size;
    if (!csv_has_bytes(s))
        return common_copy(field->data, size);
    csv_convert(s, field, &size);
    return common_copy(s->converted, size);
}

/* Append to the message. */
static void append(carpel_error *err, const char *more)
{
    size_t used = strlen(err->message);
    snprintf(err->message + used, sizeof err->message - used, "%s", more);
}

/* A header has names; how many of these are numbers, or times? */
static size_t count_values(const char *const *names, size_t count)
{
    size_t values = 0;
    for (size_t i = 0; i < count; i++)
        values += names[i][0] >= '0' && names[i][0] <= '9' &&
                  names[i][strspn(names[i], "0123456789.,:/- TZ")] == '\0';
    return values;
}

/* What the names of the columns tell: a spreadsheet, another delimiter, no header. */
static bool explain_columns(csv_source *s, const char *const *names, size_t count,
                            carpel_error *err)
{
    const char *sign = count == 1 ? strpbrk(names[0], ";\t|,") : NULL;
    char more[40];
    if (strncmp(names[0], "PK\x03\x04", 4) == 0)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" is a spreadsheet (.xlsx) or another zipped file, whatever "
            "its name: save it as CSV in UTF-8",
            s->name);
    if (sign != NULL) {
        snprintf(more, sizeof more, "; set delimiter: \"%c\"", *sign);
        append(err, *sign == '\t' ? "; set delimiter: tab" : more);
    } else if (s->options->header && count_values(names, count) > 0) {
        append(err,
               "; its first line looks like data: name the columns in a line above, or "
               "set header: false and columns: [...]");
    }
    return false;
}

size_t csv_count_fields(const carpel_request *request)
{
    size_t count = request->column_count;
    for (size_t i = 0; i < request->column_count; i++)
        count += columns_count_others(request, i);
    return count;
}

/* The field of this name, of which there is one at most. */
static bool find_field(const csv_source *s, const char *from, const char *const *names,
                       size_t count, size_t *out, carpel_error *err)
{
    *out = CSV_NO_FIELD;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], from) != 0)
            continue;
        if (*out != CSV_NO_FIELD)
            return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" has two columns \"%s\"",
                               s->name, from);
        *out = i;
    }
    return true;
}

/* The fields of a column; those that are not its first stand from `other` on. */
static bool find_column(csv_source *s, size_t column, size_t other,
                        const char *const *names, size_t count, bool *is_found,
                        carpel_error *err)
{
    const carpel_request *request = s->request;
    const carpel_column *wanted = &request->columns[column];
    size_t *field = &s->fields[column];
    *field = CSV_NO_FIELD;
    if (wanted->type != CARPEL_LIST &&
        !find_field(s, wanted->from, names, count, field, err))
        return false;
    *is_found = *field != CSV_NO_FIELD;
    for (size_t i = 0; i < columns_count_others(request, column); i++) {
        field = &s->fields[other + i];
        if (!find_field(s, wanted->others[i], names, count, field, err))
            return false;
        *is_found |= *field != CSV_NO_FIELD;
    }
    return true;
}

/* The fields for each wanted column, by the names of all fields. */
static bool find_columns(csv_source *s, const char *const *names, size_t count,
                         carpel_error *err)
{
    const carpel_request *request = s->request;
    size_t other = request->column_count;
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        bool is_found;
        if (!find_column(s, i, other, names, count, &is_found, err))
            return false;
        other += columns_count_others(request, i);
        if (!is_found && !wanted->is_optional) {
            char where[300];
            snprintf(where, sizeof where, "\"%.290s\"", s->name);
            names_fail_missing(err, where, wanted->from, names, count);
            return explain_columns(s, names, count, err);
        }
    }
    return true;
}

/* Read the header and find the wanted columns in it. */
static bool read_header(csv_source *s, carpel_error *err)
{
    csv_reader *r = &s->reader;
    switch (csv_read(r, err)) {
    case CSV_FAILED: return false;
    case CSV_BAD_ROW:
        return carpel_fail(err, CARPEL_E_INPUT, "cannot read the header of \"%s\": %s",
                           s->name, r->reason);
    case CSV_END: {
        char message[400];
        snprintf(message, sizeof message, "\"%s\" is empty", s->name);
        if (s->host)
            s->host->log(s->host, CARPEL_LOG_WARNING, message);
        return true;
    }
    case CSV_ROW: break;
    }
    size_t count = r->field_count;
    if (count > CSV_MAX_FIELDS)
        return carpel_fail(err, CARPEL_E_LIMIT, "\"%s\" has more than %d columns",
                           s->name, CSV_MAX_FIELDS);
    char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = copy_field(s, &r->fields[i]);
    s->width = count;
    bool ok = find_columns(s, (const char *const *)names, count, err);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return ok;
}

bool csv_number_columns(csv_source *s, size_t count, carpel_error *err)
{
    char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        char number[24];
        int size = snprintf(number, sizeof number, "%zu", i + 1);
        names[i] = common_copy(number, (size_t)size);
    }
    s->width = count;
    bool ok = find_columns(s, (const char *const *)names, count, err);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return ok;
}

bool csv_begin_columns(csv_source *s, carpel_error *err)
{
    s->width = 0;
    if (s->options->header)
        return read_header(s, err);
    carpel_texts columns = s->options->columns;
    s->width = columns.count;
    return columns.count == 0 || find_columns(s, columns.items, columns.count, err);
}
