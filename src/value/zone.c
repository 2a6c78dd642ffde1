/* SPDX-License-Identifier: MIT
 *
 * Local time in an IANA zone. A zone becomes one table of intervals with a constant
 * offset, from the first change of the system's TZif file (RFC 8536) to the year 9999:
 * what the file's closing rule says about the years behind its own table is written
 * out when the zone is opened. The index says for each stretch of 2^24 seconds (194 days)
 * which interval holds its begin, so that each question takes a step or two.
 *
 *     begins    INT64_MIN   begins[1]   ...   begins[count - 1]   INT64_MAX
 *     offsets   |  [0]      |  [1]      ...   |  [count - 1]      |
 */
#include "value/calendar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/directory.h"
#include "base/path.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "report/suggest.h"
#include "value/zone_dates.h"
#include "value/zone_rule.h"

#define DEFAULT_DIRECTORY "/usr/share/zoneinfo"

enum {
    FILE_LIMIT_BYTES = 1024 * 1024,
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    OFFSET_LIMIT_SECONDS = 26 * 3600, /* RFC 8536 allows -25 to 26 hours */
    SECONDS_PER_DAY = 24 * 3600,
    LAST_YEAR = 9999,
    STRETCH_BITS = 24,
    DIRECTORY_DEPTH = 3
};

/* The instants that are looked up, in seconds: two days beyond those that are served. */
#define FIRST_SECOND  (TIME_MIN / MICROSECONDS_PER_SECOND - 2 * 86400)
#define LAST_SECOND   (TIME_MAX / MICROSECONDS_PER_SECOND + 2 * 86400)
#define STRETCH_COUNT ((size_t)((LAST_SECOND - FIRST_SECOND) >> STRETCH_BITS) + 1)

struct zone {
    arena *own; /* what zone_free releases; NULL when somebody else's */
    const char *name;
    int64_t *begins;  /* count + 1, seconds since 1970 */
    int32_t *offsets; /* seconds east of UTC */
    size_t count;
    uint32_t *index; /* [STRETCH_COUNT] */
};

/* The counts in a TZif header, and how long its data block is. */
typedef struct tzif_header {
    size_t utc_flags, standard_flags, leaps, times, types, letters;
} tzif_header;

static int64_t clamp(int64_t value, int64_t minimum, int64_t maximum)
{
    return value < minimum ? minimum : value > maximum ? maximum : value;
}

static uint64_t read_big_endian(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static size_t block_size(const tzif_header *h, size_t time_bytes)
{
    return h->times * (time_bytes + 1) + h->types * TYPE_BYTES + h->letters +
           h->leaps * (time_bytes + 4) + h->standard_flags + h->utc_flags;
}

static bool read_header(slice s, tzif_header *out)
{
    if (s.size < HEADER_BYTES || memcmp(s.data, "TZif", 4) != 0 || s.data[4] < '2')
        return false;
    const unsigned char *counts = (const unsigned char *)s.data + 20;
    size_t *fields[] = {&out->utc_flags, &out->standard_flags, &out->leaps,
                        &out->times,     &out->types,          &out->letters};
    for (size_t i = 0; i < 6; i++)
        *fields[i] = (size_t)read_big_endian(counts + 4 * i, 4);
    return true;
}

static slice slice_behind(slice s, size_t size)
{
    return (slice){s.data + size, s.size - size};
}

/* The 64-bit half of a file: its header, its data, and the rule behind them. */
static bool split_file(slice file, tzif_header *header, slice *data, slice *rule)
{
    if (!read_header(file, header))
        return false;
    size_t old_size = HEADER_BYTES + block_size(header, 4);
    if (old_size > file.size || !read_header(slice_behind(file, old_size), header))
        return false;
    slice rest = slice_behind(file, old_size + HEADER_BYTES);
    size_t data_size = block_size(header, 8);
    if (data_size > rest.size || header->types == 0 || header->leaps > 0)
        return false;
    *data = (slice){rest.data, data_size};

    slice footer = slice_behind(rest, data_size);
    if (footer.size < 2 || footer.data[0] != '\n' || footer.data[footer.size - 1] != '\n')
        return false;
    *rule = (slice){footer.data + 1, footer.size - 2};
    return true;
}

static void append_interval(zone *z, int64_t begin, int32_t offset)
{
    if (z->count > 0 && z->offsets[z->count - 1] == offset)
        return; /* only the name or the summer flag changed */
    z->begins[z->count] = begin;
    z->offsets[z->count] = offset;
    z->count++;
}

/* The offset of one of the file's types of local time. */
static bool read_type(const tzif_header *header, const unsigned char *types, size_t index,
                      int32_t *out)
{
    if (index >= header->types)
        return false;
    *out = (int32_t)(uint32_t)read_big_endian(types + index * TYPE_BYTES, 4);
    return *out > -OFFSET_LIMIT_SECONDS && *out < OFFSET_LIMIT_SECONDS;
}

/* Append the intervals that the file lists. */
static bool append_table(zone *z, const tzif_header *header, slice data)
{
    const unsigned char *times = (const unsigned char *)data.data;
    const unsigned char *indexes = times + header->times * 8;
    const unsigned char *types = indexes + header->times;
    int64_t before = INT64_MIN;
    int32_t offset;
    if (!read_type(header, types, 0, &offset))
        return false;
    append_interval(z, INT64_MIN, offset);
    for (size_t i = 0; i < header->times; i++) {
        int64_t begin = (int64_t)read_big_endian(times + i * 8, 8);
        if (begin <= before || !read_type(header, types, indexes[i], &offset))
            return false;
        append_interval(z, begin, offset);
        before = begin;
    }
    return true;
}

/* The instant from which a file's rule holds: behind the last one that it lists. */
static int64_t rule_begin(const tzif_header *header, slice data)
{
    if (header->times == 0)
        return INT64_MIN;
    const unsigned char *times = (const unsigned char *)data.data;
    return (int64_t)read_big_endian(times + (header->times - 1) * 8, 8);
}

static int64_t year_of(int64_t seconds)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(number_floor_divide(seconds, 86400), &year, &month, &day);
    return year;
}

