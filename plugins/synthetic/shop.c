/* SPDX-License-Identifier: MIT
 *
 * The customers of a shop: who they are, and what they do day by day. A few are very busy
 * and most are not; visits come in bursts, follow the week and the season, and end when a
 * person loses interest; carts are left, orders repeated, some things sent back.
 */
#include "synthetic/shop.h"

#include <stdio.h>
#include <string.h>

#include "synthetic/random.h"

#define SECOND      INT64_C(1000000)
#define DAY_SECONDS INT64_C(86400)

enum { CATEGORY_COUNT = 6, ARTICLES = 40, CART_MAX = 6, PAGES_MAX = 25 };

const char *const shop_event_names[SHOP_NO_EVENT] = {
#define X(id, name) name,
    SHOP_EVENTS(X)
#undef X
};

const shop_column shop_columns[SHOP_COLUMN_COUNT] = {
    {"person", SHOP_NO_EVENT, SHOP_PERSON, KIND_TEXT},
    {"event", SHOP_NO_EVENT, SHOP_EVENT, KIND_TEXT},
    {"time", SHOP_NO_EVENT, SHOP_TIME, KIND_INSTANT},
    {"page_view.url", SHOP_EVENT_PAGE_VIEW, SHOP_URL, KIND_TEXT},
    {"page_view.section", SHOP_EVENT_PAGE_VIEW, SHOP_SECTION, KIND_TEXT},
    {"page_view.device", SHOP_EVENT_PAGE_VIEW, SHOP_DEVICE, KIND_TEXT},
    {"add_to_cart.sku", SHOP_EVENT_ADD_TO_CART, SHOP_SKU, KIND_TEXT},
    {"add_to_cart.category", SHOP_EVENT_ADD_TO_CART, SHOP_CATEGORY, KIND_TEXT},
    {"add_to_cart.price", SHOP_EVENT_ADD_TO_CART, SHOP_PRICE, KIND_CENTS},
    {"checkout.value", SHOP_EVENT_CHECKOUT, SHOP_VALUE, KIND_CENTS},
    {"purchase.order_id", SHOP_EVENT_PURCHASE, SHOP_ORDER_ID, KIND_TEXT},
    {"purchase.sku", SHOP_EVENT_PURCHASE, SHOP_SKU, KIND_TEXT},
    {"purchase.category", SHOP_EVENT_PURCHASE, SHOP_CATEGORY, KIND_TEXT},
    {"purchase.amount", SHOP_EVENT_PURCHASE, SHOP_AMOUNT, KIND_CENTS},
    {"purchase.quantity", SHOP_EVENT_PURCHASE, SHOP_QUANTITY, KIND_WHOLE},
    {"purchase.discount", SHOP_EVENT_PURCHASE, SHOP_DISCOUNT, KIND_CENTS},
    {"purchase.store", SHOP_EVENT_PURCHASE, SHOP_STORE, KIND_TEXT},
    {"refund.amount", SHOP_EVENT_REFUND, SHOP_AMOUNT, KIND_CENTS},
    {"email_sent.campaign", SHOP_EVENT_EMAIL_SENT, SHOP_CAMPAIGN, KIND_TEXT},
    {"email_open.campaign", SHOP_EVENT_EMAIL_OPEN, SHOP_CAMPAIGN, KIND_TEXT},
    {"email_click.campaign", SHOP_EVENT_EMAIL_CLICK, SHOP_CAMPAIGN, KIND_TEXT},
    {"app_open.device", SHOP_EVENT_APP_OPEN, SHOP_DEVICE, KIND_TEXT},
    {"user.country", SHOP_NO_EVENT, SHOP_COUNTRY, KIND_TEXT},
    {"user.birthday", SHOP_NO_EVENT, SHOP_BIRTHDAY, KIND_DATE},
    {"user.plan", SHOP_NO_EVENT, SHOP_PLAN, KIND_TEXT},
    {"user.subscribed", SHOP_NO_EVENT, SHOP_SUBSCRIBED, KIND_TRUTH},
    {"user.signed_up", SHOP_NO_EVENT, SHOP_SIGNED_UP, KIND_INSTANT},
    {"user.nps", SHOP_NO_EVENT, SHOP_NPS, KIND_WHOLE},
};

/* ---- what the shop is like ---------------------------------------------- */

