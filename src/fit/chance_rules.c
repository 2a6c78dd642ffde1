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
    if (f->treatment.text) {
        text_append_format(out, "segment %s_treatment when ", prefix);
        fit_words_append(words, &f->treatment, out);
        text_append_char(out, '\n');
    }
    for (size_t i = 0; i < f->feature_count; i++) {
        text_append_format(out, "score %s_%s = ", prefix, f->features[i].name.text);
        fit_words_append(words, &f->features[i].value, out);
        text_append_char(out, '\n');
    }
}

/* FIT.FUNCTION(FIT.PREFIXNAME(VALUE), ...), the features indented by so many places. */
static void append_call(const config_fit *f, const char *function, const char *prefix,
                        int indent, text *out)
{
    const char *name = f->name.text;
    text_append_format(out, "%s.%s(", name, function);
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "%s\n%*s%s.%s%s(%s)", i > 0 ? "," : "", indent, "", name,
                           prefix, f->features[i].name.text, f->features[i].value.text);
    text_append(out, ")");
}

/* FIT.chance(VALUE, ...) */
static void append_values(const config_fit *f, text *out)
{
    text_append_format(out, "%s.chance(", f->name.text);
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "%s\n  %s", i > 0 ? "," : "", f->features[i].value.text);
    text_append(out, ")");
}

static void append_score(const config_fit *f, text *out)
{
    text_append_format(out, "use \"%s\"\nscore %s = ", f->file.text, f->name.text);
}

void fit_chance_score_append(const config_fit *f, bool has_parts, text *out)
{
    append_score(f, out);
    if (has_parts)
        append_call(f, "chance", "", 2, out);
    else
        append_values(f, out);
    text_append(out, "\n");
}

void fit_uplift_score_append(const config_fit *f, bool has_two_models, text *out)
{
    append_score(f, out);
    if (!has_two_models) {
        append_call(f, "uplift", "", 2, out);
    } else {
        text_append_format(out, "%s.uplift(\n  ", f->name.text);
        append_call(f, "treated", "treated_", 4, out);
        text_append(out, ",\n  ");
        append_call(f, "untreated", "untreated_", 4, out);
        text_append(out, ")");
    }
    text_append(out, "\n");
}
