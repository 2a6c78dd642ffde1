/* SPDX-License-Identifier: MIT
 *
 * The words are those of a run.
 */
#include "app/withholdings.h"

void withholdings_write(json_writer *w, const withheld *all, size_t count)
{
    json_key(w, "withheld");
    json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(w);
        json_key(w, "output");
        json_string(w, all[i].output);
        json_key(w, "reason");
        json_string(w, withheld_words[all[i].reason]);
        json_key(w, "of");
        json_string(w, all[i].of);
        json_key(w, "people");
        if (withheld_are_people(&all[i]))
            json_int(w, (int64_t)all[i].count);
        else
            json_null(w);
        json_object_end(w);
    }
    json_array_end(w);
}