typedef struct category {
    const char *name, *code;
    int64_t base_cents;
} category;

static const category categories[CATEGORY_COUNT] = {
    {"shoes", "SHO", 6900},     {"clothing", "CLO", 3900}, {"garden", "GAR", 2400},
    {"cosmetics", "COS", 1500}, {"toys", "TOY", 1900},     {"electronics", "ELE", 12900}};
static const uint8_t category_weights[CATEGORY_COUNT] = {22, 30, 10, 16, 12, 10};

static const char *const countries[] = {"DE", "US", "GB", "FR", "ES",
                                        "IT", "NL", "PL", "SE", "JP"};
static const uint8_t country_weights[] = {28, 20, 13, 10, 8, 7, 5, 4, 3, 2};
static const char *const plans[] = {"free", "plus", "pro"};
static const uint8_t plan_weights[] = {70, 22, 8};
static const char *const devices[] = {"mobile", "desktop", "tablet"};
static const uint8_t device_weights[] = {58, 34, 8};
static const char *const stores[] = {"berlin", "hamburg", "paris", "london"};

/* How busy the shop is, in percent of an average day: Monday first; January first. */
static const uint8_t weekday_percent[7] = {95, 90, 90, 95, 105, 115, 110};
static const uint8_t month_percent[12] = {90, 85, 90, 95,  95,  95,
                                          90, 90, 98, 105, 130, 137};

/* When visits begin, by the hour. */
static const uint8_t hour_weights[24] = {3,  1,  1,  1,  1,  2,  5,  9,  12, 14, 15, 16,
                                         18, 16, 15, 15, 16, 18, 22, 27, 30, 26, 16, 8};
static const uint32_t hour_total = 307;

/* ---- calendar ----------------------------------------------------------- */

