/* SPDX-License-Identifier: MIT
 *
 * shop -- makes up the history of one customer of a shop, row by row.
 *
 * A person's rows depend on the seed, the person's number and the dates only, so they
 * stay the same when more people are asked for.
 */
#ifndef SYNTHETIC_SHOP_H
#define SYNTHETIC_SHOP_H

#include <stdbool.h>
#include <stdint.h>

/* The kinds of events. */
#define SHOP_EVENTS(X)                                                                   \
    X(SIGNUP, "signup")                                                                  \
    X(PAGE_VIEW, "page_view")                                                            \
    X(ADD_TO_CART, "add_to_cart")                                                        \
    X(CHECKOUT, "checkout")                                                              \
    X(PURCHASE, "purchase")                                                              \
    X(REFUND, "refund")                                                                  \
    X(EMAIL_SENT, "email_sent")                                                          \
    X(EMAIL_OPEN, "email_open")                                                          \
    X(EMAIL_CLICK, "email_click")                                                        \
    X(APP_OPEN, "app_open")

typedef enum shop_event {
#define X(id, name) SHOP_EVENT_##id,
    SHOP_EVENTS(X)
#undef X
        SHOP_NO_EVENT /* the row only brings traits */
} shop_event;

extern const char *const shop_event_names[SHOP_NO_EVENT];

/* The values that a row can have. */
typedef enum shop_field {
    SHOP_PERSON,
    SHOP_EVENT,
    SHOP_TIME,
    SHOP_URL,
    SHOP_SECTION,
    SHOP_DEVICE,
    SHOP_SKU,
    SHOP_CATEGORY,
    SHOP_PRICE,
    SHOP_VALUE,
    SHOP_ORDER_ID,
    SHOP_AMOUNT,
    SHOP_QUANTITY,
    SHOP_DISCOUNT,
    SHOP_STORE,
    SHOP_CAMPAIGN,
    SHOP_COUNTRY,
    SHOP_BIRTHDAY,
    SHOP_PLAN,
    SHOP_SUBSCRIBED,
    SHOP_SIGNED_UP,
    SHOP_NPS,
    SHOP_FIELD_COUNT
} shop_field;

/* How a value is to be taken. CENTS: the amount times 100. INSTANT: microseconds since
 * 1970. DATE: days since 1970. */
typedef enum shop_kind {
    KIND_TEXT,
    KIND_CENTS,
    KIND_WHOLE,
    KIND_INSTANT,
    KIND_DATE,
    KIND_TRUTH
} shop_kind;

/* A column that can be asked for: the field, in rows of this event only (SHOP_NO_EVENT:
 * in all rows that have it). */
typedef struct shop_column {
    const char *name;
    shop_event event;
    shop_field field;
    shop_kind kind;
} shop_column;

#define SHOP_COLUMN_COUNT 28
extern const shop_column shop_columns[SHOP_COLUMN_COUNT];

typedef struct shop_value {
    const char *text; /* TEXT; until the row was taken */
    int64_t number;   /* all others */
} shop_value;

/* One row; a field that is not set is missing. */
typedef struct shop_row {
    shop_event event;
    bool is_set[SHOP_FIELD_COUNT];
    shop_value values[SHOP_FIELD_COUNT];
} shop_row;

/* The span of the histories: [first_day, end_day), in days since 1970. */
typedef struct shop {
    uint64_t seed;
    int64_t first_day, end_day;
    void (*take)(void *context, const shop_row *row);
    void *context;
} shop;

/* Make all rows of person `number` (from 1). */
void shop_make_person(const shop *s, uint64_t number);

/* Calendar. shop_parse_date reads "2026-01-01". */
bool shop_parse_date(const char *text, int64_t *out);
void shop_civil(int64_t day, int64_t *year, unsigned *month, unsigned *day_of_month);

#endif
