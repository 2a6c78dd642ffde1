/* SPDX-License-Identifier: MIT
 *
 * What the measuring programs do before they measure.
 */
#include "loaded.h"

#include <stdio.h>

int complain(const char *message)
{
    fprintf(stderr, "bench: %s\n", message);
    return 1;
}

bool loaded_open(loaded *l, const char *project, const char *as_of)
{
    carpel_error err;
    engine_load_options options = {0};
    *l = (loaded){.notes = diags_new()};
    l->engine = engine_open(project, l->notes);
    if (l->engine == NULL || !engine_compile(l->engine, l->notes)) {
        diags_print(l->notes, stderr, false);
        return false;
    }
    if (engine_read_time(l->engine, as_of, &l->as_of, &err) &&
        engine_load(l->engine, &options, &err))
        return true;
    complain(err.message);
    return false;
}

void loaded_close(loaded *l)
{
    engine_close(l->engine);
    diags_free(l->notes);
}
