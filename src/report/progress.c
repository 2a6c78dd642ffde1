/* SPDX-License-Identifier: MIT
 *
 * A bar on a terminal. Updates only note the number; whoever comes first after a
 * tenth of a second draws the line.
 */
#include "report/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/table.h"
#include "report/terminal.h"

enum { WIDEST_BAR = 30, NARROWEST_BAR = 10 };

static const double seconds_before_first = 1.0;
static const double seconds_between = 0.1;

#define CLEAR_LINE "\r\033[K"

struct progress {
    FILE *stream;
    bool is_active;
    double begin;
    atomic_uint_least64_t done;
    pthread_mutex_t lock; /* for what follows */
    char *title, *unit;
    uint64_t total;
    double stage_begin, next_draw;
    bool is_drawn;
};

/* "917 bytes", "1.2 kB", "45 MB". */
static void append_bytes(text *out, double bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1000;
        unit++;
    }
    text_append_format(out, "%.*f %s", unit > 0 && bytes < 9.95 ? 1 : 0, bytes,
                       units[unit]);
}

static void append_amount(text *out, const char *unit, double amount)
{
    char buffer[28];
    if (strcmp(unit, "bytes") == 0) {
        append_bytes(out, amount);
    } else {
        uint64_t whole = amount < 1e18 ? (uint64_t)(amount + 0.5) : UINT64_MAX;
        text_append_format(out, "%s %s", format_count(whole, buffer), unit);
    }
}

/* "12 s", "3 min 20 s", "2 h 5 min". */
static void append_duration(text *out, double seconds)
{
    unsigned long whole = seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 1000000000;
    if (whole < 60)
        text_append_format(out, "%lu s", whole);
    else if (whole < 3600)
        text_append_format(out, "%lu min %lu s", whole / 60, whole % 60);
    else
        text_append_format(out, "%lu h %lu min", whole / 3600, whole / 60 % 60);
}

/* Append at most `width` columns of the value. */
static void append_within(text *out, const char *value, size_t width)
{
    size_t size = strlen(value), length, taken = 0;
    for (size_t at = 0; at < size; at += length) {
        utf8_decode(value + at, size - at, &length);
        taken += utf8_width(value + at, length);
        if (taken > width)
            return;
        text_append_bytes(out, value + at, length);
    }
}

/* What stands behind the bar; the less of `detail` (2, 1, 0), the shorter. */
static void append_figures(text *out, const char *unit, uint64_t done, uint64_t total,
                           double seconds, int detail)
{
    double done_amount = (double)done, total_amount = (double)total;
    bool has_speed = done > 0 && seconds > 0;
    if (total > 0) {
        double percent = done < total ? 100 * done_amount / total_amount : 100;
        text_append_format(out, "  %3u%%", (unsigned)percent);
    }
    text_append(out, "  ");
    append_amount(out, unit, done_amount);
    if (has_speed && detail >= 2) {
        text_append(out, "  ");
        append_amount(out, unit, done_amount / seconds);
        text_append(out, "/s");
    }
    if (has_speed && detail >= 1 && done < total) {
        text_append(out, "  ");
        append_duration(out, seconds * (total_amount - done_amount) / done_amount);
        text_append(out, " left");
    }
}

static void append_bar(text *out, uint64_t done, uint64_t total, size_t width)
{
    size_t filled = width;
    if (done < total)
        filled = (size_t)((double)width * ((double)done / (double)total));
    text_append_char(out, '[');
    text_append_repeat(out, "#", filled);
    text_append_repeat(out, ".", width - filled);
    text_append_char(out, ']');
}

static void draw(progress *p, double now)
{
    text line;
    text_init(&line);
    text_append(&line, CLEAR_LINE);
    /* One column less than there are, so that the cursor does not wrap. */
    progress_append_line(p->title, p->unit, atomic_load(&p->done), p->total,
                         now - p->stage_begin, terminal_width(p->stream) - 1, &line);
    fwrite(line.data, 1, line.size, p->stream);
    fflush(p->stream);
    text_done(&line);
    p->is_drawn = true;
    p->next_draw = now + seconds_between;
}

progress *progress_new(FILE *stream, bool is_wanted)
{
    progress *p = memory_alloc_zero(sizeof *p);
    p->stream = stream;
    p->is_active = is_wanted && terminal_is_interactive(stream);
    p->begin = clock_monotonic_seconds();
    p->next_draw = p->begin + seconds_before_first;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void progress_hide(progress *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    if (p->is_drawn) {
        fputs(CLEAR_LINE, p->stream);
        fflush(p->stream);
        p->is_drawn = false;
    }
    pthread_mutex_unlock(&p->lock);
}

void progress_free(progress *p)
{
    if (p == NULL)
        return;
    progress_hide(p);
    pthread_mutex_destroy(&p->lock);
    memory_free(p->title);
    memory_free(p->unit);
    memory_free(p);
}

void progress_stage(progress *p, const char *title, const char *unit, uint64_t total)
{
    if (p == NULL || !p->is_active)
        return;
    pthread_mutex_lock(&p->lock);
    memory_free(p->title);
    memory_free(p->unit);
    p->title = memory_copy_string(title);
    p->unit = memory_copy_string(unit);
    p->total = total;
    p->stage_begin = clock_monotonic_seconds();
    atomic_store(&p->done, 0);
    pthread_mutex_unlock(&p->lock);
}

void progress_update(progress *p, uint64_t done)
{
    if (p == NULL || !p->is_active)
        return;
    uint64_t known = atomic_load(&p->done);
    while (done > known && !atomic_compare_exchange_weak(&p->done, &known, done))
        ;
    if (pthread_mutex_trylock(&p->lock) != 0)
        return; /* somebody is drawing */
    double now = clock_monotonic_seconds();
    if (p->title != NULL && now >= p->next_draw)
        draw(p, now);
    pthread_mutex_unlock(&p->lock);
}

void progress_append_line(const char *title, const char *unit, uint64_t done,
                          uint64_t total, double seconds, size_t width, text *out)
{
    text line, figures;
    text_init(&line);
    text_init(&figures);
    terminal_append_safe(&line, slice_of(title));
    size_t title_width = utf8_width(line.data, line.size), used = 0;
    for (int detail = 2; detail >= 0 && (detail == 2 || used > width); detail--) {
        text_clear(&figures);
        append_figures(&figures, unit, done, total, seconds, detail);
        used = title_width + utf8_width(figures.data, figures.size);
    }
    size_t around_bar = 4; /* two blanks and the brackets */
    if (total > 0 && used + around_bar + NARROWEST_BAR <= width) {
        size_t room = width - used - around_bar;
        text_append(&line, "  ");
        append_bar(&line, done, total, room < WIDEST_BAR ? room : WIDEST_BAR);
    }
    text_append(&line, figures.data);
    append_within(out, line.data, width);
    text_done(&figures);
    text_done(&line);
}
