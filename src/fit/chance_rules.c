/* SPDX-License-Identifier: MIT
 *
 * Texts of rules.
 */
#include "fit/chance_rules.h"

void fit_chance_rules_append(const config_fit *f, const char *prefix, const char *label,
                             text *out)
{
    text_append_format(out, "segment %s_label when %s\n", prefix, label);
    text_append_format(out, "segment %s_among when %s\n", prefix,
                       f->among.text ? f->among.text : "1 = 1");
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "score %s_%s = %s\n", prefix, f->features[i].name.text,
                           f->features[i].value.text);
}

void fit_chance_score_append(const config_fit *f, text *out)
{
    const char *name = f->name.text;
    text_append_format(out, "use \"%s\"\nscore %s = %s.chance(", f->file.text, name,
                       name);
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "%s\n  %s.%s(%s)", i > 0 ? "," : "", name,
                           f->features[i].name.text, f->features[i].value.text);
    text_append(out, ")\n");
}
