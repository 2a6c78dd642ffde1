/* SPDX-License-Identifier: MIT
 *
 * The graph as text and for Graphviz.
 */
#include "graph/printing.h"

#include <inttypes.h>

#include "report/json.h"
#include "script/script.h"
#include "value/value.h"

/* ---- parts of a node ---------------------------------------------------- */

static void append_rows(const graph *g, uint32_t id, size_t most, text *out);

static void append_length(const char *word, calendar_span span, text *out)
{
    text_append_format(out, " %s %" PRId64 " %s", word, span.count,
                       calendar_unit_name(span.unit));
}

static void append_step(const sequence_step *step, size_t number, const char *between,
                        text *out)
{
    text_append(out, number == 0 ? "" : between);
    text_append(out, step->is_negated ? "no " : step->is_direct ? "directly " : "");
    text_append_format(out, "%zu", number + 1);
    if (step->has_within)
        append_length("within", step->within, out);
    if (step->has_later)
        append_length(step->later_is_open ? "more than" : "at least", step->later, out);
    if (step->has_earlier)
        append_length(step->earlier_is_open ? "fewer than" : "at most", step->earlier,
                      out);
}

/* "(1 then 2 within 1 day) all within 7 day" */
static void append_steps(const sequence *s, text *out)
{
    if (s->least < s->step_count)
        text_append_format(out, "%zu of ", s->least);
    text_append(out, "(");
    for (size_t i = 0; i < s->step_count; i++)
        append_step(&s->steps[i], i, s->is_any_order ? " and " : " then ", out);
    text_append(out, ")");
    if (s->has_all_within)
        append_length("all within", s->all_within, out);
}

static void append_role(const sequence_rows *rows, text *out)
{
    switch (rows->role) {
    case SEQUENCE_STEP: text_append_format(out, "; %zu: ", rows->step + 1); break;
    case SEQUENCE_ENDING:
        text_append_format(out, "; %zu, when last: ", rows->step + 1);
        break;
    case SEQUENCE_REPEAT:
        text_append_format(out, "; no repeat of %zu: ", rows->step + 1);
        break;
    case SEQUENCE_ANY_EVENT: text_append(out, "; nothing between: "); break;
    case SEQUENCE_OTHER_EVENT: text_append(out, "; not between: "); break;
    }
}

/* "sequence (1 then no 2 within 1 day); 1: a in #3 where #4 same #7; 2: b in #5 same #8" */
static void append_sequence(const graph *g, const domain *d, size_t most, text *out)
{
    const sequence *s = g->sequences[d->index];
    const node *const *next = d->inputs + 1;
    text_append(out, "sequence ");
    append_steps(s, out);
    for (size_t i = 0; i < s->rows_count; i++) {
        append_role(&s->rows[i], out);
        append_rows(g, d->members[i], most, out);
        sequence_inputs in = sequence_take_inputs(s, i, &next);
        text_append_format(out, " in #%" PRIu32, in.window->id);
        if (in.mask)
            text_append_format(out, " where #%" PRIu32, in.mask->id);
        for (size_t k = 0; k < in.key_count; k++)
            text_append_format(out, " same #%" PRIu32, in.keys[k]->id);
    }
}

