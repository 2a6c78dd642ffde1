/* SPDX-License-Identifier: MIT
 *
 * Many rows at once. As long as there are neither quotes nor CRs, each delimiter ends a field and
 * each LF a row: the bytes that do are listed first, and then it is asked whether the LFs stand
 * where rows end. What is not so bare is walked through from mark to mark.
 */
#include "csv/reader.h"

#include <string.h>
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <immintrin.h>
#include <sys/platform/x86.h> /* __builtin_cpu_supports would run code at loading */
#define HAS_WIDE_LOOK 1
#endif

#include "csv/marks.h"

/* ---- bare rows ------------------------------------------------------------------------- */

enum { LOOK = 64 }; /* chunks that are looked at together */

/* What stands in some chunks: a bit for each byte. */
typedef struct looks {
    uint64_t ends[LOOK];      /* delimiters and LFs */
    uint64_t line_ends[LOOK]; /* LFs */
    uint64_t others[LOOK];    /* quotes and CRs: the rows are not bare from there on */
} looks;

static uint64_t find_byte(const char *p, char c)
{
    uint64_t found = 0;
#ifdef __SSE2__
    const __m128i wide = _mm_set1_epi8(c);
    const __m128i *at = (const __m128i *)(const void *)p;
    for (unsigned i = 0; i < CHUNK / 16; i++) {
        __m128i is_equal = _mm_cmpeq_epi8(_mm_loadu_si128(at + i), wide);
        found |= (uint64_t)(unsigned)_mm_movemask_epi8(is_equal) << i * 16;
    }
#else
    for (unsigned i = 0; i < CHUNK; i++)
        found |= (uint64_t)(p[i] == c) << i;
#endif
    return found;
}

static void look_plainly(const char *p, size_t count, char delimiter, char quote,
                         looks *out)
{
    for (size_t i = 0; i < count; i++, p += CHUNK) {
        out->line_ends[i] = find_byte(p, '\n');
        out->ends[i] = out->line_ends[i] | find_byte(p, delimiter);
        out->others[i] = find_byte(p, '\r') | find_byte(p, quote);
    }
}

#ifdef HAS_WIDE_LOOK
__attribute__((target("avx2"))) static inline uint64_t find_widely(__m256i low,
                                                                   __m256i high, char c)
{
    const __m256i wide = _mm256_set1_epi8(c);
    unsigned a = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wide)),
             b = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wide));
    return (uint64_t)b << 32 | a;
}

__attribute__((target("avx2"))) static void look_widely(const char *p, size_t count,
                                                        char delimiter, char quote,
                                                        looks *out)
{
    for (size_t i = 0; i < count; i++, p += CHUNK) {
        const __m256i *at = (const __m256i *)(const void *)p;
        __m256i low = _mm256_loadu_si256(at), high = _mm256_loadu_si256(at + 1);
        out->line_ends[i] = find_widely(low, high, '\n');
        out->ends[i] = out->line_ends[i] | find_widely(low, high, delimiter);
        out->others[i] = find_widely(low, high, '\r') | find_widely(low, high, quote);
    }
}

static void look(const char *p, size_t count, char delimiter, char quote, looks *out)
{
    if (CPU_FEATURE_ACTIVE(AVX2))
        look_widely(p, count, delimiter, quote, out);
    else
        look_plainly(p, count, delimiter, quote, out);
}
#else
static void look(const char *p, size_t count, char delimiter, char quote, looks *out)
{
    look_plainly(p, count, delimiter, quote, out);
}
#endif

/* The cells of bare rows, as far as they are listed. */
typedef struct listing {
    carpel_cell *cells;
    size_t count, capacity;
    size_t field; /* where the next cell begins */
    size_t width, row_count;
    size_t row; /* where the row behind these begins */
    size_t limit;
} listing;

/* Add the cells that end at these bytes behind `base`. */
static inline void list_cells_of(listing *l, size_t base, uint64_t ends)
{
    size_t field = l->field, count = l->count;
    for (; ends != 0 && count < l->capacity; ends &= ends - 1) {
        size_t end = base + (size_t)__builtin_ctzll(ends);
        l->cells[count++] = (carpel_cell){(uint32_t)field, (uint32_t)(end - field)};
        field = end + 1;
    }
    l->field = field;
    l->count = count;
}

/* Take the row that ends here, when that is where its last cell does. An empty line is no row, and
 * one that is too long is for csv_read. */
static inline bool end_bare_row(listing *l, size_t end)
{
    size_t first = l->row_count * l->width, behind = first + l->width;
    if (behind > l->count || l->row >= l->limit || end == l->row ||
        end - l->row > INPUT_ROW_LIMIT ||
        l->cells[behind - 1].begin + l->cells[behind - 1].size != end)
        return false;
    l->row = end + 1;
    l->row_count++;
    return true;
}

/* Add what a chunk of bare bytes holds. False: no more rows are to be listed. */
static inline bool list_chunk(listing *l, size_t base, uint64_t ends, uint64_t line_ends)
{
    list_cells_of(l, base, ends);
    for (; line_ends != 0; line_ends &= line_ends - 1)
        if (!end_bare_row(l, base + (size_t)__builtin_ctzll(line_ends)))
            return false;
    return l->count < l->capacity;
}

