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

/* `from: created_at`, or a list of fields, of the mapping that messages call `owner`. */
void mappings_read_from(const reader *r, const yaml_node *from, const char *owner,
                        config_mapping *mapping);

/* `created_at`, or a mapping with `from`, and with `format` and `zone`: `time`, a property, a trait. Without a node it
 * is empty. */
config_mapping mappings_read_one(const reader *r, const yaml_node *node);

/* `id: order_no`, `id: [shop, order_no]`, `id: {from: [shop, order_no], trim: true}`. */
void mappings_read_id(const reader *r, const yaml_node *node, config_source *s);

/* `properties: {amount: total}`, `traits: [country, city]`. */
config_mapping *mappings_read(const reader *r, const yaml_node *node, size_t *count);

#endif
