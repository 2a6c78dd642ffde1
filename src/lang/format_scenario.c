/* SPDX-License-Identifier: MIT
 *
 * The lines of scenarios as rows of texts and possible breaks.
 */
#include "lang/formatter.h"
#include "lang/rulebook.h"

/* `sku = "A1", price = 10`; a plain value has no name. A record stays on one line. */
static void put_item(layout *l, const ast_item *item)
{
    for (size_t i = 0; i < item->settings.count; i++) {
        const ast_setting *setting = item->settings.items[i];
        layout_text(l, i > 0 ? ", " : "");
        put_path(l, &setting->names);
        layout_text(l, setting->names.count > 0 ? " = " : "");
        put_expr(l, setting->value, BINDS_SUM);
    }
}

/* `("vip", "new")`, `(sku = "A1") (sku = "B2")`, or `()`. */
static void put_items(layout *l, const ast_list *items)
{
    layout_open(l);
    layout_text(l, "(");
    for (size_t i = 0; i < items->count; i++) {
        const ast_item *item = items->items[i];
        const ast_setting *first = item->settings.items[0];
        bool is_plain = first->names.count == 0;
        if (i > 0) {
            layout_text(l, is_plain ? "," : ")");
            layout_break(l, LAYOUT_FILL, is_plain, first->name.where.begin);
            layout_text(l, is_plain ? "" : "(");
        }
        put_item(l, item);
    }
    layout_text(l, ")");
    layout_close(l);
}

static void put_setting(layout *l, const ast_setting *setting)
{
    if (setting->call)
        put_expr(l, setting->call, BINDS_PRIMARY);
    else
        put_path(l, &setting->names);
    layout_text(l, setting->is_list ? " " : " = ");
    if (setting->is_list)
        put_items(l, &setting->items);
    else
        put_expr(l, setting->value, BINDS_SUM);
    if (setting->tolerance)
        put_prefix(l, " within ", setting->tolerance, BINDS_SUM);
}

static void put_settings(layout *l, const ast_list *settings)
{
    layout_open(l);
    for (size_t i = 0; i < settings->count; i++) {
        const ast_setting *setting = settings->items[i];
        layout_comma(l, i, LAYOUT_FILL, 0, setting->name.where.begin);
        put_setting(l, setting);
    }
    layout_close(l);
}

static const char *membership_words(const ast_line *line)
{
    if (line->is_crossing)
        return line->is_negated ? " leaves " : " enters ";
    return line->is_negated ? " not in " : " in ";
}

/* What is behind the person's name. */
static void put_verb(layout *l, const ast_line *line)
{
    if (line->kind == LINE_DID) {
        layout_text(l, " did ");
        layout_name(l, &line->event);
    } else if (line->kind == LINE_EXPECT_IN) {
        layout_text(l, membership_words(line));
        put_ref(l, &line->ref);
    } else {
        layout_text(l, " has ");
        put_settings(l, &line->settings);
    }
}

static void put_line(layout *l, const ast_line *line)
{
    if (!line_is_fact(line))
        layout_text(l, "expect ");
    if (line->kind == LINE_EXPECT_CALL) {
        put_settings(l, &line->settings);
    } else {
        layout_name(l, &line->person);
        put_verb(l, line);
    }
    if (line->at)
        put_prefix(l, " at ", line->at, BINDS_PRIMARY);
    if (line->kind == LINE_DID && line->settings.count > 0) {
        layout_text(l, " (");
        put_settings(l, &line->settings);
        layout_text(l, ")");
    }
}

void put_lines(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->lines.count; i++) {
        const ast_line *line = decl->lines.items[i];
        layout_break(l, LAYOUT_HARD, 2, line->place.begin);
        put_line(l, line);
    }
}
