/* SPDX-License-Identifier: MIT
 *
 * Reads `limits`. Shares are exact: a percentage has at most four digits after its point,
 * so it is a whole number of millionths.
 */
#include "config/limits.h"

static const shape_key limits_keys[] = {
    {"refused", SHAPE_TEXT, false, "a share of a source's rows", "refused: 5%"},
    {"people", SHAPE_TEXT, false, "a whole number", "people: 1000"},
    {"script_errors", SHAPE_TEXT, false, "a share of a function's calls",
     "script_errors: 1%"},
    {"refused_list_rows", SHAPE_TEXT, false, "a whole number",
     "refused_list_rows: 100000"},
    {"refused_list_megabytes", SHAPE_TEXT, false, "a whole number",
     "refused_list_megabytes: 16"},
    END_OF_KEYS,
};

enum {
    STANDARD_LIST_ROWS = 100000,
    MOST_LIST_ROWS = 1000000000,
    STANDARD_LIST_MEGABYTES = 16,
    MOST_LIST_MEGABYTES = 1048576,
    MOST_PEOPLE = 2000000000,
    MEGABYTE = 1024 * 1024,
    PERCENT = MILLIONTHS / 100,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits behind the point, each worth a tenth of the one before. False when there are
 * none or more than a millionth can tell. */
static bool read_decimals(const char **at, int64_t *millionths)
{
    int64_t worth = PERCENT / 10;
    bool is_good = is_digit(**at);
    for (; is_digit(**at); ++*at) {
        is_good = is_good && worth > 0;
        *millionths += (**at - '0') * worth;
        worth /= 10;
    }
    return is_good;
}

/* "5%", "0.25 %": false when it is no percentage. One above 100% is cut to 101%. */
static bool read_percentage(const char *at, int64_t *millionths)
{
    bool is_good = is_digit(*at);
    int64_t percents = 0;
    for (; is_digit(*at); at++)
        percents = percents > 100 ? 101 : percents * 10 + (*at - '0');
    *millionths = percents * PERCENT;
    if (*at == '.') {
        at++;
        is_good = read_decimals(&at, millionths) && is_good;
    }
    if (*at == ' ')
        at++;
    return is_good && at[0] == '%' && at[1] == '\0';
}

int64_t limits_read_share(const reader *r, const yaml_node *node)
{
    int64_t millionths;
    if (node == NULL || node->is_broken)
        return LIMIT_NONE;
    if (!read_percentage(node->text, &millionths)) {
        diag_error(r->diags, shape_place(node), E0303,
                   "\"%s\" needs a share such as 5%%, not \"%s\"", node->key, node->text);
        diag_hint(r->diags, "Write a number from 0 to 100 and the sign, such as 5%% or "
                            "0.25%%, with at most four digits after the point.");
        return LIMIT_NONE;
    }
    if (millionths <= MILLIONTHS)
        return millionths;
    diag_error(r->diags, shape_place(node), E0305,
               "\"%s\" needs a share from 0%% to 100%%, not \"%s\"", node->key,
               node->text);
    diag_hint(r->diags, "For example: %s: 5%%", node->key);
    return LIMIT_NONE;
}

config_limits limits_standard(void)
{
    return (config_limits){.refused = LIMIT_NONE,
                           .script_errors = LIMIT_NONE,
                           .list_rows = STANDARD_LIST_ROWS,
                           .list_bytes = (int64_t)STANDARD_LIST_MEGABYTES * MEGABYTE};
}

void limits_read(const reader *r, const yaml_node *node)
{
    if (node == NULL)
        return;
    shape_check(node, limits_keys, "\"limits\"", SHAPE_CLOSED, r->diags);
    config_limits *l = &r->project->limits;
    l->refused = limits_read_share(r, shape_get(node, limits_keys, "refused"));
    l->script_errors =
        limits_read_share(r, shape_get(node, limits_keys, "script_errors"));
    l->people = reader_number(r, shape_get(node, limits_keys, "people"), 0, MOST_PEOPLE,
                              "people: 1000");
    l->list_rows =
        reader_number(r, shape_get(node, limits_keys, "refused_list_rows"),
                      STANDARD_LIST_ROWS, MOST_LIST_ROWS, "refused_list_rows: 100000");
    l->list_bytes =
        MEGABYTE * reader_number(r,
                                 shape_get(node, limits_keys, "refused_list_megabytes"),
                                 STANDARD_LIST_MEGABYTES, MOST_LIST_MEGABYTES,
                                 "refused_list_megabytes: 16");
}
