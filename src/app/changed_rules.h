/* SPDX-License-Identifier: MIT
 *
 * changed_rules -- how commands tell what changed of a rule between two runs.
 */
#ifndef APP_CHANGED_RULES_H
#define APP_CHANGED_RULES_H

#include "report/json.h"
#include "report/table.h"
#include "runs/run_changes.h"

/* What to know of a rule besides, when it is not behaviour alone; NULL: nothing. */
const char *changed_rule_remark(const rule_changes *r);

/* The columns of a table with a row a rule, and the row of one; what is 0 is left empty. */
void changed_rules_columns(table *t);
void changed_rule_row(table *t, const rule_changes *r);

/* The keys name, entered, left, moved, size and reason of an object that is begun. */
void changed_rule_write(json_writer *w, const rule_changes *r);

#endif
