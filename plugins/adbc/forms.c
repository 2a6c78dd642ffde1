/* SPDX-License-Identifier: MIT
 *
 * Formats of the Arrow C data interface.
 */
#include "adbc/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- formats ----------------------------------------------------------------------- */

static form whole_of(const char *format)
{
    static const char letters[] = "cCsSiIlL";
    size_t at = (size_t)(strchr(letters, format[0]) - letters);
    return (form){.kind = at % 2 == 0 ? FORM_INT : FORM_UINT, .width = 1u << at / 2};
}

static form text_of(const char *format)
{
    bool is_bytes = format[0] == 'z' || format[0] == 'Z';
    bool is_large = format[0] == 'U' || format[0] == 'Z';
    return (form){.kind = FORM_TEXT, .width = is_large ? 8 : 4, .is_bytes = is_bytes};
}

/* d:PRECISION,SCALE or d:PRECISION,SCALE,BITS */
static form decimal_of(const char *format)
{
    int precision = 0, scale = 0;
    unsigned bits = 128;
    if (sscanf(format, "d:%d,%d,%u", &precision, &scale, &bits) < 2 || scale < -100 ||
        scale > 100 || (bits != 32 && bits != 64 && bits != 128 && bits != 256))
        return (form){.kind = FORM_OTHER};
    return (form){.kind = FORM_DECIMAL, .width = bits / 8, .scale = scale};
}

static int64_t units_per_second(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return 1000;
    case 'u': return 1000000;
    case 'n': return 1000000000;
    default: return 0;
    }
}

static form moment_of(const char *format)
{
    int64_t units = format[1] != '\0' ? units_per_second(format[2]) : 0;
    switch (format[1]) {
    case 'd':
        return (form){.kind =
                          format[2] == 'D' || format[2] == 'm' ? FORM_DATE : FORM_OTHER,
                      .width = format[2] == 'm' ? 8 : 4};
    case 's':
        return (form){.kind = units && format[3] == ':' ? FORM_TIME : FORM_OTHER,
                      .width = 8,
                      .per_second = units,
                      .has_zone = units && format[3] == ':' && format[4] != '\0'};
    case 'D':
        return (form){
            .kind = units ? FORM_SPAN : FORM_OTHER, .width = 8, .per_second = units};
    case 'i':
        return (form){.kind = FORM_MONTHS_DAYS,
                      .width = format[2] == 'n'   ? 16
                               : format[2] == 'D' ? 8
                                                  : 4};
    default: return (form){.kind = FORM_OTHER};
    }
}

static form nested_of(const char *format)
{
    switch (format[1]) {
    case 'l': return (form){.kind = FORM_LIST, .width = 4};
    case 'L': return (form){.kind = FORM_LIST, .width = 8};
    case 'w':
        return (form){.kind = FORM_LIST,
                      .layout = LAYOUT_FIXED,
                      .width = (unsigned)atoi(format[2] == ':' ? format + 3 : "0")};
    case 's': return (form){.kind = FORM_RECORD};
    default: return (form){.kind = FORM_OTHER};
    }
}

static form plain_of(const char *format)
{
    switch (format[0]) {
    case 'n': return (form){.kind = FORM_NONE};
    case 'b': return (form){.kind = FORM_BOOL};
    case 'e': return (form){.kind = FORM_FLOAT, .width = 2};
    case 'f': return (form){.kind = FORM_FLOAT, .width = 4};
    case 'g': return (form){.kind = FORM_FLOAT, .width = 8};
    case 'd': return decimal_of(format);
    case 'u':
    case 'U':
    case 'z':
    case 'Z': return text_of(format);
    case 'v':
        return (form){
            .kind = FORM_TEXT, .layout = LAYOUT_VIEWS, .is_bytes = format[1] == 'z'};
    case 'w':
        return (form){.kind = FORM_TEXT,
                      .layout = LAYOUT_FIXED,
                      .width = (unsigned)atoi(format[1] == ':' ? format + 2 : "0"),
                      .is_bytes = true};
    case 't': return moment_of(format);
    case '+': return nested_of(format);
    default:
        return format[0] != '\0' && strchr("cCsSiIlL", format[0])
                   ? whole_of(format)
                   : (form){.kind = FORM_OTHER};
    }
}

form form_of(const struct ArrowSchema *schema)
{
    const char *format = form_format(schema);
    if (!schema->dictionary)
        return plain_of(format);
    form codes = plain_of(format), f = form_of(schema->dictionary);
    bool is_coded = codes.kind == FORM_INT || codes.kind == FORM_UINT;
    if (!is_coded || f.code_width > 0 || f.kind == FORM_LIST || f.kind == FORM_RECORD)
        return (form){.kind = FORM_OTHER};
    f.code_width = codes.width;
    f.are_codes_signed = codes.kind == FORM_INT;
    return f;
}

const char *form_format(const struct ArrowSchema *schema)
{
    return schema->format ? schema->format : "";
}

/* ---- what they can be -------------------------------------------------------------- */

