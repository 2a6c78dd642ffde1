/* SPDX-License-Identifier: MIT
 *
 * The parts of each family of payloads.
 */
#include "graph/payload_digest.h"

#include "base/memory.h"
#include "script/script.h"

static void put_flag(digest_input *in, bool flag)
{
    digest_put_number(in, flag);
}

static void put_integer(digest_input *in, int64_t integer)
{
    digest_put_number(in, (uint64_t)integer);
}

/* ---- the calendar ------------------------------------------------------- */

static void put_zone(const digesting *d, digest_input *in)
{
    digest_put_word(in, d->calendar->zone);
}

/* A unit of the local calendar: another zone makes it another one. */
static void put_unit(const digesting *d, digest_input *in, calendar_unit unit)
{
    digest_put_word(in, calendar_unit_name(unit));
    put_zone(d, in);
    digest_put_number(in, unit == UNIT_WEEK ? (uint64_t)d->calendar->week_start + 1 : 0);
}

/* A length of time, which asks for the zone from months on. */
static void put_span(const digesting *d, digest_input *in, calendar_span span)
{
    put_integer(in, span.count);
    digest_put_word(in, calendar_unit_name(span.unit));
    if (span.unit >= UNIT_MONTH)
        put_zone(d, in);
}

static void put_occasion(digest_input *in, const occasion *o)
{
    digest_put_number(in, (uint64_t)o->kind);
    digest_put_number(in, o->first_month);
    digest_put_number(in, o->first_day);
    digest_put_number(in, o->last_month);
    digest_put_number(in, o->last_day);
    put_integer(in, o->ordinal);
    digest_put_number(in, (uint64_t)o->weekday);
    digest_put_number(in, o->date_count);
    for (size_t i = 0; i < o->date_count; i++)
        put_integer(in, o->dates[i]);
}

/* ---- what is named ------------------------------------------------------ */

static void put_column(const digesting *d, digest_input *in, const node *n)
{
    const domain *rows = graph_domain(d->graph, n->domain);
    if (rows->kind == DOMAIN_TRAIT || n->domain == PEOPLE)
        digest_put_number(in, n->column);
    else
        digest_put_word(in,
                        d->graph->schema->kinds[rows->index].properties[n->column].name);
}

/* The texts of a list, whatever their order. */
static void put_list(digest_input *in, const dictionary *list)
{
    size_t count = dictionary_count(list);
    uint32_t *order = memory_alloc_array(count + 1, sizeof *order);
    dictionary_sort(list, dictionary_count(list), order);
    digest_put_number(in, count);
    for (size_t i = 0; i < count; i++)
        digest_put_text(in, dictionary_text(list, order[i]));
    memory_free(order);
}

/* A function is what its file says, and those that the file requires. */
static void put_script(const digesting *d, digest_input *in, const lua_call *call)
{
    digest_put_word(in, script_set_function_name(d->graph->scripts, call->function));
    digest_put_text(in, script_set_function_file(d->graph->scripts, call->function, 0));
    put_flag(in, call->takes_any);
    size_t count = script_set_function_file_count(d->graph->scripts, call->function);
    for (size_t i = 1; i < count; i++)
        digest_put_text(in,
                        script_set_function_file(d->graph->scripts, call->function, i));
}

/* ---- families ----------------------------------------------------------- */

static void put_constant(digest_input *in, const constant_value *c)
{
    uint64_t bits;
    memcpy(&bits, &c->number, sizeof bits);
    put_flag(in, c->is_missing);
    put_integer(in, c->integer);
    digest_put_number(in, bits);
    digest_put_text(in, c->text);
}

static void put_ends(digest_input *in, const window_ends *w)
{
    put_flag(in, w->has_lower);
    put_flag(in, w->has_upper);
    put_flag(in, w->lower_in);
    put_flag(in, w->upper_in);
}

static void put_operands(digest_input *in, const fold_details *f)
{
    put_flag(in, f->has_mask);
    put_flag(in, f->has_value);
}

static void put_unit_fold(const digesting *d, digest_input *in, const fold_details *f)
{
    put_operands(in, f);
    put_unit(d, in, f->units.unit);
    put_integer(in, f->units.least);
    put_integer(in, f->units.most);
}

static void put_quantile(digest_input *in, const fold_details *f)
{
    put_operands(in, f);
    put_integer(in, f->share.part);
    put_integer(in, f->share.whole);
}

