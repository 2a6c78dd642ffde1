/* SPDX-License-Identifier: MIT
 *
 * telling -- the calls of report/diags.h for whoever has `diags`: a checker, a resolver, a
 * parser, a lint.
 *
 *     error(c, name->where, E0104, "no event is named \"%s\"", name->text);
 *     propose(c, name->where, "%s", similar);
 */
#ifndef LANG_TELLING_H
#define LANG_TELLING_H

#include "lang/lexer.h"
#include "report/diags.h"

#define error(by, where, ...)    diag_error((by)->diags, where, __VA_ARGS__)
#define warn(by, where, ...)     diag_warning((by)->diags, where, __VA_ARGS__)
#define note(by, where, ...)     diag_note_at((by)->diags, where, __VA_ARGS__)
#define hint(by, ...)            diag_hint((by)->diags, __VA_ARGS__)
#define fix(by, where, ...)      diag_fix((by)->diags, where, __VA_ARGS__)
#define fix_also(by, where, ...) diag_fix_also((by)->diags, where, __VA_ARGS__)
#define propose(by, where, ...)  diag_propose((by)->diags, where, __VA_ARGS__)
#define offer(by, where, ...)    diag_offer((by)->diags, where, __VA_ARGS__)

#define offer_either(by, where, ...) diag_offer_either((by)->diags, where, __VA_ARGS__)

/* A text that is made for a message, by whoever has a `book`, too. */
#define wording(by, ...) arena_format((by)->book->memory, __VA_ARGS__)

/* A name of the data as rules write it: in backticks where it is no plain word. */
#define in_rule(by, name) wording(by, lexer_is_plain_name(name) ? "%s" : "`%s`", name)

/* The text of a place, or of anything that has one, as it was written. */
#define words_in(by, place) diag_words((by)->diags, place)
#define words_of(by, node)  words_in(by, (node)->where)

#endif
