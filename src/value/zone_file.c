/* SPDX-License-Identifier: MIT
 *
 * The table of a time zone, made of the system's TZif file (RFC 8536): what the file's closing
 * rule says about the years behind its own table is written out, to the year 9999. And the names
 * of the zones that there are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/path.h"
#include "base/text.h"
#include "report/suggest.h"
#include "value/zone_rule.h"
#include "value/zone_table.h"

#define DEFAULT_DIRECTORY "/usr/share/zoneinfo"

enum {
    FILE_LIMIT_BYTES = 1024 * 1024,
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    LAST_YEAR = 9999,
    DIRECTORY_DEPTH = 3
};

/* The counts in a TZif header, and how long its data block is. */
typedef struct tzif_header {
    size_t utc_flags, standard_flags, leaps, times, types, letters;
} tzif_header;

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

bool zone_load(const char *name, arena *memory, zone **out, carpel_error *err)
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
