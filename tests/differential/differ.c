/* SPDX-License-Identifier: MIT
 *
 * differ -- random rules on random histories: the engine, with one thread and with three, in
 * blocks of 1, 7 and 4,096 people and for each person alone, has to say what the slow reference says, for everyone.
 *
 *     differ --pairs 20000 --seed 1
 *     differ --pairs 1 --seed 1 --first 57 --show     # one world again, with its rules
 *     differ --loads --pairs 100000                   # each history from many loads, too
 *
 * A pair is one rule on one history. A difference is made small and printed as rules and a
 * list of events; the same seed and number make it again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "differential/accepted.h"
#include "differential/compare.h"
#include "differential/histories.h"
#include "differential/program.h"
#include "differential/shrink.h"
#include "value/value.h"

enum { RULES_A_BOOK = 24, HISTORIES_A_BOOK = 4, MOST_DIFFERENCES = 5 };

typedef struct options {
    unsigned long pairs, seed, first, most;
    const char *files;
    bool shows, always_loads;
} options;

typedef struct tally {
    unsigned long pairs, differences, rules, refused, given_up;
    unsigned long nodes[NODE_KIND_COUNT];
    unsigned long united[NODE_KIND_COUNT]; /* folds over several kinds of events */
    unsigned long domains[DOMAIN_SEQUENCE + 1];
    unsigned long codes[DIAG_CODE_COUNT];
    unsigned long said[CONSTRUCT_COUNT];
} tally;

/* A rule may be told of more than once. */
static void count_refused(void *context, const declaration *d, diag_code code)
{
    tally *t = context;
    (void)d;
    t->codes[code]++;
}

/* ---- one world ----------------------------------------------------------------------- */

static void print_case(const setting *s, const book *b, const difference *d,
                       unsigned long seed, unsigned long number)
{
    text t;
    text_init(&t);
    text_append_format(&t, "\n# a difference (--seed %lu --first %lu)\n# %s\n", seed,
                       number, d->words.data);
    book_append(b, &t);
    text_append_format(&t, "\n# judged at %lld: ", (long long)s->now);
    value_append_time(s->now, s->world->zone, &t);
    text_append_format(
        &t, " in %s, weeks start on day %d; %zu people%s:", zone_name(s->world->zone),
        (int)s->world->week_start, s->world->person_count,
        s->world->is_known_by_rows ? ", known by their rows" : "");
    for (size_t i = 0; i < s->world->person_count; i++)
        text_append_format(&t, " %s", s->world->people[i]);
    text_append(&t, "\n");
    world_append(s->world, &t);
    fputs(t.data, stdout);
    fflush(stdout); /* a later crash does not lose it */
    text_done(&t);
}

static void report(setting *s, book *b, const difference *found, const options *o,
                   unsigned long number)
{
    difference small = {0};
    text_init(&small.words);
    shrink_case(s->world, b, s->now, found->declaration);
    if (book_agrees(s->world, b, s->now, found->declaration, &small))
        text_append_format(&small.words, "(comes and goes) %s", found->words.data);
    print_case(s, b, &small, o->seed, number);
    text_done(&small.words);
}

static void count_nodes(const graph *g, tally *t)
{
    for (size_t i = 0; i < g->node_count; i++) {
        t->nodes[g->nodes[i]->kind]++;
        if (g->nodes[i]->kind == NODE_UNITED)
            t->united[g->nodes[i]->united.kind]++;
        t->domains[graph_domain(g, g->nodes[i]->domain)->kind]++;
    }
    for (size_t i = 0; i < g->judgement_count; i++)
        count_nodes(g->judgements[i].rules, t);
    if (g->accounts)
        count_nodes(g->accounts, t);
}

static void try_world(const options *o, unsigned long number, tally *t)
{
    random_source random = {o->seed * UINT64_C(0x100000001b3) + number};
    arena *memory = arena_new();
    book *b = memory_alloc_zero(sizeof *b);
    random_next(&random);
    setting s = setting_make(&random, memory);
    rules_make(b, &s.pools, RULES_A_BOOK, o->files, &random, memory);
    size_t said = book_rule_count(b);
    t->rules += said;
    world_rules *rules = book_compile(s.world, b, count_refused, t, o->shows);
    t->refused += said - book_rule_count(b);
    count_nodes(rules->graph, t);
    for (size_t c = 0; c < CONSTRUCT_COUNT; c++)
        t->said[c] += b->said[c];
    for (size_t h = 0; h < HISTORIES_A_BOOK; h++) {
        difference d = {0};
        text_init(&d.words);
        if (h > 0)
            setting_refill(&s, &random);
        size_t other_way = (size_t)random_below(&random, 1 << 16);
        if (o->always_loads)
            other_way = way_of_loads(other_way);
        bool agrees = engine_agrees(s.world, rules, s.now, NULL, other_way, &d);
        t->pairs += d.gave_up ? 0 : book_rule_count(b);
        t->given_up += d.gave_up;
        if (!agrees) {
            t->differences++;
            report(&s, b, &d, o, number);
        }
        text_done(&d.words);
        if (!agrees)
            break;
    }
    world_rules_free(rules);
    world_free(s.world);
    memory_free(b);
    arena_free(memory);
}

