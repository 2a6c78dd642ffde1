/* SPDX-License-Identifier: MIT
 *
 * mappings -- reads where the values of a source come from, and what is done to them: `person`, `time`,
 * `properties` and `traits`. For connectors.c.
 */
#ifndef CONFIG_MAPPINGS_H
#define CONFIG_MAPPINGS_H

#include "config/reader.h"

/* `person: customer_id`, `person: [user_id, device_id]`, `person: {from: customer_id, trim: true}`. */
void mappings_read_person(const reader *r, const yaml_node *node, config_source *s);

/* The same with `format` and `zone`. */
config_mapping mappings_read_one(const reader *r, const yaml_node *node);

/* `id: order_no`, `id: [shop, order_no]`, `id: {from: [shop, order_no], trim: true}`. */
void mappings_read_id(const reader *r, const yaml_node *node, config_source *s);

/* `properties: {amount: total}`, `traits: [country, city]`. */
config_mapping *mappings_read(const reader *r, const yaml_node *node, size_t *count);

#endif