static void put_united(const digesting *d, digest_input *in, const united_fold *u)
{
    digest_put_word(in, node_kind_name((node_kind)u->kind));
    switch (node_payload((node_kind)u->kind)) {
    case PAYLOAD_UNIT_FOLD: put_unit_fold(d, in, &u->details); break;
    case PAYLOAD_QUANTILE_FOLD: put_quantile(in, &u->details); break;
    default: put_operands(in, &u->details); break;
    }
}

static void put_near(const digesting *d, digest_input *in, const near_test *near)
{
    put_span(d, in, near->within);
    digest_put_number(in, (uint64_t)near->side);
}

static void put_judgement(digesting *d, digest_input *in, const node *n)
{
    const judgement *j = &d->graph->judgements[n->judgement];
    put_unit(d, in, j->unit);
    digest_put_judgement(d, in, j);
}

/* Kinds that ask the local clock though nothing that they carry says so. */
static bool asks_the_clock(node_kind kind)
{
    return kind == NODE_MOVE_DAYS || kind == NODE_DAY_START || kind == NODE_LOCAL_DATE ||
           kind == NODE_LOCAL_HOUR;
}

void payload_digest_put(digesting *d, digest_input *in, const node *n)
{
    const graph *g = d->graph;
    if (asks_the_clock(n->kind))
        put_zone(d, in);
    switch (node_payload(n->kind)) {
    case PAYLOAD_NOTHING: break;
    case PAYLOAD_CONSTANT: put_constant(in, &n->constant); break;
    case PAYLOAD_SALT: digest_put_text(in, n->salt); break;
    case PAYLOAD_COLUMN: put_column(d, in, n); break;
    case PAYLOAD_IMPORT:
        digest_put(in, d->people->nodes[g->imports[n->import]->id]);
        break;
    case PAYLOAD_MEMBER:
        digest_put(in, d->domains[graph_domain(g, n->domain)->members[n->member]]);
        break;
    case PAYLOAD_DIGITS: digest_put_number(in, n->digits); break;
    case PAYLOAD_SCALE: put_integer(in, n->scale); break;
    case PAYLOAD_HALF_LIFE: put_integer(in, n->half_life); break;
    case PAYLOAD_MOVE: put_span(d, in, n->move); break;
    case PAYLOAD_UNIT_START:
        put_unit(d, in, n->unit_start.unit);
        put_integer(in, n->unit_start.count);
        break;
    case PAYLOAD_UNIT: put_unit(d, in, n->unit); break;
    case PAYLOAD_DAYS: put_integer(in, n->days); break;
    case PAYLOAD_DATE_PART: digest_put_number(in, (uint64_t)n->date_part); break;
    case PAYLOAD_OCCASION: put_occasion(in, g->occasions[n->occasion]); break;
    case PAYLOAD_LIST: put_list(in, g->lists[n->list]); break;
    case PAYLOAD_JUDGEMENT: put_judgement(d, in, n); break;
    case PAYLOAD_NEAR: put_near(d, in, &n->near); break;
    case PAYLOAD_ENDS: put_ends(in, &n->window); break;
    case PAYLOAD_ROW_COUNT: put_integer(in, n->newest); break;
    case PAYLOAD_FOLD: put_operands(in, &n->fold); break;
    case PAYLOAD_UNIT_FOLD: put_unit_fold(d, in, &n->fold); break;
    case PAYLOAD_QUANTILE_FOLD: put_quantile(in, &n->fold); break;
    case PAYLOAD_UNITED_FOLD: put_united(d, in, &n->united); break;
    case PAYLOAD_SCRIPT: put_script(d, in, &n->script); break;
    }
}

/* ---- sequences ---------------------------------------------------------- */

static void put_optional_span(const digesting *d, digest_input *in, bool has,
                              calendar_span span)
{
    put_flag(in, has);
    if (has)
        put_span(d, in, span);
}

static void put_step(const digesting *d, digest_input *in, const sequence_step *step)
{
    put_flag(in, step->is_negated);
    put_flag(in, step->is_direct);
    put_optional_span(d, in, step->has_within, step->within);
    put_optional_span(d, in, step->has_later, step->later);
    put_flag(in, step->later_is_open);
    put_optional_span(d, in, step->has_earlier, step->earlier);
    put_flag(in, step->earlier_is_open);
}

void payload_digest_put_sequence(const digesting *d, digest_input *in, const sequence *s)
{
    digest_put_number(in, s->step_count);
    for (size_t i = 0; i < s->step_count; i++)
        put_step(d, in, &s->steps[i]);
    digest_put_number(in, s->end_count);
    digest_put_number(in, s->least);
    put_flag(in, s->is_any_order);
    put_optional_span(d, in, s->has_all_within, s->all_within);
    digest_put_number(in, s->key_count);
}
