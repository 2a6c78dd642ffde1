/* SPDX-License-Identifier: MIT
 *
 * Tries the formats of time_formats.def.
 */
#include "value/time_formats.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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
        return "it is written like 2026-03-01 10:00, which \"iso\" reads, also in a list "
               "of formats";
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

/* How others write the parts of a format; of two that begin alike the longer one first. */
static const struct {
    const char *theirs, *ours;
} parts[] = {
    {"YYYY", "%Y"},  {"yyyy", "%Y"}, {"YY", "%y"},   {"yy", "%y"},   {"MONTH", "%B"},
    {"Month", "%B"}, {"MMMM", "%B"}, {"MON", "%b"},  {"Mon", "%b"},  {"MMM", "%b"},
    {"MM", "%m"},    {"MI", "%M"},   {"M", "%m"},    {"DD", "%d"},   {"dd", "%d"},
    {"D", "%d"},     {"d", "%d"},    {"HH24", "%H"}, {"hh24", "%H"}, {"HH12", "%I"},
    {"hh12", "%I"},  {"HH", "%H"},   {"hh", "%I"},   {"H", "%H"},    {"h", "%I"},
    {"mi", "%M"},    {"mm", "%M"},   {"m", "%M"},    {"SSS", "%f"},  {"SS", "%S"},
    {"ss", "%S"},    {"s", "%S"},    {"fff", "%f"},  {"FF3", "%f"},  {"FF6", "%f"},
    {"FF", "%f"},    {"AM", "%p"},   {"PM", "%p"},   {"am", "%p"},   {"pm", "%p"},
    {"tt", "%p"},    {"A", "%p"},    {"a", "%p"},    {"XXX", "%z"},  {"ZZ", "%z"},
    {"Z", "%z"},
};

/* The sign of strptime for what the format begins with; the size of that, or 0. */
static size_t our_part(const char *format, const char **ours)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = strlen(parts[i].theirs);
        *ours = parts[i].ours;
        if (strncmp(format, parts[i].theirs, size) == 0)
            return size;
    }
    return 0;
}

/* Does it stand there as it is: a sign of strptime, or what is no letter? Only the T between day
 * and hour is one; other letters, and digits, are of a part that nobody knows. */
static size_t plain_part(const char *format)
{
    bool is_open = (*format >= 'A' && *format <= 'Z' && *format != 'T') ||
                   (*format >= 'a' && *format <= 'z') ||
                   (*format >= '0' && *format <= '9');
    return *format == '%' && format[1] != '\0' ? 2 : is_open ? 0 : 1;
}

/* "ISO 8601", "iso8601", "ISO-8601", "RFC 3339" */
static bool is_iso_word(const char *format)
{
    return strncasecmp(format, "iso", 3) == 0 || strncasecmp(format, "rfc", 3) == 0;
}

/* What others call the counts of seconds, milliseconds or microseconds since 1970; or NULL. */
static const char *count_word(const char *format)
{
    static const struct {
        const char *theirs, *ours;
    } words[] = {{"timestamp", "unix"},
                 {"epoch", "unix"},
                 {"epoch_seconds", "unix"},
                 {"unix_seconds", "unix"},
                 {"unix_timestamp", "unix"},
                 {"unixtime", "unix"},
                 {"unix_time", "unix"},
                 {"epoch_s", "unix"},
                 {"timestamp_ms", "unix_ms"},
                 {"epoch_ms", "unix_ms"},
                 {"epoch_millis", "unix_ms"},
                 {"unix_millis", "unix_ms"},
                 {"milliseconds", "unix_ms"},
                 {"millis", "unix_ms"},
                 {"ms", "unix_ms"},
                 {"unix_milliseconds", "unix_ms"},
                 {"timestamp_us", "unix_us"},
                 {"epoch_us", "unix_us"},
                 {"epoch_micros", "unix_us"},
                 {"unix_micros", "unix_us"},
                 {"microseconds", "unix_us"},
                 {"timestamp_millis", "unix_ms"},
                 {"timestamp_micros", "unix_us"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(format, words[i].theirs) == 0)
            return words[i].ours;
    return NULL;
}

bool time_format_translate(const char *format, char *out, size_t out_size)
{
    const char *ours, *reason;
    size_t size = 0, found = 0, taken = 1;
    const char *word = is_iso_word(format) ? "iso" : count_word(format);
    if (word != NULL) {
        snprintf(out, out_size, "%s", word);
        return true;
    }
    if (swap_months_and_minutes(format, out, out_size))
        return true;
    for (; *format != '\0' && taken > 0 && size + 3 < out_size; format += taken) {
        taken = our_part(format, &ours);
        found += taken > 0;
        if (taken > 0)
            size += (size_t)snprintf(out + size, out_size - size, "%s", ours);
        else if ((taken = plain_part(format)) > 0 && *format != '\'')
            size +=
                (size_t)snprintf(out + size, out_size - size, "%.*s", (int)taken, format);
    }
    out[size] = '\0';
    return *format == '\0' && taken > 0 && found >= 3 &&
           value_check_time_format(out, &reason);
}
