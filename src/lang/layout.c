/* SPDX-License-Identifier: MIT
 *
 * The row of pieces and its printing, after Oppen: each group is measured once, and one
 * pass with a stack of groups writes the lines.
 */
#include "lang/layout.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lang/keywords.h"
#include "lang/lexer.h"

/* Nothing but declaration words begins at the left margin. */
#define LEAST_COLUMN 2

typedef enum piece_kind {
    PIECE_TEXT,
    PIECE_PAD,
    PIECE_BREAK,
    PIECE_OPEN,
    PIECE_CLOSE
} piece_kind;

typedef struct piece {
    piece_kind kind;
    char *string;      /* TEXT; owned */
    bool is_bare_name; /* TEXT: a name without backticks, not behind a dot */
    layout_break_kind break_kind;
    int column;               /* BREAK, PAD */
    uint32_t position;        /* BREAK */
    const ast_list *comments; /* BREAK: those bound to it */
    size_t first_comment, comment_count;
    size_t close; /* OPEN: the piece that closes it */
} piece;

/* Sums over the pieces before each one, and the next break from each one on. */
typedef struct measures {
    size_t *width;
    size_t *forced;
    size_t *next_break;
} measures;

struct layout {
    piece *pieces;
    size_t count, capacity;
    size_t *open; /* the groups that are open while pieces are added */
    size_t open_count, open_capacity;
    size_t last_text; /* index + 1 of the newest text; 0: none */
};

typedef struct frame {
    size_t base;
    bool is_broken;
} frame;

typedef struct printer {
    const layout *layout;
    const measures *sizes;
    text *out;
    size_t width, column;
    frame *frames;
    size_t frame_count, frame_capacity;
} printer;

/* ---- pieces ----------------------------------------------------------------------- */

static piece *add_piece(layout *l, piece_kind kind)
{
    memory_grow((void **)&l->pieces, l->count, &l->capacity, sizeof *l->pieces);
    piece *added = &l->pieces[l->count++];
    *added = (piece){.kind = kind};
    return added;
}

/* A bare name before this text, with which it would be read as a two-word keyword, gets
 * backticks: `time` before `since`. */
static void keep_phrase_apart(layout *l, const char *string)
{
    piece *name = l->last_text > 0 ? &l->pieces[l->last_text - 1] : NULL;
    while (*string == ' ')
        string++;
    if (!name || !name->is_bare_name || *string == '\0')
        return;
    char *word = memory_copy_text(string, strcspn(string, " ()"));
    if (keyword_phrase(name->string, word)) {
        text quoted;
        text_init(&quoted);
        text_append_format(&quoted, "`%s`", name->string);
        memory_free(name->string);
        name->string = text_take(&quoted);
        text_done(&quoted);
        name->is_bare_name = false;
    }
    memory_free(word);
}

static piece *add_text(layout *l, char *owned)
{
    keep_phrase_apart(l, owned);
    piece *added = add_piece(l, PIECE_TEXT);
    added->string = owned;
    if (strspn(owned, " ") < strlen(owned))
        l->last_text = l->count;
    return added;
}

static bool needs_backticks(const ast_name *name)
{
    size_t size = strlen(name->text);
    return lexer_name_length(name->text, size) != size || size == 0 ||
           (name->is_quoted && keyword_has_word(name->text));
}

/* Between marks, where a mark inside stands twice. */
static char *enclose(const char *string, char mark)
{
    text out;
    text_init(&out);
    text_append_char(&out, mark);
    for (; *string != '\0'; string++) {
        if (*string == mark)
            text_append_char(&out, mark);
        text_append_char(&out, *string);
    }
    text_append_char(&out, mark);
    char *enclosed = text_take(&out);
    text_done(&out);
    return enclosed;
}

layout *layout_new(void)
{
    return memory_alloc_zero(sizeof(layout));
}

void layout_free(layout *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        memory_free(l->pieces[i].string);
    memory_free(l->pieces);
    memory_free(l->open);
    memory_free(l);
}

void layout_text(layout *l, const char *string)
{
    add_text(l, memory_copy_string(string));
}

