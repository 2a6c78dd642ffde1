/* SPDX-License-Identifier: MIT
 *
 * Words for truth are compared without letter case, as they are read.
 */
#include "value/cleaning_checks.h"

#include <string.h>
#include <strings.h>

bool cleaning_has_one_sign(const cleaning *c)
{
    const clean_setting *thousands = &c->settings[CLEAN_THOUSANDS];
    bool is_one = false;
    for (size_t i = 0; cleaning_does(c, CLEAN_DECIMAL) && i < thousands->text_count; i++)
        is_one =
            is_one || strcmp(cleaning_word(c, CLEAN_DECIMAL), thousands->texts[i]) == 0;
    return is_one;
}

const char *cleaning_find_both(const cleaning *c)
{
    const clean_setting *yes = &c->settings[CLEAN_TRUE_WORDS],
                        *no = &c->settings[CLEAN_FALSE_WORDS];
    for (size_t i = 0; i < yes->text_count; i++)
        for (size_t k = 0; k < no->text_count; k++)
            if (strcasecmp(yes->texts[i], no->texts[k]) == 0)
                return yes->texts[i];
    return NULL;
}
