/* SPDX-License-Identifier: MIT
 *
 * consent -- the keys `consent` and `suppress`: whom outputs may have.
 *
 *     consent:
 *       marketing: newsletter                                   a trait that is true
 *       ads: {given: ads_allowed, withdrawn: ads_refused}       the later of two events
 *       billing: everyone
 *     suppress: [lists/stop.txt, {file: lists/complaints.txt, of: email}, {segment: complained}]
 */
#ifndef CONFIG_CONSENT_H
#define CONFIG_CONSENT_H

#include "config/reader.h"

/* Read the mapping (NULL: none) into the project. */
void consent_read(const reader *r, const yaml_node *node);

/* Read a list of people to leave out (NULL: none), of the project or of an output. */
config_suppress *suppress_read(const reader *r, const yaml_node *node, size_t *count);

#endif