void layout_format(layout *l, const char *format, ...)
{
    text out;
    text_init(&out);
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&out, format, arguments);
    va_end(arguments);
    add_text(l, text_take(&out));
    text_done(&out);
}

void layout_name(layout *l, const ast_name *name)
{
    if (needs_backticks(name)) {
        add_text(l, enclose(name->text, '`'));
        return;
    }
    const piece *before = l->last_text > 0 ? &l->pieces[l->last_text - 1] : NULL;
    size_t length = before ? strlen(before->string) : 0;
    bool is_behind_dot = length > 0 && before->string[length - 1] == '.';
    add_text(l, memory_copy_string(name->text))->is_bare_name = !is_behind_dot;
}

void layout_quoted(layout *l, const char *string)
{
    add_text(l, enclose(string, '"'));
}

void layout_pad_to(layout *l, size_t column)
{
    add_piece(l, PIECE_PAD)->column = (int)column;
}

void layout_open(layout *l)
{
    add_piece(l, PIECE_OPEN);
    memory_grow((void **)&l->open, l->open_count, &l->open_capacity, sizeof *l->open);
    l->open[l->open_count++] = l->count - 1;
}

void layout_close(layout *l)
{
    l->pieces[l->open[--l->open_count]].close = l->count;
    add_piece(l, PIECE_CLOSE);
}

void layout_break(layout *l, layout_break_kind kind, int column, uint32_t position)
{
    piece *added = add_piece(l, PIECE_BREAK);
    added->break_kind = kind;
    added->column = column;
    added->position = position;
}

void layout_go_on(layout *l, int column, uint32_t position, const char *string)
{
    layout_break(l, LAYOUT_SOFT, column, position);
    layout_text(l, string);
}

void layout_comma(layout *l, size_t index, layout_break_kind kind, int column,
                  uint32_t position)
{
    if (index == 0)
        return;
    layout_text(l, ",");
    layout_break(l, kind, column, position);
}

/* What a sign of a form asks for; how many bytes it takes. */
static size_t put_sign(layout *l, const char *form, const layout_parts *parts,
                       const void *node)
{
    bool has_number = *form == '$' && isdigit((unsigned char)form[2]);
    switch (*form) {
    case '[': layout_open(l); return 1;
    case ']': layout_close(l); return 1;
    case '/':
        layout_break(l, LAYOUT_SOFT, form[1] - '0',
                     parts->position(node, strchr(form, '$')[1]));
        return 2;
    case '{': return parts->has(node, form[1]) ? 2 : strcspn(form, "}");
    case '}': return 1;
    default: parts->put(l, node, form[1], has_number ? form[2] - '0' : 0);
    }
    return 2 + has_number;
}

void layout_form(layout *l, const char *form, const layout_parts *parts, const void *node)
{
    while (*form) {
        size_t size = strcspn(form, "$/[]{}");
        if (size > 0)
            layout_format(l, "%.*s", (int)size, form);
        form += size;
        if (*form)
            form += put_sign(l, form, parts, node);
    }
}

void layout_bind_comments(layout *l, const ast_list *comments, size_t *next)
{
    for (size_t i = 0; i < l->count; i++) {
        piece *place = &l->pieces[i];
        if (place->kind != PIECE_BREAK)
            continue;
        place->comments = comments;
        place->first_comment = *next;
        for (; *next < comments->count; ++*next) {
            const ast_comment *comment = comments->items[*next];
            if (comment->where.begin >= place->position)
                break;
            place->comment_count++;
        }
    }
}

/* ---- measuring -------------------------------------------------------------------- */

static bool is_forced(const piece *p)
{
    return p->kind == PIECE_BREAK &&
           (p->break_kind == LAYOUT_HARD || p->comment_count > 0);
}

static size_t flat_width(const piece *p)
{
    if (p->kind == PIECE_TEXT)
        return utf8_width(p->string, strlen(p->string));
    return p->kind == PIECE_BREAK; /* a blank */
}

