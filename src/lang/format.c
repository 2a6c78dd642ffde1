/* SPDX-License-Identifier: MIT
 *
 * Files and declarations as rows of texts and possible breaks, which layout.c puts on
 * lines, with the comments between them.
 */
#include "lang/format.h"

#include <string.h>

#include "base/memory.h"
#include "lang/formatter.h"
#include "lang/lexer.h"
#include "lang/rulebook.h"

#define NO_LIMIT ((size_t)1 << 40)

/* ---- declarations ----------------------------------------------------------------- */

static void put_title(layout *l, const ast_name *title)
{
    if (!title->text)
        return;
    layout_text(l, " ");
    layout_quoted(l, title->text);
}

static bool has_attributes(const ast_decl *decl)
{
    return decl->notes.count > 0 || decl->owner.text || decl->tags.count > 0 ||
           decl->purpose.text;
}

/* How wide the words before attributes and `when` are: these stand in a column. */
static int key_width(const ast_decl *decl)
{
    return decl->purpose.text                              ? 7
           : decl->owner.text                              ? 5
           : decl->notes.count > 0 || decl->tags.count > 0 ? 4
                                                           : 0;
}

static void put_key(layout *l, const ast_decl *decl, const char *key, span place)
{
    layout_break(l, LAYOUT_HARD, 2, place.begin);
    layout_format(l, "%-*s ", key_width(decl), key);
}

static void put_notes(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->notes.count; i++) {
        const ast_name *note = decl->notes.items[i];
        if (i == 0)
            put_key(l, decl, "note", note->where);
        else
            layout_break(l, LAYOUT_HARD, 3 + key_width(decl), note->where.begin);
        layout_quoted(l, note->text);
    }
}

static void put_tags(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->tags.count; i++) {
        const ast_name *tag = decl->tags.items[i];
        if (i == 0) {
            put_key(l, decl, "tags", tag->where);
        } else {
            layout_text(l, ",");
            layout_break(l, LAYOUT_FILL, 3 + key_width(decl), tag->where.begin);
        }
        layout_name(l, tag);
    }
}

static void put_attributes(layout *l, const ast_decl *decl)
{
    put_notes(l, decl);
    if (decl->owner.text) {
        put_key(l, decl, "owner", decl->owner.where);
        layout_quoted(l, decl->owner.text);
    }
    put_tags(l, decl);
    if (decl->purpose.text) {
        put_key(l, decl, "purpose", decl->purpose.where);
        layout_name(l, &decl->purpose);
    }
}

/* For whom the rule is judged, on the first line unless attributes stand between. */
static void put_scope(layout *l, const ast_decl *decl)
{
    layout_break_kind kind = has_attributes(decl) ? LAYOUT_HARD : LAYOUT_FILL;
    if (decl->subject.text) {
        layout_break(l, kind, 2, decl->subject.where.begin);
        layout_text(l, "for each ");
        layout_name(l, &decl->subject);
    }
    if (decl->among.name.text) {
        layout_break(l, kind, 2, decl->among.where.begin);
        layout_text(l, "among ");
        put_ref(l, &decl->among);
    }
    if (decl->is_judged) {
        layout_break(l, LAYOUT_HARD, 2, decl->judged_place.begin);
        layout_format(l, "judged every %s", calendar_unit_name(decl->judged_unit));
    }
}

static void put_segment(layout *l, const ast_decl *decl)
{
    layout_break(l, LAYOUT_SOFT, 2, decl->value->where.begin);
    layout_format(l, "%-*s ", has_attributes(decl) ? key_width(decl) : 4, "when");
    put_whole(l, decl->value);
    if (decl->stay) {
        layout_break(l, LAYOUT_HARD, 2, decl->stay->where.begin);
        layout_text(l, "stay while ");
        put_whole(l, decl->stay);
    }
}

/* How wide a name or a title is in the file. */
static size_t width_of(void (*put)(layout *l, const ast_name *name), const ast_name *name)
{
    size_t width = 0;
    layout *l = layout_new();
    if (name->text)
        put(l, name);
    layout_is_flat(l, &width);
    layout_free(l);
    return width;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void put_groups(layout *l, const ast_decl *decl)
{
    size_t names = 0, titles = 0;
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        names = larger(names, width_of(layout_name, &group->name));
        titles = larger(titles, width_of(put_title, &group->title));
    }
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        layout_break(l, LAYOUT_HARD, 2, group->place.begin);
        layout_name(l, &group->name);
        if (group->title.text) {
            layout_pad_to(l, 2 + names);
            put_title(l, &group->title);
        }
        layout_pad_to(l, 2 + names + titles);
        layout_text(l, group->when ? " when " : " otherwise");
        if (group->when)
            put_whole(l, group->when);
    }
}

