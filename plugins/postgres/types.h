/* SPDX-License-Identifier: MIT
 *
 * types -- the numbers of PostgreSQL's types, which never change; they stand in its pg_type.dat.
 */
#ifndef POSTGRES_TYPES_H
#define POSTGRES_TYPES_H

enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_JSON = 114,
    TYPE_XML = 142,
    TYPE_POINT = 600,
    TYPE_LINE = 628,
    TYPE_CIDR = 650,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_CIRCLE = 718,
    TYPE_MACADDR8 = 774,
    TYPE_MONEY = 790,
    TYPE_MACADDR = 829,
    TYPE_INET = 869,
    TYPE_CHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_DATE = 1082,
    TYPE_CLOCK = 1083, /* "time" */
    TYPE_TIMESTAMP = 1114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_INTERVAL = 1186,
    TYPE_CLOCKTZ = 1266,
    TYPE_NUMERIC = 1700,
    TYPE_UUID = 2950,
    TYPE_JSONB = 3802,
};

/* The digits behind the point that numeric(12, 2) keeps, by its modifier: 2. -1: any. */
static inline int type_numeric_scale(int modifier)
{
    return modifier < 4 ? -1 : (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
}

#endif