/* Rows of rows of rows: no further than `most` bytes of the text. */
static void append_rows(const graph *g, uint32_t id, size_t most, text *out)
{
    if (out->size > most) {
        text_append(out, "...");
        return;
    }
    const domain *d = graph_domain(g, id);
    switch (d->kind) {
    case DOMAIN_RUN: text_append(out, "run"); break;
    case DOMAIN_PEOPLE: text_append(out, "people"); break;
    case DOMAIN_EVENTS: text_append(out, g->schema->kinds[d->index].name); break;
    case DOMAIN_TRAIT:
        text_append_format(out, "user.%s", g->schema->traits[d->index].name);
        break;
    case DOMAIN_FILTER:
        append_rows(g, d->members[0], most, out);
        text_append_format(out, " where #%" PRIu32, d->inputs[0]->id);
        break;
    case DOMAIN_SESSIONS:
        text_append(out, "sessions of ");
        append_rows(g, d->members[0], most, out);
        break;
    case DOMAIN_SEQUENCE: append_sequence(g, d, most, out); break;
    case DOMAIN_ITEMS:
        append_rows(g, d->members[0], most, out);
        text_append_format(out, ".%s", g->schema->kinds[d->index].name);
        break;
    case DOMAIN_BESIDE:
        text_append(out, "(");
        append_rows(g, d->members[0], most, out);
        text_append(out, " beside ");
        append_rows(g, d->members[1], most, out);
        text_append(out, ")");
        break;
    case DOMAIN_UNION:
        text_append(out, "(");
        for (size_t i = 0; i < d->member_count; i++) {
            text_append(out, i ? " or " : "");
            append_rows(g, d->members[i], most, out);
        }
        text_append(out, ")");
        break;
    }
}

void print_append_domain(const graph *g, uint32_t id, text *out)
{
    enum { MOST_BYTES = 1000 };
    append_rows(g, id, out->size + MOST_BYTES, out);
}

static void append_constant(const node *n, text *out)
{
    if (n->constant.is_missing) {
        text_append(out, "missing");
        return;
    }
    switch (n->type.kind) {
    case TYPE_BOOL: text_append(out, n->constant.integer ? "true" : "false"); break;
    case TYPE_NUMBER: text_append_format(out, "%.17g", n->constant.number); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: json_append_quoted(out, n->constant.text); break;
    case TYPE_TIME: value_append_time(n->constant.integer, NULL, out); break;
    case TYPE_DATE: value_append_date(n->constant.integer, out); break;
    case TYPE_DURATION: value_append_duration(n->constant.integer, out); break;
    default: value_append_decimal(n->constant.integer, n->type.scale, out); break;
    }
}

static void append_move(calendar_span by, text *out)
{
    int64_t exact;
    if (by.unit == UNIT_SECOND && calendar_span_microseconds(by, &exact)) {
        text_append(out, exact < 0 ? "-" : "+");
        value_append_duration(exact < 0 ? -exact : exact, out);
        return;
    }
    text_append_format(out, "%+" PRId64 " %s", by.count, calendar_unit_name(by.unit));
}

static const char *column_name(const graph *g, const node *n)
{
    const domain *d = graph_domain(g, n->domain);
    if (d->kind == DOMAIN_TRAIT)
        return g->schema->traits[d->index].name;
    return g->schema->kinds[d->index].properties[n->column].name;
}

/* "[30 days ago, now)": which ends there are, and whether they belong to it. */
static void append_ends(const graph *g, const node *n, text *out)
{
    const window_ends *w = &n->window;
    print_append_domain(g, n->rows, out);
    text_append(out, w->lower_in ? " [" : " (");
    if (w->has_lower)
        text_append_format(out, "#%" PRIu32, n->operands[0]->id);
    text_append(out, " .. ");
    if (w->has_upper)
        text_append_format(out, "#%" PRIu32, n->operands[w->has_lower ? 1 : 0]->id);
    text_append(out, w->upper_in ? "]" : ")");
}

static const char *date_part_name(date_part part)
{
    static const char *const names[] = {[DATE_PART_DAY] = "day_of_month",
                                        [DATE_PART_MONTH] = "month_of_year",
                                        [DATE_PART_YEAR] = "year",
                                        [DATE_PART_WEEKDAY] = "weekday"};
    return names[part];
}

static void append_near(const graph *g, const node *n, text *out)
{
    static const char *const sides[] = {
        [NEAR_AFTER] = "after", [NEAR_BEFORE] = "before", [NEAR_AROUND] = "of"};
    calendar_span within = n->near.within;
    text_append_format(out, "within %" PRId64 " %s %s ", within.count,
                       calendar_unit_name(within.unit), sides[n->near.side]);
    print_append_domain(g, n->rows, out);
}

