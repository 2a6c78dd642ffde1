/* SPDX-License-Identifier: MIT
 *
 * Bytes of values.
 */
#include "postgres/binary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool binary_read_int(const char *data, size_t size, int64_t *out)
{
    switch (size) {
    case 2: *out = binary_int16(data); return true;
    case 4: *out = binary_int32(data); return true;
    case 8: *out = binary_int64(data); return true;
    default: return false;
    }
}

static float float4_of(const char *data)
{
    float value;
    int32_t bits = binary_int32(data);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double float8_of(const char *data)
{
    double value;
    int64_t bits = binary_int64(data);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Quarters and whole numbers, as most are, have the same digits either way. */
static double number_of_float4(float value)
{
    char digits[32];
    const float quarters = value * 4;
    if (fabsf(value) < 10000 && quarters == (float)(int32_t)quarters)
        return value;
    for (int precision = 6; precision <= 9; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, (double)value);
        if (strtof(digits, NULL) == value)
            break;
    }
    return strtod(digits, NULL);
}

bool binary_read_float(const char *data, size_t size, double *out)
{
    if (size == sizeof(float))
        *out = number_of_float4(float4_of(data));
    else if (size == sizeof(double))
        *out = float8_of(data);
    return size == sizeof(float) || size == sizeof(double);
}

/* Times of the last years that PostgreSQL has are no 64 bits since 1970. */
bool binary_read_time(const char *data, size_t size, int64_t *out)
{
    int64_t value = size == 8 ? binary_int64(data) : INT64_MAX;
    bool is_infinite = value == INT64_MAX || value == INT64_MIN;
    if (__builtin_add_overflow(value, BINARY_DAYS_TO_2000 * BINARY_MICROSECONDS_OF_DAY,
                               out))
        *out = INT64_MAX;
    return !is_infinite;
}

bool binary_read_date(const char *data, size_t size, int64_t *out)
{
    int32_t value = size == 4 ? binary_int32(data) : INT32_MAX;
    *out = (int64_t)value + BINARY_DAYS_TO_2000;
    return value != INT32_MAX && value != INT32_MIN;
}

/* Microseconds, days and months. */
interval_kind binary_read_interval(const char *data, size_t size, int64_t *out)
{
    if (size != 16)
        return INTERVAL_BROKEN;
    if (binary_int32(data + 12) != 0)
        return INTERVAL_CALENDAR;
    int64_t days;
    bool is_too_long = __builtin_mul_overflow(binary_int32(data + 8),
                                              BINARY_MICROSECONDS_OF_DAY, &days) ||
                       __builtin_add_overflow(binary_int64(data), days, out);
    return is_too_long ? INTERVAL_TOO_LONG : INTERVAL_GOOD;
}