static measures measure(const layout *l)
{
    measures m = {
        .width = memory_alloc_zero_array(l->count + 1, sizeof *m.width),
        .forced = memory_alloc_zero_array(l->count + 1, sizeof *m.forced),
        .next_break = memory_alloc_zero_array(l->count + 1, sizeof *m.next_break),
    };
    for (size_t i = 0; i < l->count; i++) {
        m.width[i + 1] = m.width[i] + flat_width(&l->pieces[i]);
        m.forced[i + 1] = m.forced[i] + is_forced(&l->pieces[i]);
    }
    m.next_break[l->count] = l->count;
    for (size_t i = l->count; i-- > 0;)
        m.next_break[i] = l->pieces[i].kind == PIECE_BREAK ? i : m.next_break[i + 1];
    return m;
}

static void measures_done(measures *m)
{
    memory_free(m->width);
    memory_free(m->forced);
    memory_free(m->next_break);
}

bool layout_is_flat(const layout *l, size_t *width)
{
    size_t forced = 0;
    *width = 0;
    for (size_t i = 0; i < l->count; i++) {
        *width += flat_width(&l->pieces[i]);
        forced += is_forced(&l->pieces[i]);
    }
    return forced == 0;
}

/* ---- printing --------------------------------------------------------------------- */

static void print_line_end(printer *p, size_t column)
{
    text_append_char(p->out, '\n');
    text_append_repeat(p->out, " ", column);
    p->column = column;
}

/* The first comment stays behind what it stood behind; the others get lines. */
static void print_comments(printer *p, const piece *place, size_t column)
{
    for (size_t i = 0; i < place->comment_count; i++) {
        const ast_comment *comment = place->comments->items[place->first_comment + i];
        if (i == 0 && !comment->is_alone)
            text_append(p->out, "  ");
        else
            print_line_end(p, column);
        text_append(p->out, comment->text);
    }
}

static void print_break(printer *p, size_t at)
{
    const piece *place = &p->layout->pieces[at];
    const frame *group = &p->frames[p->frame_count - 1];
    bool is_taken = group->is_broken;
    if (place->break_kind == LAYOUT_FILL && is_taken) {
        size_t next = p->sizes->next_break[at + 1];
        size_t needed = p->sizes->width[next] - p->sizes->width[at];
        is_taken = p->column + needed > p->width;
    }
    if (!is_taken && !is_forced(place)) {
        text_append_char(p->out, ' ');
        p->column++;
        return;
    }
    long column = (long)group->base + place->column;
    size_t begin = column < LEAST_COLUMN ? LEAST_COLUMN : (size_t)column;
    print_comments(p, place, begin);
    print_line_end(p, begin);
}

/* A group fits when it and what is glued to its end have room, and no break is forced. */
static void print_open(printer *p, size_t at)
{
    const measures *sizes = p->sizes;
    size_t close = p->layout->pieces[at].close;
    size_t needed = sizes->width[sizes->next_break[close]] - sizes->width[at];
    bool is_forced_open = sizes->forced[close] > sizes->forced[at];
    bool is_inside_flat = p->frame_count > 0 && !p->frames[p->frame_count - 1].is_broken;
    bool is_too_wide = !is_inside_flat && p->column + needed > p->width;
    memory_grow((void **)&p->frames, p->frame_count, &p->frame_capacity,
                sizeof *p->frames);
    p->frames[p->frame_count++] =
        (frame){.base = p->column, .is_broken = is_forced_open || is_too_wide};
}

static void print_piece(printer *p, size_t at)
{
    const piece *next = &p->layout->pieces[at];
    switch (next->kind) {
    case PIECE_TEXT:
        text_append(p->out, next->string);
        p->column += flat_width(next);
        break;
    case PIECE_PAD:
        for (; p->column < (size_t)next->column; p->column++)
            text_append_char(p->out, ' ');
        break;
    case PIECE_BREAK: print_break(p, at); break;
    case PIECE_OPEN: print_open(p, at); break;
    case PIECE_CLOSE: p->frame_count--; break;
    }
}

void layout_print(const layout *l, size_t width, text *out)
{
    measures sizes = measure(l);
    printer p = {.layout = l, .sizes = &sizes, .out = out, .width = width};
    for (size_t i = 0; i < l->count; i++)
        print_piece(&p, i);
    memory_free(p.frames);
    measures_done(&sizes);
}
