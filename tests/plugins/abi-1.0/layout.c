/* SPDX-License-Identifier: MIT
 *
 * Where everything stands in interface 1.0, on machines with pointers and longs of 64 bits. This compiles with the
 * kept header, and with the header of each later version. Structs that begin with their size may be
 * longer then; nothing else changes.
 */
#include <carpel/plugin.h>

#if defined(__LP64__)

#define AT(type, member, offset)                                                         \
    _Static_assert(offsetof(type, member) == (offset), #type "." #member)
#define SIZE(type, size)     _Static_assert(sizeof(type) == (size), "the size of " #type)
#define LEAST(type, size)    _Static_assert(sizeof(type) >= (size), "the size of " #type)
#define NUMBER(name, number) _Static_assert((name) == (number), #name)

NUMBER(CARPEL_ABI_MAJOR, 1);

SIZE(carpel_error, 516);
AT(carpel_error, code, 0);
AT(carpel_error, message, 4);

SIZE(carpel_texts, 16);
AT(carpel_texts, items, 0);
AT(carpel_texts, count, 8);

SIZE(carpel_cell, 8);
AT(carpel_cell, begin, 0);
AT(carpel_cell, size, 4);

SIZE(carpel_option, 104);
AT(carpel_option, name, 0);
AT(carpel_option, type, 8);
AT(carpel_option, offset, 16);
AT(carpel_option, default_text, 24);
AT(carpel_option, required, 32);
AT(carpel_option, secret, 33);
AT(carpel_option, minimum, 40);
AT(carpel_option, maximum, 48);
AT(carpel_option, choices, 56);
AT(carpel_option, help, 64);

SIZE(carpel_column, 96);
AT(carpel_column, name, 0);
AT(carpel_column, from, 8);
AT(carpel_column, type, 16);
AT(carpel_column, scale, 20);
AT(carpel_column, format, 24);
AT(carpel_column, others, 32);
AT(carpel_column, items, 40);
AT(carpel_column, item_count, 48);
AT(carpel_column, is_plain, 56);
AT(carpel_column, is_optional, 57);
AT(carpel_column, is_verbatim, 58);

SIZE(carpel_piece_place, 96);
AT(carpel_piece_place, is_first, 0);
AT(carpel_piece_place, is_settled, 1);
AT(carpel_piece_place, begin, 8);
AT(carpel_piece_place, end, 16);
AT(carpel_piece_place, line_count, 24);
AT(carpel_piece_place, byte_count, 32);
AT(carpel_piece_place, unpacked_bytes, 40);
AT(carpel_piece_place, unpacked_head_hash, 48);
AT(carpel_piece_place, unpacked_tail_hash, 56);

SIZE(carpel_pieces, 56);
AT(carpel_pieces, state, 0);
AT(carpel_pieces, count, 8);
AT(carpel_pieces, total_bytes, 16);

LEAST(carpel_plugin, 88);
AT(carpel_plugin, abi_major, 0);
AT(carpel_plugin, abi_minor, 4);
AT(carpel_plugin, struct_size, 8);
AT(carpel_plugin, kind, 16);
AT(carpel_plugin, name, 24);
AT(carpel_plugin, version, 32);
AT(carpel_plugin, summary, 40);
AT(carpel_plugin, manual, 48);
AT(carpel_plugin, options_size, 56);
AT(carpel_plugin, options, 64);
AT(carpel_plugin, source, 72);
AT(carpel_plugin, output, 80);

LEAST(carpel_source, 64);
AT(carpel_source, struct_size, 0);
AT(carpel_source, open, 8);
AT(carpel_source, brings_own_names, 16);
AT(carpel_source, reading, 24);
AT(carpel_source, look, 32);
AT(carpel_source, resuming, 40);
AT(carpel_source, check, 48);
AT(carpel_source, discover, 56);

LEAST(carpel_output, 64);
AT(carpel_output, struct_size, 0);
AT(carpel_output, begin, 8);
AT(carpel_output, write, 16);
AT(carpel_output, prepare, 24);
AT(carpel_output, commit, 32);
AT(carpel_output, abort, 40);
AT(carpel_output, close, 48);
AT(carpel_output, check, 56);

LEAST(carpel_reading, 56);
AT(carpel_reading, struct_size, 0);
AT(carpel_reading, open, 8);
AT(carpel_reading, open_piece, 16);
AT(carpel_reading, place, 24);
AT(carpel_reading, close, 32);
AT(carpel_reading, goes_on, 40);
AT(carpel_reading, unpack, 48);

LEAST(carpel_resuming, 40);
AT(carpel_resuming, struct_size, 0);
AT(carpel_resuming, cursor, 8);
AT(carpel_resuming, acknowledge, 16);
AT(carpel_resuming, enabling_option, 24);
AT(carpel_resuming, access_options, 32);

LEAST(carpel_host, 208);
AT(carpel_host, struct_size, 0);
AT(carpel_host, abi_minor, 8);
AT(carpel_host, log, 16);
AT(carpel_host, progress, 24);
AT(carpel_host, is_cancelled, 32);
AT(carpel_host, rows_new, 40);
AT(carpel_host, rows_free, 48);
AT(carpel_host, rows_begin_file, 56);
AT(carpel_host, row_begin, 64);
AT(carpel_host, row_set_text, 72);
AT(carpel_host, row_set_int, 80);
AT(carpel_host, row_set_number, 88);
AT(carpel_host, row_set_bool, 96);
AT(carpel_host, item_begin, 104);
AT(carpel_host, item_end, 112);
AT(carpel_host, row_refuse, 120);
AT(carpel_host, row_end, 128);
AT(carpel_host, rows_count, 136);
AT(carpel_host, rows_is_full, 144);
AT(carpel_host, rows_schema, 152);
AT(carpel_host, rows_take, 160);
AT(carpel_host, file_open, 168);
AT(carpel_host, file_write, 176);
AT(carpel_host, list_begin, 184);
AT(carpel_host, rows_add, 192);
AT(carpel_host, retry_after, 200);

LEAST(carpel_request, 72);
AT(carpel_request, struct_size, 0);
AT(carpel_request, name, 8);
AT(carpel_request, options, 16);
AT(carpel_request, columns, 24);
AT(carpel_request, column_count, 32);
AT(carpel_request, project_directory, 40);
AT(carpel_request, events, 48);
AT(carpel_request, begins, 56);
AT(carpel_request, cursor, 64);

LEAST(carpel_inquiry, 32);
AT(carpel_inquiry, struct_size, 0);
AT(carpel_inquiry, name, 8);
AT(carpel_inquiry, options, 16);
AT(carpel_inquiry, project_directory, 24);

LEAST(carpel_view, 64);
AT(carpel_view, struct_size, 0);
AT(carpel_view, context, 8);
AT(carpel_view, option, 16);
AT(carpel_view, field, 24);
AT(carpel_view, row_begin, 32);
AT(carpel_view, row_field, 40);
AT(carpel_view, row_refuse, 48);
AT(carpel_view, row_end, 56);

LEAST(carpel_delivery, 72);
AT(carpel_delivery, struct_size, 0);
AT(carpel_delivery, name, 8);
AT(carpel_delivery, options, 16);
AT(carpel_delivery, columns, 24);
AT(carpel_delivery, column_count, 32);
AT(carpel_delivery, project_directory, 40);
AT(carpel_delivery, run, 48);
AT(carpel_delivery, changes, 56);
AT(carpel_delivery, is_sequel, 64);

LEAST(carpel_text_rows, 64);
AT(carpel_text_rows, struct_size, 0);
AT(carpel_text_rows, data, 8);
AT(carpel_text_rows, size, 16);
AT(carpel_text_rows, cells, 24);
AT(carpel_text_rows, row_count, 32);
AT(carpel_text_rows, field_count, 40);
AT(carpel_text_rows, fields, 48);
AT(carpel_text_rows, first_line, 56);

NUMBER(CARPEL_OPTION_TEXT, 1);
NUMBER(CARPEL_OPTION_BOOLEAN, 2);
NUMBER(CARPEL_OPTION_INTEGER, 3);
NUMBER(CARPEL_OPTION_NUMBER, 4);
NUMBER(CARPEL_OPTION_CHOICE, 5);
NUMBER(CARPEL_OPTION_PATH, 6);
NUMBER(CARPEL_OPTION_PATHS, 7);
NUMBER(CARPEL_OPTION_TEXTS, 8);
NUMBER(CARPEL_OPTION_OUTPUT_PATH, 9);
NUMBER(CARPEL_OPTION_PAIRS, 10);
NUMBER(CARPEL_BOOL, 1);
NUMBER(CARPEL_INT, 2);
NUMBER(CARPEL_DECIMAL, 3);
NUMBER(CARPEL_NUMBER, 4);
NUMBER(CARPEL_STRING, 5);
NUMBER(CARPEL_TIME, 6);
NUMBER(CARPEL_DATE, 7);
NUMBER(CARPEL_DURATION, 8);
NUMBER(CARPEL_PERSON, 9);
NUMBER(CARPEL_LIST, 10);
NUMBER(CARPEL_LOG_WARNING, 1);
NUMBER(CARPEL_LOG_INFO, 2);
NUMBER(CARPEL_REACHED, 0);
NUMBER(CARPEL_UNREACHABLE, 1);
NUMBER(CARPEL_DENIED, 2);
NUMBER(CARPEL_NO_DATA, 3);
NUMBER(CARPEL_SOURCE, 1);
NUMBER(CARPEL_OUTPUT, 2);
NUMBER(CARPEL_E_INPUT, 1);
NUMBER(CARPEL_E_SYSTEM, 2);
NUMBER(CARPEL_E_LIMIT, 3);
NUMBER(CARPEL_E_PLUGIN, 4);
NUMBER(CARPEL_E_CANCELLED, 5);
NUMBER(CARPEL_E_LATER, 6);
NUMBER(CARPEL_CELL_QUOTED, 2147483648);
NUMBER(CARPEL_CURSOR_SIZE >= 4096, 1);
NUMBER(CARPEL_HASHED_BYTES, 4096);
NUMBER(CARPEL_PIECE_GUESS, UINT64_MAX);
#endif
