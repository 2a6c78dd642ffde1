/* SPDX-License-Identifier: MIT
 *
 * `carpel help [TOPIC]`: everything it knows comes from the tables that the rest of
 * carpel is made of: commands, subjects, words, aggregates, functions, parts of times,
 * nodes of the graph, codes of messages.
 */
#include <string.h>
#include <strings.h>

#include "app/commands.h"
#include "app/help_script.h"
#include "app/plugin_names.h"
#include "app/say.h"
#include "lang/foreign.h"
#include "lang/keywords.h"
#include "report/diags.h"
#include "report/suggest.h"

/* ---- the tables as they are needed here ---------------------------------------- */

typedef struct subject {
    const char *name, *summary, *body;
} subject;

static const subject subjects[] = {
#define TOPIC(name, summary, body) {name, summary, body},
#include "app/topics.def"
#undef TOPIC
};

/* Something of the language that has a line of meaning. */
typedef struct entry {
    const char *name, *title, *meaning, *example;
} entry;

static const entry entries[] = {
#define PICK(name, meaning, example) {name, "an aggregate of events", meaning, example},
#define X(id, name, takes, with, result, nothing, lowering, node, meaning, example)      \
    PICK(name, meaning, example)
#include "lang/aggregates.def"
#undef X
#define X(id, name, arguments, meaning, example) {name, "a function", meaning, example},
#include "lang/builtins.def"
#undef X
#define X(id, name, type, meaning) {name, "a part of a time or date", meaning, NULL},
#include "lang/time_parts.def"
#undef X
};

static const entry event_values[] = {
#define X(id, name, meaning, example) {name, "a value of each event", meaning, example},
#include "schema/event_values.def"
#undef X
    {"value", "what an item of a list of plain values has", "the item itself",
     "did purchase where (did tags where (value = \"gift\"))"},
};

static const entry nodes[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, meaning)   \
    {#name, NULL, meaning, NULL},
#include "graph/nodes.def"
#undef X
};

/* Longer texts: a section of docs/errors.md each, and docs/limits.md. */
typedef struct page {
    const char *name, *body;
} page;

static const page pages[] = {
#define PAGE(name, body) {name, body},
#include "app/pages.def"
#undef PAGE
};

/* A form of a sequence, known by a keyword of it. */
typedef struct sequence_form {
    const char *word, *form, *meaning, *example;
} sequence_form;

static const sequence_form sequences[] = {
#define X(word, form, meaning, example) {word, form, meaning, example},
#include "lang/forms.def"
#undef X
};

/* A form of a window, known by the keyword that begins it. */
typedef struct window_form {
    const char *word, *form, *line, *begins, *ends, *of_events, *example;
} window_form;

static const window_form windows[] = {
#define X(word, form, line, begins, ends, of_events, example)                            \
    {word, form, line, begins, ends, of_events, example},
#include "lang/windows.def"
#undef X
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char *const uses[] = {
    [KEYWORD_HEAD] = "begins a declaration, at the left margin",
    [KEYWORD_RESERVED] = "a reserved word: a name only in backticks",
    [KEYWORD_SENTENCE] =
        "a word of a sentence; data may have the name, a declaration cannot",
    [KEYWORD_FREE] = "a word of a sentence; anything may have the name",
    [KEYWORD_CALL] =
        "a keyword before \"(\"; data may have the name, a declaration cannot",
    [KEYWORD_PHRASE] = "words that belong together",
};

/* ---- one topic ------------------------------------------------------------------- */

/* Paragraphs are wrapped, examples (two blanks before them) kept. */
static void append_body(const char *body, text *out)
{
    text line;
    text_init(&line);
    while (*body != '\0') {
        size_t size = strcspn(body, "\n");
        if (strncmp(body, "  ", 2) == 0 || size == 0) {
            text_append_bytes(out, body, size);
            text_append_char(out, '\n');
        } else {
            text_clear(&line);
            text_append_bytes(&line, body, size);
            say_wrap(line.data, 0, out);
        }
        body += size + (body[size] == '\n');
    }
    text_done(&line);
}

static bool append_subject(const char *topic, text *out)
{
    for (size_t i = 0; i < LENGTH(subjects); i++) {
        if (strcmp(subjects[i].name, topic) != 0)
            continue;
        text_append_format(out, "%s%s: %s\n", out->size > 0 ? "\n" : "", topic,
                           subjects[i].summary);
        if (subjects[i].body[0] != '\n')
            text_append_char(out, '\n');
        append_body(subjects[i].body, out);
        return true;
    }
    return false;
}

static bool append_from(const entry *list, size_t count, const char *topic, text *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, topic) != 0)
            continue;
        text_append_format(out, "%s: %s\n\n  %s\n", topic, list[i].title,
                           list[i].meaning);
        if (list[i].example != NULL)
            text_append_format(out, "\n  example: %s\n", list[i].example);
        return true;
    }
    return false;
}

