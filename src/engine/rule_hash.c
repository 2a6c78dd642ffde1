/* SPDX-License-Identifier: MIT
 *
 * The digests of rules, put together.
 */
#include "engine/rule_hash.h"

#include <string.h>

#include "engine/parts.h"
#include "graph/rule_digest.h"

void engine_append_rule_hash(const engine *e, const char *const *names, size_t count,
                             text *out)
{
    rule_calendar calendar = {zone_name(e->zone), e->week_start};
    rule_digests *digests = rule_digests_new(e->graph, &calendar);
    digest_input in;
    digest_begin(&in);
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < e->graph->rule_count; i++)
            if (strcmp(e->graph->rules[i].name, names[n]) == 0)
                digest_put(&in, rule_digests_of(digests, i));
    digest_append(digest_end(&in), out);
    rule_digests_free(digests);
}
