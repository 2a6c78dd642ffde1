/* SPDX-License-Identifier: MIT
 *
 * Databases differ in what ends a text in quotes, so texts with such signs are no places.
 */
#include "adbc/cursor.h"

#include <string.h>

bool cursor_check(const form *f, const char *column, carpel_error *err)
{
    switch (f->kind) {
    case FORM_INT:
    case FORM_UINT:
    case FORM_FLOAT:
    case FORM_DECIMAL:
    case FORM_DATE:
    case FORM_TIME: return true;
    case FORM_TEXT:
        if (!f->is_bytes)
            return true;
        break;
    default: break;
    }
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the column \"%s\" cannot be the growing one: its values are no "
                       "numbers, times, dates or texts",
                       column);
}

void cursor_write(const form *f, const value *v, buffer *out)
{
    bool is_moment = f->kind == FORM_DATE || f->kind == FORM_TIME;
    form exact = *f;
    if (f->kind == FORM_FLOAT)
        exact.width =
            8; /* the shortest text of a float of 4 bytes is below or above it */
    buffer_add(out, is_moment ? "t" : f->kind == FORM_TEXT ? "s" : "n");
    value_write(&exact, v, out);
}

bool cursor_add_literal(const char *cursor, buffer *out, carpel_error *err)
{
    static const char digits[] = "+-.0123456789e", of_time[] = "+-.0123456789: ";
    char kind = cursor[0];
    const char *rest = kind == '\0' ? cursor : cursor + 1;
    size_t plain = kind == 'n'   ? strspn(rest, digits)
                   : kind == 't' ? strspn(rest, of_time)
                   : kind == 's' ? strcspn(rest, "'\\")
                                 : 0;
    if (rest[0] == '\0' && kind != 's')
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the place \"%s\" is none that this plugin kept", cursor);
    if (rest[plain] != '\0')
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the growing column had the value \"%.100s\" last, which cannot be "
            "written in a statement that any database reads alike",
            rest);
    buffer_add(out, kind == 'n' ? "" : "'");
    buffer_add(out, rest);
    buffer_add(out, kind == 'n' ? "" : "'");
    return true;
}