/* The calendar with its weekdays comes again after 400 years, and so do a rule's changes. */
enum { CYCLE_YEARS = 400, CYCLE_DAYS = 146097 };

typedef struct year_changes {
    int64_t begins, ends; /* of summer time */
} year_changes;

/* The changes of a year; `cycle` keeps those of the first 400, from the year `first` on. */
static year_changes changes_in(const zone_rule *rule, int64_t year, int64_t first,
                               year_changes cycle[CYCLE_YEARS])
{
    year_changes *kept = &cycle[(year - first) % CYCLE_YEARS];
    int64_t later = (year - first) / CYCLE_YEARS * CYCLE_DAYS * 86400;
    if (later == 0)
        zone_rule_year(rule, year, &kept->begins, &kept->ends);
    return (year_changes){kept->begins + later, kept->ends + later};
}

/* Write out the rule's changes that come after `from`, up to the last year. When both
 * fall on one instant (summer time all year), the one that comes second counts. */
static void append_rule(zone *z, const zone_rule *rule, int64_t from)
{
    if (!rule->has_summer) {
        if (from == INT64_MIN)
            z->offsets[0] = rule->standard_offset;
        return;
    }
    year_changes cycle[CYCLE_YEARS];
    int64_t first_year = year_of(from);
    for (int64_t year = first_year; year <= LAST_YEAR; year++) {
        year_changes in = changes_in(rule, year, first_year, cycle);
        bool summer_first = in.begins < in.ends;
        int64_t first = summer_first ? in.begins : in.ends,
                second = summer_first ? in.ends : in.begins;
        int32_t summer = rule->summer_offset, standard = rule->standard_offset;
        if (first > from)
            append_interval(z, first, summer_first ? summer : standard);
        if (second > from)
            append_interval(z, second, summer_first ? standard : summer);
    }
}

/* Fill the table from a whole file. */
static bool read_file(zone *z, slice file, arena *memory)
{
    tzif_header header = {0};
    slice data, rule_text;
    zone_rule rule = {0};
    if (!split_file(file, &header, &data, &rule_text))
        return false;
    bool has_rule = rule_text.size > 0;
    if (has_rule && !zone_rule_parse(rule_text.data, rule_text.size, &rule))
        return false;

    int64_t from = rule_begin(&header, data);
    size_t capacity = 2 + header.times;
    if (has_rule && rule.has_summer)
        capacity += 2 * (size_t)(LAST_YEAR + 1 - year_of(from));
    z->begins = arena_alloc_array(memory, capacity, sizeof *z->begins);
    z->offsets = arena_alloc_array(memory, capacity, sizeof *z->offsets);
    if (!append_table(z, &header, data))
        return false;
    if (has_rule)
        append_rule(z, &rule, from);
    z->begins[z->count] = INT64_MAX;
    return true;
}

