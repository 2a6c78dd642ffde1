/* SPDX-License-Identifier: MIT
 *
 * identities -- the keys `identities` of the project and of its sources: which fields hold ids of
 * people, of which kinds, how many of them may be linked, and which links are wrong.
 */
#ifndef CONFIG_IDENTITIES_H
#define CONFIG_IDENTITIES_H

#include "config/reader.h"

/* `identities: {userId: user, anonymousId: cookie}` of a source; `node` may be NULL. */
void identities_read_source(const reader *r, const yaml_node *node, config_source *s);

/* `identities: {links: latest, most: {...}, unlink: [...]}` of the project; `node` may be NULL. To
 * be read behind the sources. */
void identities_read_project(const reader *r, const yaml_node *node);

#endif
