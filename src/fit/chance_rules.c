/* SPDX-License-Identifier: MIT
 *
 * Texts of rules.
 */
#include "fit/chance_rules.h"

void fit_chance_rules_append(const config_fit *f, const char *prefix, const char *label,
                             fit_words *words, text *out)
{
    text_append_format(out, "segment %s_label when ", prefix);
    fit_words_note(words, &f->label, out);
    text_append_format(out, "%s\nsegment %s_among when ", label, prefix);
    if (f->among.text)
        fit_words_append(words, &f->among, out);
    else
        text_append(out, "1 = 1");
    text_append_char(out, '\n');
    for (size_t i = 0; i < f->feature_count; i++) {
        text_append_format(out, "score %s_%s = ", prefix, f->features[i].name.text);
        fit_words_append(words, &f->features[i].value, out);
        text_append_char(out, '\n');
    }
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