/* A name may not lead out of the folder of zones. */
static bool name_is_sound(const char *name)
{
    size_t size = strlen(name);
    size_t fit = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                              "0123456789/_+-");
    return size > 0 && size < 100 && fit == size && name[0] != '/' &&
           name[size - 1] != '/';
}

static bool fail_unknown(const char *name, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "no time zone is named \"%.100s\"", name);
}

/* The folders that may hold zones: TZDIR, then the usual one. */
static size_t list_directories(const char *out[2])
{
    size_t count = 0;
    const char *own = getenv("TZDIR");
    if (own != NULL && *own != '\0')
        out[count++] = own;
    out[count++] = DEFAULT_DIRECTORY;
    return count;
}

/* Read the file of a zone from the first folder that has it. */
static bool read_zone_bytes(const char *name, text *out, carpel_error *err)
{
    const char *directories[2];
    size_t count = list_directories(directories);
    bool is_any_there = false;
    for (size_t i = 0; i < count; i++) {
        is_any_there = is_any_there || directory_exists(directories[i]);
        char *path = path_join(directories[i], name);
        bool is_there = file_exists(path) && !directory_exists(path);
        bool ok = is_there && file_read(path, FILE_LIMIT_BYTES, out, err);
        memory_free(path);
        if (is_there)
            return ok;
    }
    if (!is_any_there)
        return carpel_fail(
            err, CARPEL_E_SYSTEM,
            "the folder \"%s\" with the time zones is missing; install the "
            "package tzdata",
            DEFAULT_DIRECTORY);
    return fail_unknown(name, err);
}

static void set_utc(zone *z, arena *memory)
{
    z->begins = arena_alloc_array(memory, 2, sizeof *z->begins);
    z->offsets = arena_alloc_array(memory, 1, sizeof *z->offsets);
    append_interval(z, INT64_MIN, 0);
    z->begins[1] = INT64_MAX;
}

static void build_index(zone *z, arena *memory)
{
    size_t at = 0;
    z->index = arena_alloc_array(memory, STRETCH_COUNT, sizeof *z->index);
    for (size_t i = 0; i < STRETCH_COUNT; i++) {
        int64_t begin = FIRST_SECOND + ((int64_t)i << STRETCH_BITS);
        while (z->begins[at + 1] <= begin)
            at++;
        z->index[i] = (uint32_t)at;
    }
}

static bool load_zone(const char *name, arena *memory, zone **out, carpel_error *err)
{
    zone *z = arena_alloc(memory, sizeof *z);
    z->name = arena_copy_string(memory, name);
    if (strcmp(name, "UTC") == 0) {
        set_utc(z, memory);
        build_index(z, memory);
        *out = z;
        return true;
    }
    if (!name_is_sound(name))
        return fail_unknown(name, err);

    text bytes;
    text_init(&bytes);
    bool ok = read_zone_bytes(name, &bytes, err);
    if (ok && !read_file(z, (slice){bytes.data, bytes.size}, memory))
        ok =
            carpel_fail(err, CARPEL_E_INPUT,
                        "the file of the time zone \"%s\" cannot be used (a TZif file of "
                        "version 2 or later without leap seconds is needed)",
                        name);
    if (ok) {
        build_index(z, memory);
        *out = z;
    }
    text_done(&bytes);
    return ok;
}

/* The interval that holds `seconds`. */
static size_t find_interval(const zone *z, int64_t seconds)
{
    size_t i = z->index[clamp(seconds - FIRST_SECOND, 0, LAST_SECOND - FIRST_SECOND) >>
                        STRETCH_BITS];
    while (z->begins[i + 1] <= seconds)
        i++;
    return i;
}

static int64_t seconds_of(int64_t microseconds)
{
    return number_floor_divide(microseconds, MICROSECONDS_PER_SECOND);
}

/* The date of a local time, which may lie a day beyond the years that are served. */
static int64_t local_date(int64_t local)
{
    int64_t date = number_floor_divide(local, MICROSECONDS_PER_DAY);
    return clamp(date, DATE_MIN, DATE_MAX);
}

/* An instant in microseconds, cut to the years that are served and one day beyond, so
 * that the ends of the table mean "always". */
static int64_t begin_microseconds(int64_t seconds)
{
    int64_t cut = clamp(seconds, TIME_MIN / MICROSECONDS_PER_SECOND - 86400,
                        TIME_MAX / MICROSECONDS_PER_SECOND + 86400);
    return cut * MICROSECONDS_PER_SECOND;
}

