/* SPDX-License-Identifier: MIT
 *
 * text_looks -- what a text of the data looks like: one in quotes, a list of such, a number of which it can
 * or cannot be that its point stands between thousands.
 */
#ifndef ENGINE_TEXT_LOOKS_H
#define ENGINE_TEXT_LOOKS_H

#include <stdbool.h>

#include "base/text.h"

typedef enum quoted_look {
    QUOTED_NOT,
    QUOTED_ONE,   /* "vip" */
    QUOTED_LIST,  /* "vip","news": no comma stands inside of an item */
    QUOTED_OTHERS /* it begins and ends with a quote, and has others */
} quoted_look;

quoted_look text_quoted_look(slice s);

/* What the point of a number is, as far as its value, written with as few digits as it needs, tells. A value
 * does not tell how many zeros stood behind its digits: 1.08 may have been 1.080. */
typedef enum point_look {
    POINT_NONE,    /* 300: there is no point */
    POINT_GROUP,   /* 1.234: three digits stand behind it */
    POINT_EITHER,  /* 49.9 */
    POINT_DECIMAL, /* 0.5, 1070.1, 1.2345: no groups of three digits */
} point_look;

point_look text_point_look(slice number);

#endif
