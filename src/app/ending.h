/* SPDX-License-Identifier: MIT
 *
 * ending -- a plugin that ends the process does not end it as it likes, nor does a file of the store
 * that somebody makes shorter while it is in use: that is a failed read with EXIT_IO.
 *
 * While a function of a plugin is at work (plugin/call.h), exit(), quick_exit() and _exit()
 * are taken for what they are, a breach of the contract, and so is a crash: the plugin and
 * its function are named, what was written aside is removed, and the exit code is
 * EXIT_SOFTWARE. Without this a plugin's exit(0) would be a run that succeeded and wrote
 * nothing.
 */
#ifndef APP_ENDING_H
#define APP_ENDING_H

/* From now on. Once, at the start of the command. */
void ending_watch(void);

#endif