/* Zones and their folders begin with a capital letter; the lists beside them do not. */
static bool is_zone_entry(const char *name)
{
    return name[0] >= 'A' && name[0] <= 'Z';
}

/* Collect the names below directory/prefix, sorted. */
static void collect_names(const char *directory, const char *prefix, int depth,
                          path_list *out)
{
    path_list entries = {0};
    char *path = path_join(directory, prefix);
    (void)directory_list(path, &entries); /* what cannot be read has no names */
    for (size_t i = 0; i < entries.count; i++) {
        if (!is_zone_entry(entries.items[i]))
            continue;
        char *name = path_join(prefix, entries.items[i]);
        char *full = path_join(directory, name);
        if (!directory_exists(full))
            path_list_add(out, name);
        else if (depth < DIRECTORY_DEPTH)
            collect_names(directory, name, depth + 1, out);
        memory_free(full);
        memory_free(name);
    }
    path_list_done(&entries);
    memory_free(path);
}

/* The name nearest to `wanted`: the one that ends in it ("Berlin"), else by its letters,
 * as a whole or in the last part. */
static const char *nearest_name(const path_list *names, const char *wanted)
{
    suggestion whole = suggest_begin(wanted), part = suggest_begin(path_base(wanted));
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(path_base(names->items[i]), path_base(wanted)) == 0)
            return names->items[i];
        suggest_consider(&whole, names->items[i]);
        suggest_consider(&part, path_base(names->items[i]));
    }
    const char *best = suggest_best(&part);
    if (best == NULL ||
        (suggest_best(&whole) != NULL && whole.best_distance <= part.best_distance))
        return suggest_best(&whole);
    for (size_t i = 0; i < names->count; i++) {
        if (path_base(names->items[i]) == best)
            return names->items[i];
    }
    return NULL;
}

bool zone_open_in(const char *name, arena *memory, const zone **out, carpel_error *err)
{
    zone *z;
    if (!load_zone(name, memory, &z, err))
        return false;
    *out = z;
    return true;
}

bool zone_open(const char *name, zone **out, carpel_error *err)
{
    arena *own = arena_new();
    if (!load_zone(name, own, out, err)) {
        arena_free(own);
        return false;
    }
    (*out)->own = own;
    return true;
}

void zone_free(zone *z)
{
    if (z != NULL)
        arena_free(z->own);
}

const char *zone_name(const zone *z)
{
    return z->name;
}

bool zone_suggest(const char *wanted, char *out, size_t out_size)
{
    const char *directories[2];
    path_list names = {0};
    size_t count = list_directories(directories);
    for (size_t i = 0; i < count; i++)
        collect_names(directories[i], "", 0, &names);
    const char *nearest = nearest_name(&names, wanted);
    bool is_found = nearest != NULL && strlen(nearest) < out_size;
    if (is_found)
        memcpy(out, nearest, strlen(nearest) + 1);
    path_list_done(&names);
    return is_found;
}

int64_t zone_local(const zone *z, int64_t instant)
{
    int64_t cut = clamp(instant, TIME_MIN, TIME_MAX);
    size_t i = find_interval(z, seconds_of(cut));
    return cut + z->offsets[i] * MICROSECONDS_PER_SECOND;
}

int64_t zone_instant(const zone *z, int64_t local)
{
    int64_t cut =
        clamp(local, TIME_MIN - MICROSECONDS_PER_DAY, TIME_MAX + MICROSECONDS_PER_DAY);
    int64_t seconds = seconds_of(cut);
    /* The first interval whose local end lies behind `local`: when it also begins before,
     * that is the earliest instant; when it does not, the clock jumped over `local`. */
    size_t i = find_interval(z, seconds - OFFSET_LIMIT_SECONDS);
    while (seconds - z->offsets[i] >= z->begins[i + 1])
        i++;
    int64_t instant = cut - z->offsets[i] * MICROSECONDS_PER_SECOND;
    if (seconds - z->offsets[i] < z->begins[i])
        instant = z->begins[i] * MICROSECONDS_PER_SECOND;
    return clamp(instant, TIME_MIN, TIME_MAX);
}

int64_t zone_day_start(const zone *z, int64_t date)
{
    return zone_instant(z, clamp(date, DATE_MIN, DATE_MAX) * MICROSECONDS_PER_DAY);
}

