/* SPDX-License-Identifier: MIT
 *
 * An expression becomes the end of a rule. Behind it a line could begin a rule of its own, which
 * nobody asked for.
 */
#include "app/one_expression.h"

#include <string.h>

#include "app/say.h"
#include "base/arena.h"
#include "base/text.h"
#include "lang/parse.h"

#define FIRST "one"

/* The name of another declaration than the first, be it right or not; NULL: there is none. */
static const char *other_name(const ast_file *file)
{
    size_t good = file->decls.count, broken = file->broken.count;
    if (good + broken < 2)
        return NULL;
    const ast_decl *last = good > 0 ? file->decls.items[good - 1] : NULL;
    const ast_name *bad = broken > 0 ? file->broken.items[broken - 1] : NULL;
    bool is_last = last && last->name.text && (!bad || strcmp(bad->text, FIRST) == 0);
    return is_last ? last->name.text : bad ? bad->text : "";
}

bool check_one_expression(const char *expression)
{
    text rule;
    text_init(&rule);
    text_append_format(&rule, "score " FIRST " = %s\n", expression);
    source *file = source_new("expression", rule.data, rule.size);
    arena *memory = arena_new();
    diags *found = diags_new();
    const char *other = other_name(parse_segments(file, memory, found));
    if (other) {
        say_error("behind the expression \"%s\" is declared", other);
        say_hint("Give one expression; declarations stand in the files of rules.");
    }
    diags_free(found);
    arena_free(memory);
    source_free(file);
    text_done(&rule);
    return !other;
}