static int64_t day_number(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year =
        (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

void shop_civil(int64_t day, int64_t *year, unsigned *month, unsigned *day_of_month)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day_of_month = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
    *month = (unsigned)(m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}

bool shop_parse_date(const char *text, int64_t *out)
{
    unsigned year, month, day;
    int end = 0, fields = sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &end);
    if (fields != 3 || end != 10 || text[10] != '\0' || month < 1 || month > 12 ||
        day < 1)
        return false;
    int64_t same_year;
    unsigned same_month, same_day;
    *out = day_number(year, month, day);
    shop_civil(*out, &same_year, &same_month, &same_day);
    return same_year == year && same_month == month && same_day == day;
}

/* 0 is Monday. */
static unsigned weekday(int64_t day)
{
    int64_t shifted = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (unsigned)(shifted < 0 ? shifted + 7 : shifted);
}

/* ---- one person --------------------------------------------------------- */

typedef struct line {
    size_t category;
    uint32_t article;
} line;

typedef struct person {
    const shop *shop;
    random_state random;
    uint64_t number;
    char id[24];
    int64_t joined;            /* seconds since 1970 */
    int64_t quits;             /* the day on which interest is lost */
    uint32_t visits_per_mille; /* days with a visit, of a thousand */
    uint32_t open_percent;     /* of the mails that are opened */
    uint32_t happiness;        /* 0 to 10 */
    size_t favourite, device, plan;
    bool has_app, is_subscribed;
    unsigned order_count;
    line cart[CART_MAX];
    size_t cart_size;
} person;

/* A row under construction, with room for texts that are made up. */
typedef struct draft {
    shop_row row;
    char texts[3][48];
} draft;

static draft begin(const person *p, shop_event event, int64_t second)
{
    draft d = {.row.event = event};
    d.row.is_set[SHOP_PERSON] = d.row.is_set[SHOP_TIME] = true;
    d.row.values[SHOP_PERSON].text = p->id;
    d.row.values[SHOP_TIME].number = second * SECOND;
    d.row.is_set[SHOP_EVENT] = event != SHOP_NO_EVENT;
    if (event != SHOP_NO_EVENT)
        d.row.values[SHOP_EVENT].text = shop_event_names[event];
    return d;
}

static void put_text(draft *d, shop_field field, const char *text)
{
    d->row.is_set[field] = true;
    d->row.values[field].text = text;
}

static void put_number(draft *d, shop_field field, int64_t number)
{
    d->row.is_set[field] = true;
    d->row.values[field].number = number;
}

/* Hand the row over, unless it lies behind the end of the history. */
static void end(const person *p, const draft *d)
{
    const shop *s = p->shop;
    if (d->row.values[SHOP_TIME].number < s->end_day * DAY_SECONDS * SECOND)
        s->take(s->context, &d->row);
}

static int64_t price_cents(line l)
{
    uint64_t mixed = l.category * 1000 + l.article;
    int64_t percent = 40 + (int64_t)(random_split(&mixed) % 160);
    int64_t cents = categories[l.category].base_cents * percent / 100;
    return cents - cents % 100 + 99;
}

static void put_article(draft *d, line l)
{
    const category *c = &categories[l.category];
    snprintf(d->texts[0], sizeof d->texts[0], "%s-%03u", c->code, l.article);
    put_text(d, SHOP_SKU, d->texts[0]);
    put_text(d, SHOP_CATEGORY, c->name);
}

/* A low number is likelier: some articles are liked by all. */
static line choose_article(person *p)
{
    random_state *r = &p->random;
    size_t chosen =
        random_percent(r, 55) ? p->favourite : random_pick(r, category_weights, 100);
    uint32_t u = random_below(r, 1024);
    return (line){chosen, u * u / 1024 * ARTICLES / 1024};
}

static int64_t second_of_day(random_state *r)
{
    int64_t hour = (int64_t)random_pick(r, hour_weights, hour_total);
    return hour * 3600 + random_below(r, 3600);
}

/* ---- buying ------------------------------------------------------------- */

static void refund(const person *p, random_state *r, int64_t second, int64_t cents)
{
    int64_t later = (2 + (int64_t)random_below(r, 24)) * DAY_SECONDS;
    draft d = begin(p, SHOP_EVENT_REFUND, second + later + random_below(r, 20000));
    put_number(&d, SHOP_AMOUNT, cents);
    end(p, &d);
}

static void answer_survey(person *p, int64_t second)
{
    int64_t nps = p->happiness + random_below(&p->random, 4);
    draft d = begin(p, SHOP_NO_EVENT,
                    second + 3 * DAY_SECONDS + random_below(&p->random, 40000));
    put_number(&d, SHOP_NPS, nps > 10 ? 10 : nps);
    end(p, &d);
}

static void buy_line(person *p, const char *store, line l, int64_t second)
{
    random_state *r = &p->random;
    int64_t quantity = random_percent(r, 85) ? 1 : 2 + (int64_t)random_below(r, 3);
    int64_t total = price_cents(l) * quantity;
    draft d = begin(p, SHOP_EVENT_PURCHASE, second);
    put_article(&d, l);
    if (random_percent(r, 24)) {
        int64_t discount = total * (5 + 5 * (int64_t)random_below(r, 6)) / 100;
        put_number(&d, SHOP_DISCOUNT, discount);
        total -= discount;
    }
    snprintf(d.texts[1], sizeof d.texts[1], "o%llu-%u", (unsigned long long)p->number,
             p->order_count);
    put_text(&d, SHOP_ORDER_ID, d.texts[1]);
    put_number(&d, SHOP_AMOUNT, total);
    put_number(&d, SHOP_QUANTITY, quantity);
    put_text(&d, SHOP_STORE, store);
    end(p, &d);
    if (random_percent(r, 5))
        refund(p, r, second, total);
}

/* Buy all that is in the cart. */
static void buy(person *p, const char *store, int64_t second)
{
    p->order_count++;
    for (size_t i = 0; i < p->cart_size; i++)
        buy_line(p, store, p->cart[i], second);
    p->cart_size = 0;
    if (random_percent(&p->random, 3))
        answer_survey(p, second);
}

static void buy_in_store(person *p, int64_t second)
{
    p->cart_size = 0;
    do {
        p->cart[p->cart_size++] = choose_article(p);
    } while (p->cart_size < CART_MAX && random_percent(&p->random, 35));
    buy(p, stores[random_below(&p->random, 4)], second);
}

/* ---- visits ------------------------------------------------------------- */

static void view_page(person *p, line l, const char *device, int64_t second)
{
    bool is_sale = random_percent(&p->random, 18);
    const char *section = is_sale ? "sale" : categories[l.category].name;
    draft d = begin(p, SHOP_EVENT_PAGE_VIEW, second);
    snprintf(d.texts[2], sizeof d.texts[2], "/%s/%s-%03u", section,
             categories[l.category].code, l.article);
    put_text(&d, SHOP_URL, d.texts[2]);
    put_text(&d, SHOP_SECTION, section);
    put_text(&d, SHOP_DEVICE, device);
    end(p, &d);
}

static void add_to_cart(person *p, line l, int64_t second)
{
    draft d = begin(p, SHOP_EVENT_ADD_TO_CART, second);
    put_article(&d, l);
    put_number(&d, SHOP_PRICE, price_cents(l));
    end(p, &d);
    p->cart[p->cart_size++] = l;
}

/* Go to the checkout, or leave the cart; the cart is empty afterwards. */
static void leave_shop(person *p, const char *device, int64_t second)
{
    random_state *r = &p->random;
    if (p->cart_size > 0 && random_percent(r, 56)) {
        int64_t value = 0;
        for (size_t i = 0; i < p->cart_size; i++)
            value += price_cents(p->cart[i]);
        draft d = begin(p, SHOP_EVENT_CHECKOUT, second + 20);
        put_number(&d, SHOP_VALUE, value);
        end(p, &d);
        if (random_percent(r, 78))
            buy(p, p->has_app && device == devices[0] ? "app" : "web",
                second + 60 + random_below(r, 240));
    }
    p->cart_size = 0;
}

/* One visit from a moment on. Returns when it ends. */
static int64_t visit(person *p, int64_t second)
{
    random_state *r = &p->random;
    const char *device = devices[random_percent(r, 82) ? p->device : random_below(r, 3)];
    p->cart_size = 0;
    if (p->has_app && device == devices[0]) {
        draft d = begin(p, SHOP_EVENT_APP_OPEN, second);
        put_text(&d, SHOP_DEVICE, device);
        end(p, &d);
        second += 2;
    }
    unsigned pages = 0;
    do {
        line l = choose_article(p);
        view_page(p, l, device, second);
        second += 8 + random_below(r, 150);
        if (p->cart_size < CART_MAX && random_percent(r, 13))
            add_to_cart(p, l, second - 3);
    } while (++pages < PAGES_MAX && random_percent(r, 68));
    leave_shop(p, device, second + 15);
    return second;
}

/* ---- mails -------------------------------------------------------------- */

static void mail_event(const person *p, shop_event event, const char *campaign,
                       int64_t second)
{
    draft d = begin(p, event, second);
    put_text(&d, SHOP_CAMPAIGN, campaign);
    end(p, &d);
}

/* A mail may be opened, clicked, and lead to a visit. */
static void send_mail(person *p, const char *campaign, int64_t second)
{
    random_state *r = &p->random;
    mail_event(p, SHOP_EVENT_EMAIL_SENT, campaign, second);
    if (!random_percent(r, p->open_percent))
        return;
    int64_t slowness =
        random_below(r, 40); /* one draw a statement: their order is fixed */
    second += 60 + slowness * random_below(r, 1000);
    mail_event(p, SHOP_EVENT_EMAIL_OPEN, campaign, second);
    if (!random_percent(r, 22))
        return;
    second += 5 + random_below(r, 90);
    mail_event(p, SHOP_EVENT_EMAIL_CLICK, campaign, second);
    visit(p, second + 3);
}

static void send_newsletter(person *p, int64_t day)
{
    static const char *const seasons[12] = {
        "winter-sale", "winter-sale", "spring", "spring", "spring",     "summer",
        "summer",      "summer-sale", "autumn", "autumn", "black-week", "gifts"};
    int64_t year;
    unsigned month, of_month;
    char campaign[48];
    shop_civil(day, &year, &month, &of_month);
    snprintf(campaign, sizeof campaign, "%s-%lld-%u", seasons[month - 1], (long long)year,
             (of_month - 1) / 7 + 1);
    send_mail(p, campaign, day * DAY_SECONDS + 8 * 3600 + random_below(&p->random, 1800));
}

/* ---- a life ------------------------------------------------------------- */

static void change_plan(person *p, int64_t second)
{
    p->plan = p->plan == 1 ? (random_percent(&p->random, 55) ? 2 : 0) : 1;
    draft d = begin(p, SHOP_NO_EVENT, second);
    put_text(&d, SHOP_PLAN, plans[p->plan]);
    end(p, &d);
}

static void change_subscription(person *p, int64_t second)
{
    p->is_subscribed = !p->is_subscribed;
    draft d = begin(p, SHOP_NO_EVENT, second);
    put_number(&d, SHOP_SUBSCRIBED, p->is_subscribed);
    end(p, &d);
}

/* The chance of a visit on a day, of a million. */
static uint64_t visit_chance(const person *p, int64_t day)
{
    int64_t year;
    unsigned month, of_month;
    shop_civil(day, &year, &month, &of_month);
    uint64_t chance = (uint64_t)p->visits_per_mille * weekday_percent[weekday(day)] *
                      month_percent[month - 1] / 10;
    return day < p->quits ? chance : chance / 40;
}

static void live_day(person *p, int64_t day)
{
    random_state *r = &p->random;
    int64_t midnight = day * DAY_SECONDS;
    if (random_happens(r, 700))
        change_plan(p, midnight + second_of_day(r));
    if (random_happens(r, p->is_subscribed ? 700 : 300))
        change_subscription(p, midnight + second_of_day(r));
    if (p->is_subscribed && weekday(day) == 1)
        send_newsletter(p, day);
    if (!random_happens(r, visit_chance(p, day)))
        return;
    int64_t second = midnight + second_of_day(r);
    if (random_percent(r, 6)) {
        buy_in_store(p, second);
        return;
    }
    second = visit(p, second);
    if (random_percent(r, 14))
        visit(p, second + 3600 + random_below(r, 7200));
}

static void bring_traits(person *p)
{
    random_state *r = &p->random;
    draft d = begin(p, SHOP_NO_EVENT, p->joined);
    if (!random_percent(r, 4))
        put_text(&d, SHOP_COUNTRY, countries[random_pick(r, country_weights, 100)]);
    if (random_percent(r, 72)) {
        int64_t age_days = 18 * 365 + (int64_t)random_below(r, 45 * 365);
        age_days += random_below(r, 18 * 365);
        put_number(&d, SHOP_BIRTHDAY, p->joined / DAY_SECONDS - age_days);
    }
    put_text(&d, SHOP_PLAN, plans[p->plan]);
    put_number(&d, SHOP_SUBSCRIBED, p->is_subscribed);
    put_number(&d, SHOP_SIGNED_UP, p->joined * SECOND);
    end(p, &d);
}

/* Most visit rarely, a few very often: the sixth power of an even draw. */
static uint32_t draw_visits(random_state *r)
{
    uint64_t u = random_below(r, 1024);
    uint64_t square = u * u;
    return (uint32_t)(3 + (square * square * square >> 50) * 420 / 1024);
}

static int64_t draw_first_day(const shop *s, random_state *r)
{
    uint32_t days = (uint32_t)(s->end_day - s->first_day);
    if (random_percent(r, 58))
        return s->first_day - 1 - (int64_t)random_below(r, 730);
    return s->first_day + random_below(r, days);
}

static person meet(const shop *s, uint64_t number)
{
    person p = {.shop = s, .random = random_start(s->seed, number), .number = number};
    random_state *r = &p.random;
    snprintf(p.id, sizeof p.id, "c%07llu", (unsigned long long)number);
    int64_t first_day = draw_first_day(s, r);
    p.joined = first_day * DAY_SECONDS + second_of_day(r);
    p.visits_per_mille = draw_visits(r);
    p.quits =
        random_percent(r, 45) ? first_day + 1 + (int64_t)random_below(r, 500) : INT64_MAX;
    p.open_percent = 8 + random_below(r, 50);
    p.happiness = 2 + random_below(r, 7);
    p.favourite = random_pick(r, category_weights, 100);
    p.device = random_pick(r, device_weights, 100);
    p.plan = random_pick(r, plan_weights, 100);
    p.has_app = random_percent(r, 35);
    p.is_subscribed = random_percent(r, 62);
    return p;
}

void shop_make_person(const shop *s, uint64_t number)
{
    person p = meet(s, number);
    bool has_events = !random_percent(&p.random, 7); /* others are known by name only */
    bring_traits(&p);
    if (!has_events)
        return;
    int64_t day = p.joined / DAY_SECONDS;
    if (day >= s->first_day) {
        draft d = begin(&p, SHOP_EVENT_SIGNUP, p.joined);
        end(&p, &d);
        send_mail(&p, "welcome", p.joined + 300);
    }
    for (day = day < s->first_day ? s->first_day : day + 1; day < s->end_day; day++)
        live_day(&p, day);
}