static bool suits_items(const struct ArrowSchema *item, const carpel_column *wanted,
                        const char **reason)
{
    form f = form_of(item);
    if (wanted->is_plain)
        return form_suits(&f, item, &wanted->items[0], reason);
    *reason = "its items are no records";
    if (f.kind != FORM_RECORD || f.code_width > 0)
        return false;
    for (size_t i = 0; i < wanted->item_count; i++)
        for (int64_t c = 0; c < item->n_children; c++) {
            const struct ArrowSchema *child = item->children[c];
            form g = form_of(child);
            if (child->name && strcmp(child->name, wanted->items[i].from) == 0 &&
                !form_suits(&g, child, &wanted->items[i], reason))
                return false;
        }
    return true;
}

bool form_suits(const form *f, const struct ArrowSchema *schema,
                const carpel_column *wanted, const char **reason)
{
    bool is_time = f->kind == FORM_TIME || f->kind == FORM_DATE;
    bool is_span = f->kind == FORM_SPAN || f->kind == FORM_MONTHS_DAYS;
    *reason = "values of this Arrow type cannot be read; in a query, cast(... as text)";
    if (f->kind == FORM_OTHER || f->kind == FORM_RECORD)
        return false;
    if (f->kind == FORM_NONE)
        return true;
    *reason = wanted->type == CARPEL_LIST ? "it holds no lists" : "it holds lists";
    if ((wanted->type == CARPEL_LIST) != (f->kind == FORM_LIST))
        return false;
    if (wanted->type == CARPEL_LIST)
        return schema->n_children == 1 &&
               suits_items(schema->children[0], wanted, reason);
    *reason = "it says by itself which time it is: leave \"format\" out";
    if (wanted->format && (wanted->type == CARPEL_TIME || wanted->type == CARPEL_DATE) &&
        is_time)
        return false;
    *reason = "it is an interval, which is only a duration";
    return !is_span || wanted->type == CARPEL_DURATION;
}

/* ---- for people -------------------------------------------------------------------- */

static const char *unit_word(int64_t per_second)
{
    return per_second == 1         ? "s"
           : per_second == 1000    ? "ms"
           : per_second == 1000000 ? "us"
                                   : "ns";
}

static void write_word(const form *f, const struct ArrowSchema *schema, char *out,
                       size_t room)
{
    int bits = (int)f->width * 8;
    switch (f->kind) {
    case FORM_NONE: snprintf(out, room, "null"); break;
    case FORM_BOOL: snprintf(out, room, "bool"); break;
    case FORM_INT: snprintf(out, room, "int%d", bits); break;
    case FORM_UINT: snprintf(out, room, "uint%d", bits); break;
    case FORM_FLOAT: snprintf(out, room, "float%d", bits); break;
    case FORM_DECIMAL: snprintf(out, room, "decimal of scale %d", f->scale); break;
    case FORM_TEXT: snprintf(out, room, f->is_bytes ? "binary" : "text"); break;
    case FORM_DATE: snprintf(out, room, "date"); break;
    case FORM_TIME:
        snprintf(out, room, "timestamp(%s)%s", unit_word(f->per_second),
                 f->has_zone ? " with a zone" : "");
        break;
    case FORM_SPAN: snprintf(out, room, "duration(%s)", unit_word(f->per_second)); break;
    case FORM_MONTHS_DAYS: snprintf(out, room, "interval"); break;
    case FORM_LIST: snprintf(out, room, "list"); break;
    case FORM_RECORD: snprintf(out, room, "struct"); break;
    case FORM_OTHER:
        snprintf(out, room, "Arrow's type \"%.20s\"", form_format(schema));
        break;
    }
}

stored_type form_stored(const form *f, const struct ArrowSchema *schema,
                        char word[FORM_WORD_SIZE])
{
    static const stored_kind kinds[] = {
        [FORM_NONE] = STORED_ANY,         [FORM_BOOL] = STORED_BOOL,
        [FORM_INT] = STORED_WHOLE,        [FORM_UINT] = STORED_WHOLE,
        [FORM_FLOAT] = STORED_FLOAT,      [FORM_DECIMAL] = STORED_DECIMAL,
        [FORM_TEXT] = STORED_TEXT,        [FORM_DATE] = STORED_DATE,
        [FORM_TIME] = STORED_TIME,        [FORM_SPAN] = STORED_SPAN,
        [FORM_MONTHS_DAYS] = STORED_SPAN, [FORM_LIST] = STORED_ANY,
        [FORM_RECORD] = STORED_ANY,       [FORM_OTHER] = STORED_ANY};
    if (f->kind == FORM_LIST && schema->n_children == 1) {
        form item = form_of(schema->children[0]);
        stored_type stored = form_stored(&item, schema->children[0], word);
        size_t used = strlen(word);
        snprintf(word + used, FORM_WORD_SIZE - used, "[]");
        return stored;
    }
    write_word(f, schema, word, FORM_WORD_SIZE);
    return (stored_type){kinds[f->kind], f->scale, word};
}
