/* SPDX-License-Identifier: MIT
 *
 * Types of PostgreSQL for the check of a source.
 */
#include "common/fit.h"
#include "postgres/source.h"
#include "postgres/types.h"

/* A type that is not here has texts which may be anything, such as an enum's or JSON's. */
static const struct {
    Oid number;
    stored_kind kind;
} kinds[] = {{TYPE_BOOL, STORED_BOOL},      {TYPE_INT2, STORED_WHOLE},
             {TYPE_INT4, STORED_WHOLE},     {TYPE_INT8, STORED_WHOLE},
             {TYPE_OID, STORED_WHOLE},      {TYPE_FLOAT4, STORED_FLOAT},
             {TYPE_FLOAT8, STORED_FLOAT},   {TYPE_NUMERIC, STORED_DECIMAL},
             {TYPE_DATE, STORED_DATE},      {TYPE_TIMESTAMP, STORED_TIME},
             {TYPE_INTERVAL, STORED_SPAN},  {TYPE_TIMESTAMPTZ, STORED_TIME},
             {TYPE_CLOCK, STORED_CLOCK},    {TYPE_CLOCKTZ, STORED_OTHER},
             {TYPE_UUID, STORED_OTHER},     {TYPE_MONEY, STORED_OTHER},
             {TYPE_INET, STORED_OTHER},     {TYPE_CIDR, STORED_OTHER},
             {TYPE_MACADDR, STORED_OTHER},  {TYPE_POINT, STORED_OTHER},
             {TYPE_MACADDR8, STORED_OTHER}, {TYPE_LINE, STORED_OTHER},
             {TYPE_CIRCLE, STORED_OTHER},   {TYPE_TEXT, STORED_TEXT},
             {TYPE_VARCHAR, STORED_TEXT},   {TYPE_CHAR, STORED_TEXT}};

/* Of a column, or of the items of an array. A number without a scale has as many digits as somebody put there, which only
 * the rows tell. */
static stored_type stored_of(const column_type *type)
{
    Oid number = type->item ? type->item : type->number;
    stored_type out = {STORED_OPAQUE, type_numeric_scale(type->modifier), type->name};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].number == number)
            out.kind = kinds[i].kind;
    return out;
}

bool postgres_fits(const postgres_source *s, const column_type *type, const char *column,
                   const carpel_column *wanted, carpel_error *err)
{
    char room[FIT_WORD_SIZE];
    stored_type stored = stored_of(type);
    return fit_check(s->host, &stored, wanted, column, s->place,
                     fit_sql_word(wanted, room), err);
}
