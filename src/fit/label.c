/* SPDX-License-Identifier: MIT
 *
 * Words of a label, one after another; what stands in quotes is none.
 */
#include "fit/label.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "value/calendar.h"

/* What looks elsewhere than at the time after T, or at the clock. */
static const char *const refused[] = {"ago",   "before", "between",  "first", "full",
                                      "last",  "now",    "previous", "since", "this",
                                      "today", "until",  "yesterday"};

static bool is_word_of(const char *at, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(at, word, size) == 0;
}

static size_t word_size(const char *at)
{
    size_t size = 0;
    while (isalnum((unsigned char)at[size]) || at[size] == '_')
        size++;
    return size;
}

static size_t quoted_size(const char *at)
{
    const char *end = strchr(at + 1, at[0]);
    return end ? (size_t)(end - at) + 1 : strlen(at);
}

/* "30 days", "week": 0 when it is no length that is always the same. */
static int64_t read_length(const char *at)
{
    static const int64_t seconds[] = {[UNIT_SECOND] = 1,
                                      [UNIT_MINUTE] = 60,
                                      [UNIT_HOUR] = 3600,
                                      [UNIT_DAY] = 86400,
                                      [UNIT_WEEK] = 7 * 86400};
    char *end;
    calendar_unit unit;
    long long count = strtoll(at, &end, 10);
    if (end == at)
        count = 1;
    end += strspn(end, " ");
    if (count <= 0 || count > 100000 ||
        !calendar_unit_parse(end, word_size(end), &unit) || unit > UNIT_WEEK)
        return 0;
    return count * seconds[unit] * 1000000;
}

/* Behind "in next": all such windows are of one length. */
static const char *take_window(const char *behind, int64_t *microseconds)
{
    int64_t length = read_length(behind + strspn(behind, " "));
    if (length == 0)
        return "behind \"in next\" stands a number of seconds, minutes, hours, days or "
               "weeks";
    if (*microseconds != 0 && *microseconds != length)
        return "all its windows have to be of one length";
    *microseconds = length;
    return NULL;
}

static const char *refuse_word(const char *at, size_t size)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (is_word_of(at, size, refused[i]))
            return "it may look at the time after its date alone, in windows such as "
                   "\"in next 30 "
                   "days\"; what was before belongs below \"among\"";
    return NULL;
}

bool fit_label_read(const char *label, text *out, int64_t *microseconds,
                    const char **reason)
{
    bool is_behind_in = false;
    *microseconds = 0;
    *reason = NULL;
    for (const char *at = label; *at && !*reason;) {
        bool is_quoted = *at == '"' || *at == '`', is_blank = *at == ' ';
        size_t size = is_quoted ? quoted_size(at) : word_size(at);
        size = size > 0 ? size : 1;
        bool is_window = is_behind_in && is_word_of(at, size, "next");
        if (is_window)
            *reason = take_window(at + size, microseconds);
        else if (!is_quoted)
            *reason = refuse_word(at, size);
        if (is_window)
            text_append(out, "last");
        else
            text_append_bytes(out, at, size);
        is_behind_in = is_blank ? is_behind_in : is_word_of(at, size, "in");
        at += size;
    }
    if (!*reason && *microseconds == 0)
        *reason = "it has no window such as \"in next 30 days\"";
    return !*reason;
}
