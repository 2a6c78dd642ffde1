/* SPDX-License-Identifier: MIT
 *
 * output_columns -- the keys `columns` and `format` of an output.
 *
 *     columns: [country, plan]                          traits behind the table's own columns
 *     columns: [person, phone]                          just these
 *     columns: [{name: Phone, from: phone, normalise: phone, hash: sha256}, ...]
 *     format: google_customer_match, columns: {email: person, phone: [home, work]}
 */
#ifndef CONFIG_OUTPUT_COLUMNS_H
#define CONFIG_OUTPUT_COLUMNS_H

#include "config/reader.h"

/* Read both keys (NULL: not given) into the output. */
void output_columns_read(const reader *r, const yaml_node *columns,
                         const yaml_node *format, config_output *o);

#endif
