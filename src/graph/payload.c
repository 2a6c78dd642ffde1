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

static payload_key key_of_fold(const fold_details *f, int64_t one, int64_t other)
{
    return (payload_key){
        .words = {f->has_mask, f->has_value, (uint64_t)one, (uint64_t)other}};
}

static payload_key key_of_united(const united_fold *u)
{
    uint64_t head = u->kind * 4u + u->details.has_mask * 2u + u->details.has_value;
    return (payload_key){.words = {head, (uint64_t)u->details.share.part,
                                   (uint64_t)u->details.share.whole}};
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
    case PAYLOAD_FOLD: return key_of_fold(&n->fold, 0, 0);
    case PAYLOAD_RUN_FOLD:
        return key_of_fold(&n->fold, n->fold.run.least, n->fold.run.most);
    case PAYLOAD_QUANTILE_FOLD:
        return key_of_fold(&n->fold, n->fold.share.part, n->fold.share.whole);
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