static bool append_entry(const char *topic, text *out)
{
    return append_from(entries, LENGTH(entries), topic, out);
}

static void append_window(const window_form *window, text *out)
{
    text_append_format(out, "\n  %-20s %s\n", window->form, window->line);
    if (window->ends[0] == '\0')
        text_append_format(out, "    %s\n", window->begins);
    else
        text_append_format(out, "    begins: %s\n    ends: %s\n", window->begins,
                           window->ends);
    text_append_format(out, "    of events: %s\n    example: %s\n", window->of_events,
                       window->example);
}

/* The windows that begin with a word; with NULL, all. */
static bool append_windows(const char *word, text *out)
{
    bool is_first = true;
    for (size_t i = 0; i < LENGTH(windows); i++) {
        if (word != NULL && strcmp(windows[i].word, word) != 0)
            continue;
        if (is_first && word != NULL)
            text_append(out, "\nIn windows:\n");
        is_first = false;
        append_window(&windows[i], out);
    }
    return !is_first;
}

/* The forms of sequences that a word is of; with NULL, all. */
static void append_sequences(const char *word, text *out)
{
    bool is_first = true;
    for (size_t i = 0; i < LENGTH(sequences); i++) {
        const sequence_form *s = &sequences[i];
        if (word != NULL && strcmp(s->word, word) != 0)
            continue;
        if (is_first && word != NULL)
            text_append(out, "\nIn sequences:\n");
        is_first = false;
        text_append_format(out, "\n  %s\n    %s\n    example: %s\n", s->form, s->meaning,
                           s->example);
    }
}

static bool append_keyword(const char *topic, text *out)
{
    const keyword *word = keyword_find(topic);
    if (word == NULL)
        return false;
    text_append_format(out, "%s: %s\n\n  %s\n", topic, uses[word->use], word->meaning);
    append_sequences(topic, out);
    append_windows(topic, out);
    return true;
}

/* `time` and `event` are words of sentences, too. */
static bool append_event_value(const char *topic, text *out)
{
    if (!append_from(event_values, LENGTH(event_values), topic, out))
        return false;
    if (keyword_find(topic) != NULL)
        text_append_char(out, '\n');
    append_keyword(topic, out);
    return true;
}

static bool append_page(const char *name, text *out)
{
    for (size_t i = 0; i < LENGTH(pages); i++) {
        if (strcmp(pages[i].name, name) != 0)
            continue;
        text_append_char(out, '\n');
        append_body(pages[i].body, out);
        return true;
    }
    return false;
}

static bool append_code(const char *topic, text *out)
{
    for (size_t i = 0; i < DIAG_CODE_COUNT; i++) {
        const char *code = diag_code_text((diag_code)i);
        if (strcasecmp(code, topic) != 0)
            continue;
        text_append_format(out, "%s %s: %s\n", code, diag_code_name((diag_code)i),
                           diag_code_summary((diag_code)i));
        append_page(code, out);
        return true;
    }
    return false;
}

/* Behind what stands there: a word that begins a declaration, and the aggregate of its name. */
static void append_word(const char *topic, text *out)
{
    const keyword *word = keyword_find(topic);
    if (!word || word->use != KEYWORD_HEAD)
        return;
    text_append_char(out, '\n');
    append_keyword(topic, out);
    text above;
    text_init(&above);
    if (append_entry(topic, &above))
        text_append_format(out, "\n%s", above.data);
    text_done(&above);
}

static bool append_command(const char *topic, text *out)
{
    command_id command = command_find(topic);
    if (command == COMMAND_COUNT)
        return false;
    command_append_usage(command, out);
    append_subject(topic, out); /* "lua" is a subject, too, */
    append_word(topic, out);    /* and "list" a word */
    return true;
}

/* ---- lists --------------------------------------------------------------------------- */

/* "a, b, c" within the width of a line. */
static void append_names(const entry *list, size_t count, text *out)
{
    text line;
    text_init(&line);
    for (size_t i = 0; i < count; i++)
        text_append_format(&line, "%s%s", list[i].name, i + 1 < count ? ", " : "");
    say_wrap(line.data, 2, out);
    text_done(&line);
}

