/* SPDX-License-Identifier: MIT
 *
 * own_file -- the place of a file that a test writes, in a folder of its own. The folder and the file are
 * gone when the tests of a group have ended:
 *
 *     return cmocka_run_group_tests(tests, own_file_begin, own_file_end);
 */
#ifndef SUPPORT_OWN_FILE_H
#define SUPPORT_OWN_FILE_H

extern char own_folder[];
extern char own_file[64]; /* no file is there until a test writes it */

int own_file_begin(void **state);
int own_file_end(void **state);

#endif
