/* SPDX-License-Identifier: MIT */
#include "engine/data_read.h"

#include <string.h>

#include "lang/meaning.h"
#include "lang/walk.h"

/* ---- names of the data ------------------------------------------------------------- */

/* The property behind "purchase."; NULL: there is none. */
static const char *find_property(const event_kind *kind, const char *written)
{
    size_t length = strlen(kind->name);
    if (strncmp(written, kind->name, length) != 0 || written[length] != '.')
        return NULL;
    for (size_t i = 0; i < kind->property_count; i++)
        if (strcmp(kind->properties[i].name, written + length + 1) == 0)
            return written + length + 1;
    return NULL;
}

static bool find_kind(const schema *s, const char *written, data_field *out)
{
    for (size_t k = 0; k < s->kind_count; k++) {
        const char *property = find_property(&s->kinds[k], written);
        if (!property && strcmp(s->kinds[k].name, written) != 0)
            continue;
        *out = (data_field){.kind = k, .property = property, .trait = SCHEMA_NONE};
        return true;
    }
    return false;
}

bool data_field_find(const schema *s, const char *written, data_field *out)
{
    if (find_kind(s, written, out))
        return true;
    if (strncmp(written, "user.", 5) != 0)
        return false;
    *out = (data_field){.kind = SCHEMA_NONE, .trait = schema_find_trait(s, written + 5)};
    return out->trait != SCHEMA_NONE;
}

/* ---- what declarations name --------------------------------------------------------- */

typedef struct reading {
    ast_visitor visitor;
    const data_field *field;
} reading;

static bool has_kind(const event_scope *scope, size_t kind)
{
    for (; scope; scope = scope->outer)
        for (size_t i = 0; i < scope->kind_count; i++)
            if (scope->kinds[i] == kind)
                return true;
    return false;
}

static bool event_is(const ast_event *event, const data_field *field)
{
    return field->kind != SCHEMA_NONE && !field->property && !event->is_setting &&
           (event->is_anything || (!event->decl && event->kind == field->kind) ||
            has_kind(event->list_scope, field->kind));
}

static bool meaning_is(const meaning *m, const data_field *field)
{
    if (m && m->kind == MEANING_TRAIT)
        return field->kind == SCHEMA_NONE && m->trait == field->trait &&
               !m->is_of_account;
    return m && m->kind == MEANING_PROPERTY && field->property &&
           strcmp(m->name, field->property) == 0 && has_kind(m->scope, field->kind);
}

static bool see_step(const ast_visitor *v, const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++)
        if (event_is(step->events.items[i], ((const reading *)v)->field))
            return true;
    return visit_step(v, step);
}

static bool see_expr(const ast_visitor *v, const ast_expr *expr)
{
    const data_field *field = ((const reading *)v)->field;
    return meaning_is(expr->meaning, field) ||
           (expr->selection && meaning_is(expr->selection->meaning, field)) ||
           visit_expr(v, expr);
}

bool decl_reads(const ast_decl *decl, const data_field *field)
{
    reading r = {{.expr = see_expr, .step = see_step}, field};
    return visit_decl(&r.visitor, decl);
}