static void append_units(const fold_details *f, text *out)
{
    text_append(out, calendar_unit_name(f->units.unit));
    if (f->units.least > 1)
        text_append_format(out, " at least %" PRId64, f->units.least);
    if (f->units.most > 0)
        text_append_format(out, "%s at most %" PRId64, f->units.least > 1 ? "," : "",
                           f->units.most);
}

static void append_share(const fold_details *f, text *out)
{
    text_append_format(out, "%" PRId64 " / %" PRId64, f->share.part, f->share.whole);
}

static void append_united(const united_fold *u, text *out)
{
    text_append(out, node_kind_name((node_kind)u->kind));
    if (node_payload((node_kind)u->kind) == PAYLOAD_FOLD)
        return;
    text_append(out, " ");
    if (node_payload((node_kind)u->kind) == PAYLOAD_UNIT_FOLD)
        append_units(&u->details, out);
    else
        append_share(&u->details, out);
}

/* What the kind and the operands do not say. */
void print_append_detail(const graph *g, const node *n, text *out)
{
    switch (node_payload(n->kind)) {
    case PAYLOAD_NOTHING:
        if (node_is_window(n->kind))
            print_append_domain(g, n->rows, out);
        break;
    case PAYLOAD_CONSTANT: append_constant(n, out); break;
    case PAYLOAD_SALT: json_append_quoted(out, n->salt); break;
    case PAYLOAD_COLUMN: text_append(out, column_name(g, n)); break;
    case PAYLOAD_IMPORT: text_append_format(out, "%zu", n->import); break;
    case PAYLOAD_MEMBER: text_append_format(out, "%zu", n->member); break;
    case PAYLOAD_DIGITS: text_append_format(out, "+%u digits", n->digits); break;
    case PAYLOAD_SCALE:
        if (n->scale)
            text_append_format(out, "10^%" PRId64, n->scale);
        break;
    case PAYLOAD_HALF_LIFE: value_append_duration(n->half_life, out); break;
    case PAYLOAD_MOVE: append_move(n->move, out); break;
    case PAYLOAD_UNIT_START:
        text_append_format(out, "%s %+" PRId64, calendar_unit_name(n->unit_start.unit),
                           n->unit_start.count);
        break;
    case PAYLOAD_UNIT: text_append(out, calendar_unit_name(n->unit)); break;
    case PAYLOAD_DAYS: text_append_format(out, "%+" PRId64, n->days); break;
    case PAYLOAD_DATE_PART: text_append(out, date_part_name(n->date_part)); break;
    case PAYLOAD_OCCASION: text_append_format(out, "occasion %zu", n->occasion); break;
    case PAYLOAD_LIST: text_append_format(out, "list %zu", n->list); break;
    case PAYLOAD_JUDGEMENT: text_append_format(out, "judgement %zu", n->judgement); break;
    case PAYLOAD_NEAR: append_near(g, n, out); break;
    case PAYLOAD_ENDS: append_ends(g, n, out); break;
    case PAYLOAD_ROW_COUNT: text_append_format(out, "%" PRId64, n->newest); break;
    case PAYLOAD_FOLD: break;
    case PAYLOAD_UNIT_FOLD: append_units(&n->fold, out); break;
    case PAYLOAD_QUANTILE_FOLD: append_share(&n->fold, out); break;
    case PAYLOAD_UNITED_FOLD: append_united(&n->united, out); break;
    case PAYLOAD_SCRIPT:
        text_append(out, script_set_function_name(g->scripts, n->script.function));
        break;
    }
}

void print_append_type(const node *n, text *out)
{
    if (node_is_window(n->kind))
        text_append(out, "window");
    else
        type_append(n->type, out);
}

/* ---- text --------------------------------------------------------------- */

/* The blank in front of a detail that there is not. */
static void drop_lone_blank(text *out, size_t before)
{
    if (out->size != before + 1)
        return;
    out->size = before;
    out->data[before] = '\0';
}

