/* SPDX-License-Identifier: MIT
 *
 * A list of what was said, in the order of the rules.
 */
#include "fit/words.h"

#include <string.h>

#include "base/memory.h"

void fit_words_note(fit_words *w, const config_text *said, const text *out)
{
    if (!w)
        return;
    memory_grow((void **)&w->items, w->count, &w->capacity, sizeof *w->items);
    w->items[w->count++] = (fit_word){out->size, said};
}

void fit_words_append(fit_words *w, const config_text *said, text *out)
{
    fit_words_note(w, said, out);
    text_append(out, said->text);
}

/* Where the words begin in the project file: they may stand in quotes. False: they are written in
 * another way there, as over several lines. */
static bool find_begin(const config_text *said, uint32_t *begin)
{
    slice written = span_text(said->where), words = slice_of(said->text);
    for (size_t i = 0; i + words.size <= written.size; i++)
        if (memcmp(written.data + i, words.data, words.size) == 0) {
            *begin = said->where.begin + (uint32_t)i;
            return true;
        }
    return false;
}

span fit_words_place(const fit_words *w, size_t begin, size_t end)
{
    for (size_t i = 0; i < w->count; i++) {
        const fit_word *word = &w->items[i];
        size_t size = strlen(word->said->text);
        uint32_t first;
        if (begin > word->begin + size || (begin < word->begin && end <= word->begin))
            continue;
        begin = begin < word->begin ? word->begin : begin;
        end = end > word->begin + size ? word->begin + size : end;
        if (!find_begin(word->said, &first))
            return word->said->where;
        return (span){word->said->where.file, first + (uint32_t)(begin - word->begin),
                      first + (uint32_t)(end - word->begin)};
    }
    return (span){0};
}

void fit_words_done(fit_words *w)
{
    memory_free(w->items);
}
