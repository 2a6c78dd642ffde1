/* SPDX-License-Identifier: MIT
 *
 * Where the compiler points, there a declaration is taken out.
 */
#include "differential/accepted.h"

#include <stdio.h>

/* Which declaration stands at a place of the text. */
static declaration *declaration_at(book *b, size_t offset)
{
    text t;
    declaration *found = NULL;
    text_init(&t);
    for (size_t i = 0; i < b->count && !found; i++) {
        if (b->declarations[i].is_dropped)
            continue;
        phrase_append(b->declarations[i].words, &t);
        text_append_char(&t, '\n');
        if (offset < t.size)
            found = &b->declarations[i];
    }
    text_done(&t);
    return found;
}

static void drop_refused(book *b, const world_rules *rules, refusal *told, void *context)
{
    declaration *wrong[BOOK_MOST];
    size_t count = 0;
    for (size_t i = 0; i < diags_count(rules->diags) && count < BOOK_MOST; i++) {
        const diag *d = diags_get(rules->diags, i);
        if (d->severity != DIAG_ERROR)
            continue;
        wrong[count] = declaration_at(b, d->where.begin);
        if (wrong[count] && wrong[count]->is_rule && told)
            told(context, wrong[count], d->code);
        count += wrong[count] != NULL;
    }
    for (size_t i = 0; i < count; i++)
        wrong[i]->is_dropped = true;
}

world_rules *book_compile(const world *w, book *b, refusal *told, void *context,
                          bool shows)
{
    for (;;) {
        text rules;
        text_init(&rules);
        book_append(b, &rules);
        if (shows)
            fprintf(stderr, "%s\n", rules.data);
        world_rules *compiled = world_compile(w, rules.data);
        text_done(&rules);
        if (compiled->book)
            return compiled;
        drop_refused(b, compiled, told, context);
        if (shows)
            fputs(compiled->messages, stderr);
        world_rules_free(compiled);
    }
}

size_t book_rule_count(const book *b)
{
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++)
        count += b->declarations[i].is_rule && !b->declarations[i].is_dropped;
    return count;
}