static void print_node(const graph *g, const node *n, text *out)
{
    text_append_format(out, "#%-4" PRIu32 " %s", n->id, node_kind_name(n->kind));
    if (node_payload(n->kind) != PAYLOAD_ENDS) /* which names them itself */
        for (size_t i = 0; i < n->operand_count; i++)
            text_append_format(out, " #%" PRIu32, n->operands[i]->id);
    size_t before = out->size;
    text_append(out, " ");
    print_append_detail(g, n, out);
    drop_lone_blank(out, before);
    text_append(out, "  : ");
    print_append_type(n, out);
    text_append(out, " of ");
    print_append_domain(g, n->domain, out);
    text_append(out, "\n");
}

static void print_graph(const graph *g, text *out)
{
    for (size_t i = 0; i < g->node_count; i++)
        print_node(g, g->nodes[i], out);
    text_append(out, g->rule_count ? "\n" : "");
    for (size_t i = 0; i < g->rule_count; i++)
        text_append_format(out, "%s = #%" PRIu32 "\n", g->rules[i].path,
                           g->rules[i].node->id);
}

void graph_print_text(const graph *g, text *out)
{
    print_graph(g, out);
    if (!g->accounts)
        return;
    text_append(out, "\nfor each account:\n\n");
    print_graph(g->accounts, out);
}

void graph_describe_node(const graph *g, const node *n, text *out)
{
    text_append_format(out, "#%" PRIu32 " %s", n->id, node_kind_name(n->kind));
    size_t before = out->size;
    text_append(out, " ");
    print_append_detail(g, n, out);
    drop_lone_blank(out, before);
    if (n->rows > PEOPLE && !node_is_window(n->kind)) {
        text_append(out, " over ");
        print_append_domain(g, n->rows, out);
    } else if (n->domain > PEOPLE) {
        text_append(out, " of each ");
        print_append_domain(g, n->domain, out);
    }
}

void graph_describe_domain(const graph *g, uint32_t id, text *out)
{
    print_append_domain(g, id, out);
}

/* ---- Graphviz ----------------------------------------------------------- */

static void print_dot_label(const graph *g, const node *n, text *out)
{
    text label;
    text_init(&label);
    text_append_format(&label, "#%" PRIu32 " %s", n->id, node_kind_name(n->kind));
    size_t before = label.size;
    text_append(&label, "\n");
    print_append_detail(g, n, &label);
    if (label.size == before + 1)
        label.size = before;
    json_append_quoted(out, (slice){label.data, label.size});
    text_done(&label);
}

static const char *dot_colour(const graph *g, const node *n)
{
    switch (graph_domain(g, n->domain)->kind) {
    case DOMAIN_RUN: return "#eeeeee";
    case DOMAIN_PEOPLE:
        return node_is_fold(n->kind) || node_is_window(n->kind) ? "#ffe9c7" : "#d6eaff";
    default: return "#dff3d8";
    }
}

void graph_print_dot(const graph *g, text *out)
{
    text_append(
        out, "digraph rules {\n"
             "  rankdir=LR;\n"
             "  node [shape=box, style=filled, fontname=\"sans-serif\", fontsize=10];\n");
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        text_append_format(out, "  n%" PRIu32 " [label=", n->id);
        print_dot_label(g, n, out);
        text_append_format(out, ", fillcolor=\"%s\"];\n", dot_colour(g, n));
        for (size_t o = 0; o < n->operand_count; o++)
            text_append_format(out, "  n%" PRIu32 " -> n%" PRIu32 ";\n",
                               n->operands[o]->id, n->id);
    }
    for (size_t i = 0; i < g->rule_count; i++) {
        text_append_format(out, "  r%zu [label=", i);
        json_append_quoted(out, slice_of(g->rules[i].path));
        text_append_format(
            out, ", shape=oval, fillcolor=\"#ffffff\"];\n  n%" PRIu32 " -> r%zu;\n",
            g->rules[i].node->id, i);
    }
    text_append(out, "}\n");
}
