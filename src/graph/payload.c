/* SPDX-License-Identifier: MIT
 *
 * The key of each family: all that its members say, as words and a text.
 */
#include "graph/payload.h"

#include <string.h>

#include "graph/graph.h"

static payload_key key_of(uint64_t word)
{
    return (payload_key){.words = {word}};
}

/* Bit by bit, so that -0.0 is another constant than 0.0. */
static payload_key key_of_constant(const constant_value *c)
{
    payload_key key = {.words = {c->is_missing, (uint64_t)c->integer}, .text = c->text};
    memcpy(&key.words[2], &c->number, sizeof c->number);
    return key;
}

static payload_key key_of_span(calendar_span span, uint64_t more)
{
    return (payload_key){.words = {(uint64_t)span.count, (uint64_t)span.unit, more}};
}

static payload_key key_of_ends(const window_ends *w)
{
    return (payload_key){.words = {w->has_lower, w->has_upper, w->lower_in, w->upper_in}};
}

static uint64_t has_operands(const fold_details *f)
{
    return f->has_mask * 2u + f->has_value;
}

static payload_key key_of_share(uint64_t head, const fold_details *f)
{
    return (payload_key){
        .words = {head, (uint64_t)f->share.part, (uint64_t)f->share.whole}};
}

static payload_key key_of_units(uint64_t head, const fold_details *f)
{
    return (payload_key){.words = {head, (uint64_t)f->units.unit,
                                   (uint64_t)f->units.least, (uint64_t)f->units.most}};
}

static payload_key key_of_united(const united_fold *u)
{
    uint64_t head = u->kind * 4u + has_operands(&u->details);
    switch (node_payload((node_kind)u->kind)) {
    case PAYLOAD_UNIT_FOLD: return key_of_units(head, &u->details);
    case PAYLOAD_QUANTILE_FOLD: return key_of_share(head, &u->details);
    default: return key_of(head);
    }
}

payload_key node_payload_key(const node *n)
{
    switch (node_payload(n->kind)) {
    case PAYLOAD_NOTHING: break;
    case PAYLOAD_CONSTANT: return key_of_constant(&n->constant);
    case PAYLOAD_SALT: return (payload_key){.text = n->salt};
    case PAYLOAD_COLUMN: return key_of(n->column);
    case PAYLOAD_IMPORT: return key_of(n->import);
    case PAYLOAD_MEMBER: return key_of(n->member);
    case PAYLOAD_DIGITS: return key_of(n->digits);
    case PAYLOAD_SCALE: return key_of((uint64_t)n->scale);
    case PAYLOAD_HALF_LIFE: return key_of((uint64_t)n->half_life);
    case PAYLOAD_MOVE: return key_of_span(n->move, 0);
    case PAYLOAD_UNIT_START:
        return key_of_span((calendar_span){n->unit_start.count, n->unit_start.unit}, 0);
    case PAYLOAD_UNIT: return key_of((uint64_t)n->unit);
    case PAYLOAD_DAYS: return key_of((uint64_t)n->days);
    case PAYLOAD_DATE_PART: return key_of((uint64_t)n->date_part);
    case PAYLOAD_OCCASION: return key_of(n->occasion);
    case PAYLOAD_LIST: return key_of(n->list);
    case PAYLOAD_JUDGEMENT: return key_of(n->judgement);
    case PAYLOAD_NEAR: return key_of_span(n->near.within, (uint64_t)n->near.side);
    case PAYLOAD_ENDS: return key_of_ends(&n->window);
    case PAYLOAD_ROW_COUNT: return key_of((uint64_t)n->newest);
    case PAYLOAD_FOLD: return key_of(has_operands(&n->fold));
    case PAYLOAD_UNIT_FOLD: return key_of_units(has_operands(&n->fold), &n->fold);
    case PAYLOAD_QUANTILE_FOLD: return key_of_share(has_operands(&n->fold), &n->fold);
    case PAYLOAD_UNITED_FOLD: return key_of_united(&n->united);
    case PAYLOAD_SCRIPT:
        return (payload_key){.words = {n->script.function, n->script.takes_any}};
    }
    return (payload_key){0};
}

bool node_payload_equals(const node *a, const node *b)
{
    payload_key x = node_payload_key(a), y = node_payload_key(b);
    return memcmp(x.words, y.words, sizeof x.words) == 0 && slice_equals(x.text, y.text);
}

static void keep_text(slice *s, arena *memory)
{
    if (s->size > 0)
        s->data = arena_copy_text(memory, s->data, s->size);
}

void node_keep_texts(node *n, arena *memory)
{
    payload_family family = node_payload(n->kind);
    if (family == PAYLOAD_CONSTANT)
        keep_text(&n->constant.text, memory);
    else if (family == PAYLOAD_SALT)
        keep_text(&n->salt, memory);
}
