/* SPDX-License-Identifier: MIT */
#include "app/changed_rules.h"

const char *changed_rule_remark(const rule_changes *r)
{
    switch (r->cause) {
    case CAUSE_RULE: return "the rule changed";
    case CAUSE_NEW_RULE: return "the rule is new";
    case CAUSE_RULE_GONE: return "the rule is gone";
    case CAUSE_BEHAVIOUR:
    case CAUSE_FIRST_RUN:
    case CAUSE_PERMISSION:
    case CAUSE_MERGED: break;
    }
    return NULL;
}

void changed_rules_columns(table *t)
{
    table_column(t, "segment", TABLE_LEFT);
    table_column(t, "entered", TABLE_RIGHT);
    table_column(t, "left", TABLE_RIGHT);
    table_column(t, "moved", TABLE_RIGHT);
    table_column(t, "now", TABLE_RIGHT);
    table_column(t, "", TABLE_LEFT);
}

static void add_count(table *t, size_t count)
{
    char buffer[28];
    table_cell(t, count > 0 ? format_count(count, buffer) : "");
}

void changed_rule_row(table *t, const rule_changes *r)
{
    char buffer[28];
    const char *remark = changed_rule_remark(r);
    table_cell_format(t, "%.*s", (int)r->name.size, r->name.data);
    add_count(t, r->entered);
    add_count(t, r->left);
    add_count(t, r->moved);
    table_cell(t, format_count(r->size, buffer));
    table_cell(t, remark ? remark : "");
}

void changed_rule_write(json_writer *w, const rule_changes *r)
{
    json_key(w, "name");
    json_text(w, r->name);
    json_key(w, "entered");
    json_int(w, (int64_t)r->entered);
    json_key(w, "left");
    json_int(w, (int64_t)r->left);
    json_key(w, "moved");
    json_int(w, (int64_t)r->moved);
    json_key(w, "size");
    json_int(w, (int64_t)r->size);
    json_key(w, "reason");
    json_string(w, change_cause_words[r->cause]);
}
