/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a project file: reading never crashes, and what cannot be read is said. With
 * libFuzzer (-fsanitize=fuzzer) it looks for new inputs; else play.c plays files back.
 */
#include <stdint.h>
#include <stdlib.h>

#include "config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every node is visited, so that the sanitizers see it. */
static size_t weigh(const yaml_node *node)
{
    size_t weight = 1;
    for (const char *c = node->kind == YAML_SCALAR ? node->text : ""; *c; c++)
        weight++;
    for (size_t i = 0; i < node->count; i++)
        weight += weigh(node->items[i]);
    return weight;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    source *file = source_new("carpel.yaml", (const char *)data, size);
    arena *memory = arena_new();
    diags *found = diags_new();
    text messages;
    text_init(&messages);
    const yaml_node *root = yaml_parse(file, NULL, memory, found);
    if (!root && !diags_has_errors(found))
        abort();
    if (root && weigh(root) == 0)
        abort();
    diags_append(found, &messages, false);
    text_done(&messages);
    diags_free(found);
    arena_free(memory);
    source_free(file);
    return 0;
}