static void append_words(keyword_use use, text *out)
{
    text line;
    text_init(&line);
    for (size_t i = 0; i < keyword_count; i++) {
        if (keywords[i].use == use)
            text_append_format(&line, "%s%s", line.size > 0 ? ", " : "",
                               keywords[i].spelling);
    }
    say_wrap(line.data, 2, out);
    text_done(&line);
}

static bool append_word_list(const char *topic, text *out)
{
    if (strcmp(topic, "words") != 0)
        return false;
    text_append(out, "The words of the language. \"carpel help WORD\" explains one.\n");
    for (size_t use = 0; use < LENGTH(uses); use++) {
        text_append_format(out, "\n%s:\n", uses[use]);
        append_words((keyword_use)use, out);
    }
    text_append(out, "\naggregates, functions, parts of times:\n");
    append_names(entries, LENGTH(entries), out);
    text_append(out, "\nvalues of each event:\n");
    append_names(event_values, LENGTH(event_values), out);
    return true;
}

/* Each with a line; "carpel help function NAME" has the example too. */
static bool append_function_list(const char *topic, text *out)
{
    if (strcmp(topic, "function") != 0 && strcmp(topic, "functions") != 0)
        return false;
    text_append(out, "Aggregates, functions, and parts of times:\n\n");
    for (size_t i = 0; i < LENGTH(entries); i++)
        text_append_format(out, "  %-18s %s\n", entries[i].name, entries[i].meaning);
    return true;
}

/* "window": each form with all about it; "windows": a line for each. */
static bool append_window_list(const char *topic, text *out)
{
    if (strcmp(topic, "window") != 0 && strcmp(topic, "windows") != 0)
        return false;
    append_subject("windows", out);
    if (strcmp(topic, "window") == 0)
        return append_windows(NULL, out);
    text_append_format(out, "\n  %-21s%-37s %s\n\n", "window", "on the line",
                       "of events");
    for (size_t i = 0; i < LENGTH(windows); i++)
        text_append_format(out, "  %-20s %-37s %s\n", windows[i].form, windows[i].line,
                           windows[i].of_events);
    return true;
}

static bool append_sequence_list(const char *topic, text *out)
{
    if (strcmp(topic, "sequence") != 0 && strcmp(topic, "sequences") != 0)
        return false;
    text_append(out,
                "A sequence stands in brackets where events stand: behind did, in an "
                "aggregate, behind\nevent. a, b, c and x are events, D is a duration, "
                "p a property.\n");
    append_sequences(NULL, out);
    return true;
}

static bool append_limits(const char *topic, text *out)
{
    if (strcmp(topic, "limits") != 0)
        return false;
    text_append(out, "What carpel does not take. docs/limits.md has the messages too.\n");
    return append_page(topic, out);
}

static bool append_code_list(const char *topic, text *out)
{
    if (strcmp(topic, "codes") != 0)
        return false;
    for (size_t i = 0; i < DIAG_CODE_COUNT; i++)
        text_append_format(out, "%s  %-18s %s\n", diag_code_text((diag_code)i),
                           diag_code_name((diag_code)i), diag_code_summary((diag_code)i));
    return true;
}

static bool append_node_list(const char *topic, text *out)
{
    if (strcmp(topic, "nodes") != 0)
        return false;
    text_append(out, "The kinds of nodes that \"carpel graph\" shows:\n\n");
    for (size_t i = 0; i < LENGTH(nodes); i++)
        text_append_format(out, "  %-22s %s\n", nodes[i].name, nodes[i].meaning);
    return true;
}

static bool append_exit_list(const char *topic, text *out)
{
    if (strcmp(topic, "exit") != 0)
        return false;
    text_append(out, "Exit codes:\n\n");
    for (size_t i = 0; i < exit_count; i++)
        text_append_format(out, "  %3d  %s\n", exit_table[i].code, exit_table[i].meaning);
    return true;
}

/* How other tools say it: below what is said on a word of ours, or for itself. */
static void append_phrases(const char *topic, text *out)
{
    const phrase *found = phrase_find(topic, NULL);
    if (found != NULL)
        text_append_format(out, "%s%s in other tools, and how it is said here:\n",
                           out->size > 0 ? "\n" : "", topic);
    for (; found != NULL; found = phrase_find(topic, found))
        text_append_format(out, "\n  %s\n      %s\n", found->theirs, found->ours);
}

