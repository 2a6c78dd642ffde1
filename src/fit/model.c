/* SPDX-License-Identifier: MIT
 *
 * The table of models.
 */
#include "fit/model.h"

#include <string.h>

static const fit_model models[] = {
#define SHAPE(name)                                                                      \
    {                                                                                    \
        name, false                                                                      \
    }
#define SCALE(name)                                                                      \
    {                                                                                    \
        name, true                                                                       \
    }
#define FIT_MODEL(name, rows, source, ...)                                               \
    {#name, "lib/" #name ".lua", source, rows, {__VA_ARGS__}},
#include "config/fit_models.def"
};

const fit_model *fit_model_find(const char *name)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    return NULL;
}

size_t fit_model_parameter_count(const fit_model *m)
{
    size_t count = 0;
    while (m->parameters[count].name)
        count++;
    return count;
}

size_t fit_rows_columns(fit_rows rows)
{
    return rows == FIT_VALUES ? 2 : 3;
}
