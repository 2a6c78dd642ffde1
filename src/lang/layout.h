/* SPDX-License-Identifier: MIT
 *
 * layout -- where lines break, and where comments go. Knows nothing of the tree.
 *
 * A declaration is a row of texts, possible breaks, and groups of them. A group that fits
 * on the rest of the line stays on it; in one that does not, all breaks are taken. The
 * columns of breaks count from where their group begins:
 *
 *     layout_open(l);
 *     layout_text(l, "when a");
 *     layout_break(l, LAYOUT_SOFT, 1, position_of_b);
 *     layout_text(l, "and b");              //  when a and b, or else  when a
 *     layout_close(l);                      //                          and b
 *
 * Comments are bound to the first break that stands before something behind them in the
 * source, and force it.
 */
#ifndef LANG_LAYOUT_H
#define LANG_LAYOUT_H

#include "base/text.h"
#include "lang/ast.h"

#define LAYOUT_WIDTH 88

typedef struct layout layout;

typedef enum layout_break_kind {
    LAYOUT_SOFT, /* taken when the group does not fit; else a blank */
    LAYOUT_FILL, /* taken when what follows, up to the next break, does not fit */
    LAYOUT_HARD  /* always taken */
} layout_break_kind;

layout *layout_new(void);
void layout_free(layout *l);

void layout_text(layout *l, const char *string);
CARPEL_PRINTF(2, 3) void layout_format(layout *l, const char *format, ...);

/* A name, in backticks where it needs them. */
void layout_name(layout *l, const ast_name *name);

/* A text in double quotes. */
void layout_quoted(layout *l, const char *string);

/* Blanks up to this column of the line, counted from its begin; only outside of groups
 * that may break before it. */
void layout_pad_to(layout *l, size_t column);

void layout_open(layout *l);
void layout_close(layout *l);

/* `position`: where in the source that begins which follows the break. */
void layout_break(layout *l, layout_break_kind kind, int column, uint32_t position);

/* A soft break, and what follows it; a comma with a break, between the items of a list. */
void layout_go_on(layout *l, int column, uint32_t position, const char *string);
void layout_comma(layout *l, size_t index, layout_break_kind kind, int column,
                  uint32_t position);

/* How the parts of a node are reached: put it; is there this part, and where does it begin in the
 * source? `number` is a column, or how tightly a place asks an expression to bind. */
typedef struct layout_parts {
    void (*put)(layout *l, const void *node, char part, int number);
    bool (*has)(const void *node, char part);
    uint32_t (*position)(const void *node, char part);
} layout_parts;

/* A node by its form: text, and in it
 *
 *   $x4    its part x, which is asked for a number
 *   [ ]    a group
 *   /2     a soft break at column 2, before the part that comes next
 *   {x }   what stands there only when it has a part x, or is x
 */
void layout_form(layout *l, const char *form, const layout_parts *parts,
                 const void *node);

/* Bind comments *next, *next + 1, ... to breaks, as long as one fits; *next moves on. */
void layout_bind_comments(layout *l, const ast_list *comments, size_t *next);

/* How wide it is on one line; false when a break is forced. */
bool layout_is_flat(const layout *l, size_t *width);

/* Print, without a line end behind it; at most `width` columns where that is possible. */
void layout_print(const layout *l, size_t width, text *out);

#endif
