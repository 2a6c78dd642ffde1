/* SPDX-License-Identifier: MIT
 *
 * What would have to happen, in the words of the project.
 */
#include "explain/explain.h"

#include "explain/row_text.h"
#include "value/value.h"

static void append_value(type t, const imagined_value *v, bool is_another, text *out)
{
    if (is_another)
        text_append(out, "another");
    else
        row_text_append_value(t, v, out);
}

/* "price = 100.01", "\"gift\"" */
static void append_item(const schema *s, const advised *step, text *out)
{
    for (size_t v = 0; v < step->item_value_count; v++) {
        const event_kind *list = &s->kinds[step->list];
        const property *p = &list->properties[step->item[v].property];
        text_append(out, v > 0 ? ", " : "");
        if (!list->is_plain)
            text_append_format(out, "%s = ", p->name);
        append_value(p->type, &step->item[v], step->item_is_another[v], out);
    }
}

static void append_event(const schema *s, const advised *step, text *out)
{
    const event_kind *kind = &s->kinds[step->table];
    size_t said = 0;
    text_append(out, kind->name);
    for (size_t v = 0; v < step->value_count; v++) {
        const property *p = &kind->properties[step->values[v].property];
        text_append_format(out, "%s%s = ", said++ > 0 ? ", " : " (", p->name);
        append_value(p->type, &step->values[v], step->is_another[v], out);
    }
    if (step->has_item) { /* "items = (price = 100.01)" */
        text_append_format(out, "%s%s = (", said++ > 0 ? ", " : " (",
                           s->kinds[step->list].name);
        append_item(s, step, out);
        text_append_char(out, ')');
    }
    text_append(out, said > 0 ? ")" : "");
    text_append(out, step->like != NO_LIKENESS ? " like the last one" : "");
}

/* `user.tags` with one item more. */
static void append_setting(const schema *s, const advised *step, text *out)
{
    text_append_format(out, "%s with ", s->kinds[step->table].name);
    append_item(s, step, out);
    text_append(out, step->like != NO_LIKENESS ? " more" : "");
}

/* Of an account: to whom it happens. */
static void append_person(const explanation *x, const advised *step, text *out)
{
    if (!x->is_of_account || step->is_user)
        return;
    slice id = dictionary_text(x->person->persons, (uint32_t)step->person);
    text_append_format(out, "%.*s: ", (int)id.size, id.data);
}

static void append_step(const schema *s, const advised *step, text *out)
{
    if (step->is_user && step->times > 1) {
        text_append_format(out, "%zu new users", step->times);
        return;
    }
    if (step->is_user) {
        text_append(out, "a new user");
        return;
    }
    if (step->is_trait) {
        text_append_format(out, "user.%s = ", s->traits[step->table].name);
        append_value(s->traits[step->table].type, &step->values[0], step->is_another[0],
                     out);
    } else if (s->kinds[step->table].derivation == KIND_SETTINGS) {
        append_setting(s, step, out);
    } else {
        append_event(s, step, out);
    }
}

void explain_append_advice(const explanation *x, const advice *a, text *out)
{
    for (size_t i = 0; i < a->step_count; i++) {
        text_append(out, i == 0 ? "" : a->is_ordered ? ", then " : ", and ");
        append_person(x, &a->steps[i], out);
        append_step(x->person->schema, &a->steps[i], out);
        if (a->step_count > 1 && a->steps[i].times > 1)
            text_append_format(out, " %zu times", a->steps[i].times);
    }
    if (a->gap == 0 || a->step_count == 1)
        return;
    text_append_char(out, ' ');
    value_append_duration(a->gap, out);
    text_append(out, " later");
}

void explain_append_pace(const advice *a, text *out)
{
    if (a->step_count > 1 || a->steps[0].times == 1)
        return;
    if (a->days_apart == 0) {
        text_append(out, " at once");
        return;
    }
    text_append(out, ", ");
    value_append_duration(a->days_apart * MICROSECONDS_PER_DAY, out);
    text_append(out, " apart");
}

void explain_append_waiting(const advice *a, text *out)
{
    if (a->gap == 0 || a->step_count > 1)
        return;
    text_append(out, ", then nothing for ");
    value_append_duration(a->gap, out);
}