static void put_point(layout *l, const ast_point *point)
{
    layout_text(l, point->is_minus ? "minus " : "plus ");
    put_number(l, &point->amount);
    if (point->when) {
        layout_text(l, " when ");
        put_whole(l, point->when);
        return;
    }
    layout_text(l, " each ");
    layout_open(l);
    put_pattern(l, point->pattern, 2);
    put_windows(l, &point->windows, 2);
    if (point->has_cap) {
        layout_text(l, " at most ");
        put_number(l, &point->cap);
    }
    layout_close(l);
}

static void put_score(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        layout_break(l, LAYOUT_HARD, 2, point->place.begin);
        put_point(l, point);
    }
    if (!decl->value)
        return;
    if (has_attributes(decl)) {
        layout_break(l, LAYOUT_HARD, 2, decl->value->where.begin);
        layout_text(l, "= ");
    } else {
        layout_text(l, " = ");
    }
    put_whole(l, decl->value);
}

static const char *const month_names[] = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

static void put_occasion(layout *l, const ast_occasion *occasion)
{
    static const char *const ordinals[] = {"last",  "",       "first", "second",
                                           "third", "fourth", "fifth"};
    layout_text(l, " on ");
    switch (occasion->kind) {
    case OCCASION_WEEKDAY:
        layout_format(l, "%s %s of %s", ordinals[occasion->ordinal + 1],
                      weekday_names[occasion->weekday], month_names[occasion->month - 1]);
        break;
    case OCCASION_DATES:
        layout_text(l, "dates ");
        put_values(l, &occasion->dates, BINDS_SUM);
        break;
    default:
        layout_format(l, "%s %u", month_names[occasion->first.month - 1],
                      occasion->first.day);
        if (occasion->kind == OCCASION_SPAN)
            layout_format(l, " to %s %u", month_names[occasion->last.month - 1],
                          occasion->last.day);
        break;
    }
}

static const ast_arm *arm_at(const ast_decl *split, size_t i)
{
    return split->arms.items[i];
}

static void put_split(layout *l, const ast_decl *decl)
{
    size_t names = 0;
    if (decl->by.text) {
        layout_break(l, LAYOUT_FILL, 2, decl->by.where.begin);
        layout_text(l, "by ");
        layout_quoted(l, decl->by.text);
    }
    for (size_t i = 0; i < decl->arms.count; i++)
        names = larger(names, width_of(layout_name, &arm_at(decl, i)->name));
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = arm_at(decl, i);
        layout_break(l, LAYOUT_HARD, 2, arm->place.begin);
        layout_name(l, &arm->name);
        layout_pad_to(l, 3 + names);
        put_number(l, &arm->share);
    }
}

static void put_list(layout *l, const ast_decl *decl)
{
    if (decl->from.text) {
        layout_text(l, " from ");
        layout_quoted(l, decl->from.text);
        return;
    }
    layout_text(l, " = ");
    put_values(l, &decl->values, BINDS_SUM);
}

/* The first words: what it is, its name, its title. */
static void put_head(layout *l, const ast_decl *decl)
{
    static const char *const heads[] = {"use",     "let",     "list",  "event",
                                        "segment", "groups",  "score", "occasion",
                                        "split",   "scenario"};
    bool is_text = decl->kind == DECL_USE || decl->kind == DECL_SCENARIO;
    layout_format(l, "%s ", heads[decl->kind]);
    if (decl->module.text) {
        layout_text(l, "lib.");
        layout_name(l, &decl->module);
    } else if (is_text)
        layout_quoted(l, decl->name.text);
    else
        layout_name(l, &decl->name);
    put_title(l, &decl->title);
}

/* `column`: where = or `on` stands, to be in line with the declarations around; or 0. */
static void put_decl(layout *l, const ast_decl *decl, size_t column)
{
    layout_open(l);
    put_head(l, decl);
    put_attributes(l, decl);
    put_scope(l, decl);
    layout_pad_to(l, column);
    switch (decl->kind) {
    case DECL_USE: break;
    case DECL_LET:
        layout_text(l, " = ");
        put_whole(l, decl->value);
        break;
    case DECL_LIST: put_list(l, decl); break;
    case DECL_EVENT:
        layout_text(l, " = ");
        layout_open(l);
        put_pattern(l, decl->pattern, 2);
        layout_close(l);
        break;
    case DECL_SEGMENT: put_segment(l, decl); break;
    case DECL_GROUPS: put_groups(l, decl); break;
    case DECL_SCORE: put_score(l, decl); break;
    case DECL_OCCASION: put_occasion(l, &decl->occasion); break;
    case DECL_SPLIT: put_split(l, decl); break;
    case DECL_SCENARIO: put_lines(l, decl); break;
    }
    layout_close(l);
}

