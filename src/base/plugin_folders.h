/* SPDX-License-Identifier: MIT
 *
 * plugin_folders -- where what is loaded while carpel runs is looked for, when nothing else is said: the folders of
 * CARPEL_PLUGIN_PATH (separated by ':'), then the build tree's beside the running command, else the installed one.
 *
 *     path_list folders = {0};
 *     plugin_folders(&folders);
 */
#ifndef BASE_PLUGIN_FOLDERS_H
#define BASE_PLUGIN_FOLDERS_H

#include "base/directory.h"

void plugin_folders(path_list *list);

#endif
