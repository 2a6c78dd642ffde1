/* SPDX-License-Identifier: MIT
 *
 * phone_library -- what carpel asks of libphonenumber, which is C++: one function of a shared object of its own
 * (plugins/libcarpel_phones.so.1), which is loaded by those who need it.
 */
#ifndef VALUE_PHONE_LIBRARY_H
#define VALUE_PHONE_LIBRARY_H

#define PHONE_LIBRARY_FILE     "libcarpel_phones.so.1"
#define PHONE_LIBRARY_FUNCTION "carpel_phone_read"

enum { PHONE_LIBRARY_ROOM = 32 };

typedef enum phone_verdict { PHONE_GOOD, PHONE_BAD, PHONE_UNKNOWN_COUNTRY } phone_verdict;

/* The number that is called by `dialled` in the country (two capitals), as "+4915123456789". Threads may call it at the
 * same time. */
typedef phone_verdict phone_library_read(const char *dialled, const char *country,
                                         char out[PHONE_LIBRARY_ROOM]);

#endif
