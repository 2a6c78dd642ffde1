/* SPDX-License-Identifier: MIT
 *
 * plugin_kit -- what `carpel plugins` does for whoever writes a plugin. Each returns the exit code.
 */
#ifndef APP_PLUGIN_KIT_H
#define APP_PLUGIN_KIT_H

#include "app/command_line.h"

/* Write a folder to start from. */
int plugin_kit_new(const command_line *line);

/* Hold a plugin against the contract, and print what came out. */
int plugin_kit_test(const command_line *line);

/* Tell what the files of the folder say of themselves, without loading any. */
int plugin_kit_scan(const char *directory);

#endif
