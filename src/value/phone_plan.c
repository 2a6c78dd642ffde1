/* SPDX-License-Identifier: MIT
 *
 * The steps are those of libphonenumber: what is dialled for abroad goes, or the code of the own country where the
 * number is none with it, or what is dialled before numbers of other places.
 */
#include "value/phone_plan.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/pattern.h"

typedef struct phone_country {
    const char *name, *code, *abroad, *prefix, *changed, *number;
} phone_country;

static const phone_country countries[] = {
#define X(country, code, abroad, prefix, changed, number)                                \
    {#country, code, abroad, prefix, changed, number},
#include "value/phone_countries.def"
#undef X
};

enum { COUNTRIES = sizeof countries / sizeof *countries };

struct phone_plan {
    const phone_country *country;
    pattern *abroad, *prefix, *number; /* NULL: nothing stands there */
    pattern *any_number;               /* of all countries with the same code */
    pattern *
        with_prefix; /* all of a number that has the prefix, of which a group may have something */
    pattern_scratch *scratch;
    text changed, shorter, group; /* scratch */
};

static const phone_country *find(const char *name)
{
    for (size_t i = 0; i < COUNTRIES; i++)
        if (strcasecmp(countries[i].name, name) == 0)
            return &countries[i];
    return NULL;
}

const char *phone_country_find(const char *name)
{
    const phone_country *c = find(name);
    return c ? c->name : NULL;
}

/* The pattern between two others; NULL: it is empty. */
static pattern *compile(const char *before, const char *expression, const char *behind)
{
    char reason[128];
    size_t offset;
    text all;
    if (expression[0] == '\0')
        return NULL;
    text_init(&all);
    text_append_format(&all, "%s(?:%s)%s", before, expression, behind);
    pattern *p = pattern_new((slice){all.data, all.size}, reason, sizeof reason, &offset);
    assert(p);
    text_done(&all);
    return p;
}

/* Numbers of all countries that have the code. */
static pattern *compile_numbers(const char *code)
{
    text all;
    text_init(&all);
    for (size_t i = 0; i < COUNTRIES; i++)
        if (strcmp(countries[i].code, code) == 0)
            text_append_format(&all, "%s%s", all.size > 0 ? "|" : "",
                               countries[i].number);
    pattern *p = compile("^", all.data, "$");
    text_done(&all);
    return p;
}

phone_plan *phone_plan_new(const char *country)
{
    const phone_country *c = find(country);
    if (!c)
        return NULL;
    phone_plan *p = memory_alloc_zero(sizeof *p);
    p->country = c;
    p->abroad = compile("^", c->abroad, "(?=[1-9])");
    p->prefix = compile("^", c->prefix, "");
    p->with_prefix = compile("^", c->changed[0] ? c->prefix : "", ".*$");
    p->number = compile("^", c->number, "$");
    p->any_number = compile_numbers(c->code);
    p->scratch = pattern_scratch_new();
    text_init(&p->changed);
    text_init(&p->shorter);
    text_init(&p->group);
    return p;
}

void phone_plan_free(phone_plan *p)
{
    if (!p)
        return;
    pattern_free(p->abroad);
    pattern_free(p->prefix);
    pattern_free(p->with_prefix);
    pattern_free(p->number);
    pattern_free(p->any_number);
    pattern_scratch_free(p->scratch);
    text_done(&p->changed);
    text_done(&p->shorter);
    text_done(&p->group);
    memory_free(p);
}

static bool fits(const phone_plan *p, const pattern *numbers, slice digits)
{
    return pattern_match(numbers, digits, p->scratch) == PATTERN_YES;
}

static bool is_number(const phone_plan *p, slice digits)
{
    return fits(p, p->number, digits);
}

/* What a pattern at the beginning leaves when something else stands in its place; false: it does not fit. */
static bool replace(const phone_plan *p, const pattern *beginning, slice digits,
                    const char *with, text *out)
{
    text_clear(out);
    return beginning && pattern_replace(beginning, digits, slice_of(with), p->scratch,
                                        out) == PATTERN_YES;
}

/* Has the last group of the prefix something, for which the number is changed? It is the one that the change names. */
static bool is_changed(phone_plan *p, slice digits)
{
    const char *group = p->country->changed + strcspn(p->country->changed, "$");
    return replace(p, p->with_prefix, digits, group, &p->group) && p->group.size > 0;
}

/* The number without the prefix, unless it is one with it, and none without; in memory of the plan. */
static slice without_prefix(phone_plan *p, slice digits)
{
    const char *with = is_changed(p, digits) ? p->country->changed : "";
    if (!replace(p, p->prefix, digits, with, &p->changed))
        return digits;
    slice left = {p->changed.data, p->changed.size};
    return is_number(p, digits) && !is_number(p, left) ? digits : left;
}

/* The number without the code of its own country, before which nothing stands: 49 151 23456789. */
static slice without_code(phone_plan *p, slice digits)
{
    slice code = slice_of(p->country->code);
    if (is_number(p, digits) || !slice_starts_with(digits, code))
        return digits;
    slice left =
        without_prefix(p, (slice){digits.data + code.size, digits.size - code.size});
    return is_number(p, left) ? left : digits;
}

/* What stands behind that which is dialled for abroad, 00 anywhere; false: that does not stand there. */
static bool append_abroad(phone_plan *p, slice digits, text *out)
{
    if (replace(p, p->abroad, digits, "", &p->shorter))
        text_append_bytes(out, p->shorter.data, p->shorter.size);
    else if (slice_starts_with(digits, slice_of("00")))
        text_append_bytes(out, digits.data + 2, digits.size - 2);
    else
        return false;
    return true;
}

bool phone_plan_append(phone_plan *p, slice digits, text *out)
{
    if (append_abroad(p, digits, out))
        return true;
    slice number = without_code(p, digits);
    if (number.data == digits.data)
        number = without_prefix(p, digits);
    if (!fits(p, p->any_number, number))
        return false;
    text_append(out, p->country->code);
    text_append_bytes(out, number.data, number.size);
    return true;
}