/* ---- the summary --------------------------------------------------------------------- */

static void print_constructs(const tally *t)
{
    size_t off = 0;
    for (size_t c = 0; c < CONSTRUCT_COUNT; c++)
        off += !construct_is_said((construct)c);
    printf("# constructs: %zu of %d are said;", (size_t)CONSTRUCT_COUNT - off,
           (int)CONSTRUCT_COUNT);
    for (size_t c = 0; c < CONSTRUCT_COUNT; c++)
        if (construct_is_said((construct)c) && t->said[c] == 0)
            printf(" %s never came up;", construct_name((construct)c));
    printf("\n");
}

static void print_coverage(const tally *t)
{
    size_t covered = 0;
    for (size_t k = 0; k < NODE_KIND_COUNT; k++)
        covered += t->nodes[k] > 0;
    printf("# node kinds: %zu of %d\n", covered, (int)NODE_KIND_COUNT);
    for (size_t k = 0; k < NODE_KIND_COUNT; k++)
        if (t->nodes[k] == 0)
            printf("#   never made: %s\n", node_kind_name((node_kind)k));
}

static void print_united(const tally *t)
{
    printf("# folds over several kinds of events:");
    for (size_t k = 0; k < NODE_KIND_COUNT; k++)
        if (t->united[k] > 0)
            printf(" %s %lu", node_kind_name((node_kind)k), t->united[k]);
    printf("\n");
}

static void print_domains(const tally *t)
{
    static const char *const names[] = {
        [DOMAIN_RUN] = "run",           [DOMAIN_PEOPLE] = "people",
        [DOMAIN_EVENTS] = "events",     [DOMAIN_TRAIT] = "trait",
        [DOMAIN_FILTER] = "filter",     [DOMAIN_UNION] = "union",
        [DOMAIN_SESSIONS] = "sessions", [DOMAIN_ITEMS] = "items",
        [DOMAIN_BESIDE] = "beside",     [DOMAIN_SEQUENCE] = "sequence"};
    printf("# nodes by their domain:");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        printf("%s %s %lu", k > 0 ? "," : "", names[k], t->domains[k]);
        if (t->domains[k] == 0)
            printf("\n#   never made: rows of the domain %s\n#", names[k]);
    }
    printf("\n");
}

static void print_refusals(const tally *t)
{
    printf("# %lu histories are too long for the reference\n", t->given_up);
    printf("# %lu of %lu rules refused", t->refused, t->rules);
    for (size_t c = 0; c < DIAG_CODE_COUNT; c++)
        if (t->codes[c] > 0)
            printf(", %s %lu", diag_code_text((diag_code)c), t->codes[c]);
    printf("\n");
}

static options read_options(int argc, char **argv)
{
    options o = {.pairs = 20000, .seed = 1, .most = MOST_DIFFERENCES};
    const program_option known[] = {
        {"--pairs", "N", .number = &o.pairs},
        {"--seed", "S", .number = &o.seed},
        {"--first", "K", .number = &o.first},
        {"--most", "DIFFERENCES", .number = &o.most},
        {"--files", "FOLDER", .text = &o.files},
        {"--loads", NULL, .flag = &o.always_loads},
        {"--show", NULL, .flag = &o.shows},
    };
    program_read_options("differ", known, sizeof known / sizeof *known, argc, argv);
    return o;
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    tally *t = memory_alloc_zero(sizeof *t);
    for (unsigned long number = o.first; t->pairs < o.pairs && t->differences < o.most;
         number++)
        try_world(&o, number, t);
    print_constructs(t);
    print_refusals(t);
    print_coverage(t);
    print_united(t);
    print_domains(t);
    printf("%lu pairs, %lu disagreements (seed %lu)\n", t->pairs, t->differences, o.seed);
    int status = t->differences > 0;
    memory_free(t);
    return status;
}