/* Lists that are topics by themselves. */
static const entry lists[] = {
    {"lib", NULL, "the scripts that come with carpel, and their functions", NULL},
    {"words", NULL, "all words, aggregates and functions of the language", NULL},
    {"functions", NULL, "each aggregate and function with its meaning", NULL},
    {"window", NULL, "each form of a window, where it begins and ends", NULL},
    {"sequence", NULL, "each form of a sequence: one thing after another", NULL},
    {"limits", NULL, "the largest that carpel takes of everything", NULL},
    {"codes", NULL, "all codes of messages", NULL},
    {"nodes", NULL, "what the nodes of the graph are", NULL},
    {"exit", NULL, "exit codes", NULL},
};

/* ---- the command ---------------------------------------------------------------------- */

static void append_topics(text *out)
{
    text_append(out, "carpel help TOPIC explains\n\na command:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        text_append_format(out, "  %-10s %s\n", command_table[i].name,
                           command_table[i].summary);
    text_append(out, "\na subject:\n");
    for (size_t i = 0; i < LENGTH(subjects); i++)
        text_append_format(out, "  %-10s %s\n", subjects[i].name, subjects[i].summary);
    for (size_t i = 0; i < LENGTH(lists); i++)
        text_append_format(out, "  %-10s %s\n", lists[i].name, lists[i].meaning);
    text_append(
        out, "\na word of the language, such as did or in last, a function, such as "
             "median,\nthe code of a message, such as E0104, or a word of another tool, "
             "such as like,\nhaving or countif.\n"
             "The manual of a plugin: carpel plugins NAME\n");
}

static int refuse(const char *topic)
{
    suggestion s = suggest_begin(topic);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        suggest_consider(&s, command_table[i].name);
    for (size_t i = 0; i < LENGTH(subjects); i++)
        suggest_consider(&s, subjects[i].name);
    for (size_t i = 0; i < LENGTH(lists); i++)
        suggest_consider(&s, lists[i].name);
    for (size_t i = 0; i < LENGTH(entries); i++)
        suggest_consider(&s, entries[i].name);
    for (size_t i = 0; i < LENGTH(event_values); i++)
        suggest_consider(&s, event_values[i].name);
    for (size_t i = 0; i < keyword_count; i++)
        suggest_consider(&s, keywords[i].spelling);
    say_error("there is no help on \"%s\"", topic);
    if (suggest_best(&s) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel help\" lists the topics.");
    return EXIT_BAD_USAGE;
}

typedef bool append_topic(const char *topic, text *out);

static append_topic *const kinds_of_topics[] = {
    append_command,       append_window_list,   append_subject, append_word_list,
    append_function_list, append_sequence_list, append_limits,  append_code_list,
    append_node_list,     append_exit_list,     append_entry,   append_event_value,
    append_keyword,       append_code,
};

/* "function median" is median, and "in last" is one topic, with quotes or without. */
static void append_arguments(const command_line *line, text *topic)
{
    static const char *const kinds[] = {"function", "aggregate", "window"};
    size_t first = 0;
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (line->argument_count > 1 && strcmp(line->arguments[0], kinds[i]) == 0)
            first = 1;
    }
    for (size_t i = first; i < line->argument_count; i++)
        text_append_format(topic, "%s%s", topic->size > 0 ? " " : "", line->arguments[i]);
}

static void append_plugin(const char *topic, text *out)
{
    if (plugin_is_there(topic))
        text_append_format(out, "%s: a plugin\n\n  Its manual: carpel plugins %s\n",
                           topic, topic);
}

static void append_all(const command_line *line, const char *topic, text *out)
{
    for (size_t i = 0; out->size == 0 && i < LENGTH(kinds_of_topics); i++)
        kinds_of_topics[i](topic, out);
    if (out->size == 0)
        help_append_scripts(line, topic, out);
    if (out->size == 0)
        help_append_library(topic, out);
    if (out->size == 0)
        append_plugin(topic, out);
    append_phrases(topic, out);
}

int command_help(const command_line *line)
{
    text out, topic;
    text_init(&out);
    text_init(&topic);
    append_arguments(line, &topic);
    if (line->argument_count == 0)
        append_topics(&out);
    else
        append_all(line, topic.data, &out);
    size_t first = strcspn(topic.data, " ."); /* of "full weeks", "now.date" */
    if (out.size == 0 && first > 0 && first < topic.size) {
        char joint = topic.data[first];
        topic.data[first] = '\0';
        append_all(line, topic.data, &out);
        topic.data[first] = joint;
    }
    int code = out.size > 0 ? say_result(&out) : refuse(topic.data);
    text_done(&topic);
    text_done(&out);
    return code;
}
