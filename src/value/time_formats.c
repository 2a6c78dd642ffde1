/* SPDX-License-Identifier: MIT
 *
 * Tries the formats of time_formats.def.
 */
#include "value/time_formats.h"

#include <stdio.h>
#include <string.h>

#include "value/value.h"

static const struct {
    const char *format, *reason;
} formats[] = {
#define X(format) {format, "it would fit the format \"" format "\""},
#include "value/time_formats.def"
#undef X
};

/* In 03/04/2026 either number may be the day. */
static const char *swapped_reason(slice s)
{
    if (value_fits_format(s, "%d/%m/%Y") && value_fits_format(s, "%m/%d/%Y"))
        return "it would fit \"%d/%m/%Y\" and \"%m/%d/%Y\": look for a day above 12";
    if (value_fits_format(s, "%d/%m/%y") && value_fits_format(s, "%m/%d/%y"))
        return "it would fit \"%d/%m/%y\" and \"%m/%d/%y\": look for a day above 12";
    return NULL;
}

/* Reasons that say nothing of the text itself, or that a swapped format gives. */
static bool is_of_format(const char *reason)
{
    static const char *const begins[] = {"it does not fit", "it is not written",
                                         "its month is not", "it is not a number"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(reason, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static const char *count_reason(slice s)
{
    if (s.size < 10 || s.size > 13)
        return NULL;
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return NULL;
    return s.size == 10   ? "it would fit the format \"unix\""
           : s.size == 13 ? "it would fit the format \"unix_ms\""
                          : NULL;
}

const char *time_format_reason(slice s, const char *format, const char *reason)
{
    if (!is_of_format(reason))
        return reason;
    if (format != NULL && value_fits_format(s, NULL))
        return "it needs no format: it is written like 2026-03-01 10:00";
    if (swapped_reason(s) != NULL)
        return swapped_reason(s);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (value_fits_format(s, formats[i].format))
            return formats[i].reason;
    return count_reason(s) != NULL ? count_reason(s) : reason;
}

/* `%d.%m.%Y %H:%m`: minutes are %M, and beside hours nothing else is meant. */
static bool swap_months_and_minutes(const char *format, char *out, size_t out_size)
{
    const char *reason;
    if (strlen(format) >= out_size)
        return false;
    memcpy(out, format, strlen(format) + 1);
    for (char *part = strchr(out, '%'); part != NULL && part[1] != '\0';
         part = strchr(part + 2, '%')) {
        bool is_behind_hour =
            part - out >= 3 && part[-1] == ':' && (part[-2] == 'H' || part[-2] == 'I');
        if (is_behind_hour && part[1] == 'm')
            part[1] = 'M';
        else if (!is_behind_hour && part[1] == 'M' && strchr(part, 'H') != NULL)
            part[1] = 'm';
    }
    return strcmp(out, format) != 0 && value_check_time_format(out, &reason);
}

bool time_format_translate(const char *format, char *out, size_t out_size)
{
    if (swap_months_and_minutes(format, out, out_size))
        return true;
    static const struct {
        const char *theirs, *ours;
    } parts[] = {{"YYYY", "%Y"}, {"yyyy", "%Y"}, {"YY", "%y"}, {"yy", "%y"},
                 {"MMMM", "%B"}, {"MMM", "%b"},  {"MM", "%m"}, {"DD", "%d"},
                 {"dd", "%d"},   {"HH", "%H"},   {"hh", "%I"}, {"mm", "%M"},
                 {"SS", "%S"},   {"ss", "%S"}};
    const size_t count = sizeof parts / sizeof *parts;
    size_t size = 0, found = 0;
    while (*format != '\0' && size + 3 < out_size) {
        size_t i = 0;
        while (i < count &&
               strncmp(format, parts[i].theirs, strlen(parts[i].theirs)) != 0)
            i++;
        if (i == count) {
            out[size++] = *format++;
            continue;
        }
        size += (size_t)snprintf(out + size, out_size - size, "%s", parts[i].ours);
        format += strlen(parts[i].theirs);
        found++;
    }
    out[size] = '\0';
    const char *reason;
    return *format == '\0' && found >= 3 && value_check_time_format(out, &reason);
}
