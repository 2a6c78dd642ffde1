/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a segment file: parsing never crashes, what parses keeps its meaning when
 * it is formatted, and what has a meaning becomes a graph and a plan. With libFuzzer (-fsanitize=fuzzer) it looks
 * for new inputs; else play.c plays back the files and folders that are its arguments.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "lang/format.h"
#include "graph/print.h"
#include "lang/parse.h"
#include "support/dump.h"
#include "support/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parse, dump and format; true when there was no mistake. */
static bool read_rules(const char *data, size_t size, text *dump, text *formatted)
{
    source *origin = source_new("fuzz.seg", data, size);
    arena *memory = arena_new();
    diags *found = diags_new();
    ast_file *file = parse_segments(origin, memory, found);
    ast_dump(file, dump);
    format_file(file, formatted);
    text messages;
    text_init(&messages);
    diags_append(found, &messages, false);
    text_done(&messages);
    bool is_good = !diags_has_errors(found);
    diags_free(found);
    arena_free(memory);
    source_free(origin);
    return is_good;
}

static void insist(bool holds, const char *what, const text *formatted)
{
    if (holds)
        return;
    fprintf(stderr, "%s:\n%s\n", what, formatted->data);
    abort();
}

/* A shop with a kind of everything, made once. */
static const world *shop(void)
{
    static world *w;
    if (w != NULL)
        return w;
    w = world_new("Europe/Berlin");
    world_kind(w, "purchase",
               "amount decimal(2), sku string, category string, price number, "
               "quantity int, items [sku string, price decimal(2)], tags [string]");
    world_kind(w, "login", "device string, at_home bool, stay duration");
    world_kind(w, "visit", "url string, due date, seen time");
    world_trait(w, "country", "string");
    world_trait(w, "birthday", "date");
    world_trait(w, "plan", "string");
    world_trait(w, "nps", "int");
    world_trait(w, "signed_up", "time");
    return w;
}

static void compile(const char *rules)
{
    world_rules *r = world_compile(shop(), rules);
    text out;
    text_init(&out);
    if (r->graph != NULL)
        graph_print_text(r->graph, &out);
    text_done(&out);
    world_rules_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    text dump, formatted, dump_again, formatted_again;
    text_init(&dump);
    text_init(&formatted);
    text_init(&dump_again);
    text_init(&formatted_again);
    if (read_rules((const char *)data, size, &dump, &formatted)) {
        bool is_good =
            read_rules(formatted.data, formatted.size, &dump_again, &formatted_again);
        insist(is_good, "the formatted text does not parse", &formatted);
        insist(strcmp(dump.data, dump_again.data) == 0,
               "the formatted text means something else", &formatted);
        insist(strcmp(formatted.data, formatted_again.data) == 0,
               "formatting is not settled", &formatted);
        compile(formatted.data);
    }
    text_done(&dump);
    text_done(&formatted);
    text_done(&dump_again);
    text_done(&formatted_again);
    return 0;
}