/* ---- the file --------------------------------------------------------------------- */

/* A declaration on its way to paper. */
typedef struct sheet {
    const ast_decl *decl;
    layout *layout;
    size_t first_comment, comment_count; /* the comments before it */
    bool is_after_blank_line;
    size_t head_width; /* up to = or `on`, when it can be put in line */
    size_t width;
} sheet;

static bool is_in_column(const ast_decl *decl)
{
    return decl->kind == DECL_LET || decl->kind == DECL_OCCASION;
}

/* Lay the declaration out, and give it the comments before it and inside it. */
static sheet make_sheet(const ast_file *file, const ast_decl *decl, size_t *next_comment)
{
    sheet s = {.decl = decl, .layout = layout_new(), .first_comment = *next_comment};
    while (*next_comment < file->comments.count) {
        const ast_comment *comment = file->comments.items[*next_comment];
        if (comment->where.begin >= decl->where.begin)
            break;
        ++*next_comment;
        s.comment_count++;
    }
    s.is_after_blank_line =
        lexer_is_after_blank_line(source_text(file->source), decl->where.begin);
    put_decl(s.layout, decl, 0);
    layout_bind_comments(s.layout, &file->comments, next_comment);
    if (is_in_column(decl) && layout_is_flat(s.layout, &s.width)) {
        layout *head = layout_new();
        put_head(head, decl);
        layout_is_flat(head, &s.head_width);
        layout_free(head);
    }
    return s;
}

/* May these two be in one column? Nothing stands between them but a line's end. */
static bool are_neighbours(const ast_file *file, const sheet *a, const sheet *b)
{
    for (size_t i = 0; i < b->comment_count; i++) {
        const ast_comment *comment = file->comments.items[b->first_comment + i];
        if (i > 0 || comment->is_alone)
            return false;
    }
    return a->head_width > 0 && b->head_width > 0 && a->decl->kind == b->decl->kind &&
           !b->is_after_blank_line;
}

/* Put = or `on` of neighbours of one line each into one column, if they still fit. */
static void align_sheets(const ast_file *file, sheet *sheets, size_t count)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        size_t head = sheets[begin].head_width, tail = 0;
        for (end = begin + 1; end < count; end++) {
            if (!are_neighbours(file, &sheets[end - 1], &sheets[end]))
                break;
            head = larger(head, sheets[end].head_width);
        }
        for (size_t i = begin; i < end; i++)
            tail = larger(tail, sheets[i].width - sheets[i].head_width);
        if (end - begin < 2 || head + tail > LAYOUT_WIDTH)
            continue;
        for (size_t i = begin; i < end; i++) {
            layout_free(sheets[i].layout);
            sheets[i].layout = layout_new();
            put_decl(sheets[i].layout, sheets[i].decl, head);
        }
    }
}

/* Comments between declarations; the first may stand behind the one before. */
static void print_comments(const ast_file *file, size_t first, size_t count, text *out)
{
    for (size_t i = 0; i < count; i++) {
        const ast_comment *comment = file->comments.items[first + i];
        bool is_behind = i == 0 && !comment->is_alone && out->size > 0;
        if (is_behind) {
            out->data[--out->size] = '\0'; /* the line end */
            text_append(out, "  ");
        } else if (comment->is_after_blank_line && out->size > 0) {
            text_append_char(out, '\n');
        }
        text_append(out, comment->text);
        text_append_char(out, '\n');
    }
}

void format_file(const ast_file *file, text *out)
{
    size_t count = file->decls.count, next_comment = 0;
    sheet *sheets = memory_alloc_zero_array(count + 1, sizeof *sheets);
    text body;
    text_init(&body);
    for (size_t i = 0; i < count; i++)
        sheets[i] = make_sheet(file, file->decls.items[i], &next_comment);
    align_sheets(file, sheets, count);
    for (size_t i = 0; i < count; i++) {
        print_comments(file, sheets[i].first_comment, sheets[i].comment_count, &body);
        if (sheets[i].is_after_blank_line && body.size > 0)
            text_append_char(&body, '\n');
        layout_print(sheets[i].layout, LAYOUT_WIDTH, &body);
        text_append_char(&body, '\n');
        layout_free(sheets[i].layout);
    }
    print_comments(file, next_comment, file->comments.count - next_comment, &body);
    text_append_bytes(out, body.data, body.size);
    text_done(&body);
    memory_free(sheets);
}

void format_expr(const ast_expr *expr, text *out)
{
    layout *l = layout_new();
    layout_open(l);
    put_expr(l, expr, BINDS_IF);
    layout_close(l);
    layout_print(l, NO_LIMIT, out);
    layout_free(l);
}
