/* SPDX-License-Identifier: MIT
 *
 * lua_values -- the words behind `carpel lua FILE FUNCTION` as arguments of the function.
 */
#ifndef APP_LUA_VALUES_H
#define APP_LUA_VALUES_H

#include "base/arena.h"
#include "script/script.h"

/* What a function that declares nothing gets of a word: "2" is an integer, "2.5" a float, "true"
 * a truth value, "missing" nothing, "[1, 2]" a list; what else there is is a text. Items live in
 * `memory`. */
script_value lua_value_of_word(slice word, arena *memory);

/* The same of an argument that is declared, as a rule hands it over: times are seconds since 1970
 * or as in "2026-03-01T10:00", durations numbers in the declared unit or as in "2 days", lists
 * stand in square brackets. False: *reason says why the word is none. */
bool lua_value_declared(const script_parameter *p, slice word, arena *memory,
                        script_value *out, const char **reason);

#endif
