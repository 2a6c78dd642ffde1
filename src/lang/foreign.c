/* SPDX-License-Identifier: MIT
 *
 * Looks words up in foreign_words.def and phrases.def.
 */
#include "lang/foreign.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/weekday.h"
#include "lang/keywords.h"

#include "grammar/segment_parser.h"

static const foreign_word words[] = {
#define X(word, ours) {word, ours},
#include "lang/foreign_words.def"
#undef X
};

/* The size of the next word of a list, to which *list goes. */
static size_t next_word(const char **list)
{
    *list += strspn(*list, " ");
    return strcspn(*list, " ");
}

static const char *skip_joints(const char *at)
{
    while (*at == '_' || *at == ' ' || *at == '-')
        at++;
    return at;
}

/* Is it the word of `size` bytes that begins at `listed`? */
static bool is_listed(const char *word, const char *listed, size_t size)
{
    word = skip_joints(word);
    for (const char *end = listed + size; listed < end; listed++) {
        if (*listed == '_')
            continue;
        if ((char)tolower((unsigned char)*word) != *listed)
            return false;
        word = skip_joints(word + 1);
    }
    return *word == '\0';
}

bool is_word_of(const char *word, const char *list)
{
    for (size_t size; (size = next_word(&list)) > 0; list += size)
        if (is_listed(word, list, size))
            return true;
    return false;
}

bool is_file_name(const char *text)
{
    const char *ending = strrchr(text, '.');
    return ending && is_word_of(ending + 1, "csv tsv txt");
}

bool holds_word(const char *text, const char *list)
{
    for (size_t size; (size = next_word(&list)) > 0; list += size)
        for (const char *at = text; *at; at++)
            if (strncasecmp(at, list, size) == 0)
                return true;
    return false;
}

const foreign_word *foreign_find(const char *name, const foreign_word *after)
{
    const foreign_word *end = words + sizeof words / sizeof *words;
    for (const foreign_word *word = after ? after + 1 : words; word < end; word++) {
        if (strcasecmp(word->word, name) == 0)
            return word;
    }
    return NULL;
}

static const char *find_fitting(const char *name, bool (*fits)(const char *ours))
{
    const foreign_word *word = foreign_find(name, NULL);
    while (word && !fits(word->ours))
        word = foreign_find(name, word);
    return word ? word->ours : NULL;
}

static bool is_unit(const char *ours)
{
    const keyword *known = keyword_find(ours);
    return known && (known->token == TOKEN_UNIT || known->token == TOKEN_SECOND);
}

static bool is_function(const char *ours)
{
    const keyword *known = keyword_find(ours);
    return strcmp(ours, "smaller") == 0 || strcmp(ours, "larger") == 0 ||
           (known && known->use == KEYWORD_CALL);
}

static bool is_value(const char *ours)
{
    return is_word_of(ours, "true false missing");
}

const char *foreign_unit(const char *name)
{
    return find_fitting(name, is_unit);
}

const char *foreign_function(const char *name)
{
    return find_fitting(name, is_function);
}

const char *foreign_value(const char *name)
{
    static const char *const ours[] = {"true", "false", "missing"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) /* TRUE */
        if (strcasecmp(ours[i], name) == 0)
            return ours[i];
    return find_fitting(name, is_value);
}

const char *foreign_time(const char *name)
{
    static const struct {
        const char *words, *ours;
    } names[] = {
        {"date", "time.date"},
        {"day day_of_month", "time.day_of_month"},
        {"timestamp datetime created_at ts at occurred_at event_time order_date", "time"},
        {"hour", "time.hour"},
        {"weekday day_of_week dayofweek dow", "time.weekday"},
        {"month month_of_year", "time.month_of_year"},
        {"year", "time.year"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word_of(name, names[i].words))
            return names[i].ours;
    return NULL;
}

/* Does the word begin the name, with at least so many letters? */
static bool shortens(const char *word, const char *name, size_t least)
{
    size_t size = strlen(word);
    return size >= least && strncasecmp(word, name, size) == 0;
}

int foreign_month(const char *name)
{
    static const char *const german[] = {"januar",    "februar", "m\u00E4rz", "april",
                                         "mai",       "juni",    "juli",      "august",
                                         "september", "oktober", "november",  "dezember"};
    for (size_t i = 0; i < keyword_count; i++)
        if (keywords[i].token == TOKEN_MONTHNAME &&
            shortens(name, keywords[i].spelling, 3))
            return keywords[i].value;
    for (int month = 0; month < 12; month++)
        if (shortens(name, german[month], 3))
            return month + 1;
    return strcasecmp(name, "maerz") == 0 ? 3 : 0;
}

const char *foreign_weekday(const char *name)
{
    static const char *const german[] = {"montag",  "dienstag", "mittwoch", "donnerstag",
                                         "freitag", "samstag",  "sonntag"};
    size_t size = strlen(name);
    for (int day = 0; day < WEEKDAY_COUNT; day++) {
        const char *ours = weekday_names[day];
        bool is_plural = size > 1 && tolower((unsigned char)name[size - 1]) == 's' &&
                         strncasecmp(name, ours, size - 1) == 0 && !ours[size - 1];
        if (shortens(name, ours, 2) || is_plural || shortens(name, german[day], 5))
            return ours;
    }
    return strcasecmp(name, "sonnabend") == 0 ? "saturday" : NULL;
}

bool is_word_for_people(const char *word)
{
    return is_word_of(word, "customer customers people users user everyone anyone those "
                            "person persons buyers profiles contacts members subscribers "
                            "visitors shoppers clients leads players everybody");
}

static const phrase phrases[] = {
#define X(words, theirs, ours) {words, theirs, ours},
#include "lang/phrases.def"
#undef X
};

const phrase *phrase_find(const char *word, const phrase *after)
{
    const phrase *end = phrases + sizeof phrases / sizeof *phrases;
    for (const phrase *at = after ? after + 1 : phrases; at < end; at++)
        if (is_word_of(word, at->words))
            return at;
    return NULL;
}

/* Has every letter and sign of the text a pattern of its own? */
static bool is_plain_text(const char *begin, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr("%_*^\\\"", begin[i]))
            return false;
    return size > 0;
}

const char *test_of_like(arena *memory, const char *like)
{
    size_t size = strlen(like);
    bool is_open = *like && strchr("%*", *like);
    bool goes_on = size > 1 && strchr("%*", like[size - 1]);
    const char *test = is_open && goes_on ? "contains"
                       : is_open          ? "ends with"
                       : goes_on          ? "starts with"
                                          : "=";
    size -= (size_t)is_open + (size_t)goes_on;
    if (size == 0 || strcspn(like + is_open, "%*_?[\"\\") < size)
        return NULL;
    return arena_format(memory, "%s \"%.*s\"", test, (int)size, like + is_open);
}

const char *pattern_of_like(arena *memory, const char *like)
{
    size_t size = strlen(like);
    bool is_open = *like == '%', goes_on = size > 1 && like[size - 1] == '%';
    const char *inner = like + is_open;
    size -= (size_t)is_open + (size_t)goes_on;
    if (!is_plain_text(inner, size))
        return NULL;
    const char *pattern = is_open ? "(?i)" : "(?i)^";
    for (size_t i = 0; i < size; i++)
        pattern =
            arena_format(memory, strchr(".+?()[]{}|$", inner[i]) ? "%s[%c]" : "%s%c",
                         pattern, inner[i]);
    return goes_on ? pattern : arena_format(memory, "%s$", pattern);
}