/* List the bare rows that begin at l->row and lie in data[.. end) whole. */
static void list_bare_rows(listing *l, const csv_reader *r, size_t end)
{
    looks seen;
    char delimiter = (char)r->format.delimiter;
    char quote = r->format.quote == CSV_NO_QUOTE ? '\r' : (char)r->format.quote;
    for (size_t base = l->row; base < end;) {
        size_t chunks = (end - base + CHUNK - 1) / CHUNK;
        size_t count = chunks < LOOK ? chunks : LOOK;
        look(r->in.data + base, count, delimiter, quote, &seen);
        for (size_t i = 0; i < count; i++, base += CHUNK) {
            uint64_t inside =
                end - base < CHUNK ? (UINT64_C(1) << (end - base)) - 1 : ~UINT64_C(0);
            uint64_t others = seen.others[i] & inside;
            if (others != 0)
                inside &= (others & -others) - 1;
            if (!list_chunk(l, base, seen.ends[i] & inside, seen.line_ends[i] & inside) ||
                others != 0)
                return;
        }
    }
}

/* ---- plain rows ------------------------------------------------------------------------- */

/* The walk from mark to mark through the window. */
typedef struct walk {
    const char *data; /* the window's begin; places are counted from here */
    size_t end;       /* of the window */
    size_t chunk;     /* whose marks these are */
    uint64_t marks;   /* those that are not passed yet */
    char delimiter, quote;
    bool has_quote;
} walk;

/* The next mark, which is passed; `end` when there is none in the window. */
static inline size_t next_mark(walk *w)
{
    while (w->marks == 0) {
        w->chunk += CHUNK;
        if (w->chunk >= w->end)
            return w->end;
        w->marks = find_marks(w->data + w->chunk, w->delimiter, w->delimiter);
    }
    size_t at = w->chunk + (size_t)__builtin_ctzll(w->marks);
    w->marks &= w->marks - 1;
    return at < w->end ? at : w->end;
}

/* Take a quoted field whose opening quote stands at `at`, and the mark behind it. Returns where
 * that is, or `end` when the field is not a plain one. */
static size_t take_plain_quoted(walk *w, size_t at, carpel_cell *cell)
{
    size_t content = at + 1;
    const char *closing =
        content < w->end ? memchr(w->data + content, w->quote, w->end - content) : NULL;
    if (!closing)
        return w->end;
    size_t behind = (size_t)(closing - w->data) + 1, mark;
    while ((mark = next_mark(w)) < behind)
        if (w->data[mark] != w->delimiter)
            return w->end; /* a line end in quotes */
    if (mark != behind)
        return w->end; /* the quote was doubled, or text follows */
    *cell = (carpel_cell){(uint32_t)content,
                          (uint32_t)(behind - 1 - content) | CARPEL_CELL_QUOTED};
    return mark;
}

/* Take one row that begins at *at, and move *at behind its line end. */
static inline bool take_plain_row(walk *w, size_t *at, carpel_cell *cells, size_t width)
{
    size_t field = *at, end = field;
    char first = w->data[field];
    if (first == '\n' || first == '\r')
        return false;
    for (size_t i = 0; i < width; i++, field = end + 1) {
        if (w->has_quote && field < w->end && w->data[field] == w->quote) {
            end = take_plain_quoted(w, field, &cells[i]);
        } else {
            end = next_mark(w);
            cells[i] = (carpel_cell){(uint32_t)field, (uint32_t)(end - field)};
        }
        if (end >= w->end || (w->data[end] == w->delimiter) != (i + 1 < width))
            return false;
    }
    if (w->data[end] == '\r') {
        if (end + 1 >= w->end)
            return false;
        if (w->data[end + 1] == '\n')
            end = next_mark(w);
    }
    if (end - *at > INPUT_ROW_LIMIT)
        return false;
    *at = end + 1;
    return true;
}

/* Where in the window the place of the file is; the window's end when it is behind it. */
static size_t place_in_window(const input *in, uint64_t place)
{
    uint64_t begin = input_place(in);
    if (place <= begin)
        return in->begin;
    return place - begin < in->end - in->begin ? in->begin + (size_t)(place - begin)
                                               : in->end;
}

/* Read further rows from mark to mark. Returns where the next one begins. */
static size_t walk_rows(const csv_reader *r, csv_block *block, size_t at, size_t limit)
{
    walk w = {.data = r->in.data,
              .end = r->in.end,
              .chunk = at,
              .delimiter = (char)r->format.delimiter,
              .quote = (char)r->format.quote,
              .has_quote = r->format.quote != CSV_NO_QUOTE};
    w.marks = find_marks(w.data + at, w.delimiter, w.delimiter);
    while (block->row_count < block->capacity && at < limit &&
           take_plain_row(&w, &at, block->cells + block->row_count * block->width,
                          block->width))
        block->row_count++;
    return at;
}

void csv_read_block(csv_reader *r, csv_block *block)
{
    block->row_count = 0;
    block->first_line = r->next_line;
    if (r->format.delimiter == CSV_BLANKS || block->width == 0 ||
        r->in.begin >= r->in.end)
        return;
    size_t limit = block->limit != 0 ? place_in_window(&r->in, block->limit) : r->in.end;
    listing l = {.cells = block->cells,
                 .capacity = block->capacity * block->width,
                 .field = r->in.begin,
                 .width = block->width,
                 .row = r->in.begin,
                 .limit = limit};
    list_bare_rows(&l, r, r->in.end);
    block->row_count = l.row_count;
    r->in.begin = l.row;
    if (l.row < limit)
        r->in.begin = walk_rows(r, block, l.row, limit);
    r->next_line += block->row_count;
}