/* Local seconds that are further from the ends of their interval than any offset: of those an
 * instant is a subtraction. */
static bool is_inside(const zone *z, size_t interval, int64_t local_seconds)
{
    int64_t begin = z->begins[interval], end = z->begins[interval + 1];
    return (begin == INT64_MIN || local_seconds >= begin + OFFSET_LIMIT_SECONDS) &&
           (end == INT64_MAX || local_seconds < end - OFFSET_LIMIT_SECONDS);
}

void zone_day_starts(const zone *z, const int64_t *dates, size_t count, int64_t *out)
{
    size_t interval = 0; /* of the date before */
    for (size_t i = 0; i < count; i++) {
        int64_t seconds = clamp(dates[i], DATE_MIN, DATE_MAX) * SECONDS_PER_DAY;
        if (is_inside(z, interval, seconds))
            out[i] = clamp((seconds - z->offsets[interval]) * MICROSECONDS_PER_SECOND,
                           TIME_MIN, TIME_MAX);
        else {
            out[i] = zone_day_start(z, dates[i]);
            interval = find_interval(z, seconds);
        }
    }
}

bool zone_day_is_even(const zone *z, int64_t date, int64_t *begin)
{
    int64_t first = date * MICROSECONDS_PER_DAY, last = first + MICROSECONDS_PER_DAY - 1;
    *begin = zone_instant(z, first);
    int64_t end = zone_instant(z, last);
    return end - *begin == last - first &&
           find_interval(z, seconds_of(*begin)) == find_interval(z, seconds_of(end));
}

int64_t zone_date(const zone *z, int64_t instant)
{
    return local_date(zone_local(z, instant));
}

bool zone_dates_rise(const zone *z, int64_t from, int64_t until)
{
    size_t i = find_interval(z, seconds_of(from));
    for (; i + 1 < z->count && z->begins[i + 1] <= seconds_of(until); i++) {
        int64_t change = z->begins[i + 1];
        if (number_floor_divide(change + z->offsets[i + 1], 86400) <
            number_floor_divide(change - 1 + z->offsets[i], 86400))
            return false;
    }
    return true;
}

void zone_dates(const zone *z, const int64_t *instants, size_t count, int64_t *out)
{
    int64_t begin = 0, end = 0, shift = 0; /* the interval of the instant before */
    for (size_t i = 0; i < count; i++) {
        int64_t instant = clamp(instants[i], TIME_MIN, TIME_MAX);
        if (instant < begin || instant >= end) {
            size_t at = find_interval(z, seconds_of(instant));
            begin = begin_microseconds(z->begins[at]);
            end = begin_microseconds(z->begins[at + 1]);
            shift = z->offsets[at] * MICROSECONDS_PER_SECOND;
        }
        out[i] = local_date(instant + shift);
    }
}

int64_t calendar_unit_number(const zone *z, int64_t instant, calendar_unit unit,
                             weekday week_start, int64_t *until)
{
    instant = clamp(instant, TIME_MIN, TIME_MAX);
    size_t at = find_interval(z, seconds_of(instant));
    int64_t shift = z->offsets[at] * MICROSECONDS_PER_SECOND;
    int64_t date = local_date(instant + shift);
    int64_t start = date_unit_start(date, unit, week_start);
    int64_t following = start > DATE_MIN ? date_unit_add(start, unit, 1) : date + 1;
    int64_t next = following * MICROSECONDS_PER_DAY - shift;
    int64_t change = begin_microseconds(z->begins[at + 1]);
    *until = next < change ? next : change;
    if (*until <= instant) /* in the last year that is served */
        *until = INT64_MAX;
    return date_unit_number(date, unit, week_start);
}

int64_t calendar_unit_start(const zone *z, int64_t instant, calendar_unit unit,
                            int64_t units, weekday week_start)
{
    int64_t length, moved;
    if (unit >= UNIT_DAY) {
        int64_t start = date_unit_start(zone_date(z, instant), unit, week_start);
        return zone_day_start(z, date_unit_add(start, unit, units));
    }
    calendar_span_microseconds((calendar_span){1, unit}, &length);
    int64_t start = instant - number_floor_modulo(zone_local(z, instant), length);
    if (__builtin_mul_overflow(units, length, &moved) ||
        __builtin_add_overflow(start, moved, &moved))
        return units < 0 ? TIME_MIN : TIME_MAX;
    return clamp(moved, TIME_MIN,
                 TIME_MAX); /* the first hour may begin before the year 1 */
}
