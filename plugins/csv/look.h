/* SPDX-License-Identifier: MIT
 *
 * look -- what a file of delimited text has, whatever the project says: its encoding, what stands
 * between its fields, whether its first row names them, and its rows.
 */
#ifndef CSV_LOOK_H
#define CSV_LOOK_H

#include <carpel/plugin.h>

/* carpel_source.look */
bool csv_look(const carpel_host *host, const char *path, const carpel_view *view,
              bool *is_mine, carpel_error *err);

#endif
