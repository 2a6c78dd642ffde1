/* SPDX-License-Identifier: MIT
 *
 * Files that require others: where they are found, that none is found anywhere else, what is
 * wrong with them, and that nobody sees through them what another call did.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/path.h"
#include "script_support.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 60000000};

static path_list made; /* files and folders, to be removed */

static char *path_of(const char *name)
{
    return path_join(script_directory, name);
}

static void put(const char *name, const char *lua)
{
    carpel_error err;
    char *path = path_of(name);
    assert_true(file_write_whole(path, lua, strlen(lua), &err));
    path_list_add(&made, path);
    memory_free(path);
}

static void put_folder(const char *name)
{
    carpel_error err;
    char *path = path_of(name);
    assert_true(directory_make(path, &err));
    path_list_add(&made, path);
    memory_free(path);
}

static void put_link(const char *name, const char *target)
{
    char *path = path_of(name);
    assert_int_equal(symlink(target, path), 0);
    path_list_add(&made, path);
    memory_free(path);
}

static int remove_made(void **state)
{
    (void)state;
    while (made.count > 0) {
        const char *path = made.items[--made.count];
        if (unlink(path) != 0)
            rmdir(path);
        memory_free(made.items[made.count]);
    }
    made.count = 0;
    path_list_done(&made);
    made = (path_list){0};
    return 0;
}

static bool load(script_set *s, const char *name, diags *d)
{
    char *path = path_of(name);
    bool ok = script_set_load(s, path, (span){0}, E0311, d);
    memory_free(path);
    return ok;
}

static script_set *set_of(const char *name)
{
    script_set *s = script_set_new(limits);
    diags *d = diags_new();
    if (!load(s, name, d))
        fail_msg("%s: %s", name, diags_get(d, 0)->message);
    diags_free(d);
    return s;
}

/* What a function of no arguments gives, as a text; or the message of its failure. */
static void ask(script_state *s, const script_set *set, const char *module,
                const char *function, text *out)
{
    script_value result;
    const char *message;
    size_t number = script_set_find(set, module, function);
    assert_true(number != SIZE_MAX);
    text_clear(out);
    if (!script_call(s, number, NULL, 0, &result, &message))
        text_append(out, message);
    else if (result.kind == SCRIPT_TEXT)
        text_append_bytes(out, result.text.data, result.text.size);
    else
        text_append_format(out, "%s", result.kind == SCRIPT_MISSING ? "missing" : "?");
}

static void check(const script_set *set, const char *module, const char *function,
                  const char *expected)
{
    text found;
    text_init(&found);
    script_state *s = script_state_new(set, NULL);
    ask(s, set, module, function, &found);
    if (!strstr(found.data, expected))
        fail_msg("%s: \"%s\" instead of \"%s\"", module, found.data, expected);
    script_state_free(s);
    text_done(&found);
}

static void test_found(void **state)
{
    (void)state;
    put_folder("sub");
    put("util.lua", "local u = {unit = 'days'} function u.name(x) return x .. ' ' .. "
                    "u.unit end return u");
    put("sub/more.lua", "function twice(x) return x .. x end");
    put("m.lua", "local util, more = require 'util', require('sub.more')\n"
                 "local rate = require 'lib.rate'\n"
                 "return {name = function() return util.name('3') end,\n"
                 "twice = function() return more.twice('ab') end,\n"
                 "low = function() return ('%.4f'):format(rate.low(1, 10)) end}");
    script_set *set = set_of("m.lua");
    check(set, "m", "name", "3 days");
    check(set, "m", "twice", "abab");
    check(set, "m", "low", "0.0179");
    assert_int_equal(script_set_find(set, "util", "name"), SIZE_MAX); /* not for rules */
    assert_false(script_set_has_module(set, "rate"));
    size_t name = script_set_find(set, "m", "name");
    assert_int_equal(script_set_function_file_count(set, name), 4);
    assert_true(slice_starts_with(script_set_function_file(set, name, 1),
                                  slice_of("local u = {unit")));
    script_set_free(set);
}

/* A folder of one script is one for all, whichever is loaded first. */
static void test_folders(void **state)
{
    (void)state;
    put_folder("one");
    put_folder("two");
    put("two/util.lua", "return {f = function() return 'of two' end}");
    put("one/a.lua", "local util = require 'util' return {f = util.f}");
    put("two/b.lua", "return {f = type}");
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    char *later = path_of("two/b.lua");
    script_set_add_folder_of(set, later);
    assert_true(load(set, "one/a.lua", d) && load(set, "two/b.lua", d));
    check(set, "a", "f", "of two");
    memory_free(later);
    diags_free(d);
    script_set_free(set);
}

static void test_used_and_required(void **state)
{
    (void)state;
    put("util.lua",
        "carpel.define {name = 'f', help = 'h', args = {}, result = 'string',\n"
        "call = function() return 'f of util' end}");
    put("a.lua", "local util = require 'util' assert(util == require 'util')\n"
                 "return {g = function() return util.f() end}");
    for (int order = 0; order < 2; order++) {
        script_set *set = set_of(order == 0 ? "util.lua" : "a.lua");
        diags *d = diags_new();
        assert_true(load(set, order == 0 ? "a.lua" : "util.lua", d));
        check(set, "util", "f", "f of util");
        check(set, "a", "g", "f of util");
        assert_non_null(script_set_signature(set, script_set_find(set, "util", "f")));
        assert_null(script_set_signature(set, script_set_find(set, "a", "g")));
        diags_free(d);
        script_set_free(set);
    }
}

/* A set that cannot load m.lua: what it says, and what to do. */
static void refuse(const char *message, const char *hint)
{
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    if (load(set, "m.lua", d))
        fail_msg("loaded in spite of: %s", message);
    if (!strstr(diags_get(d, 0)->message, message))
        fail_msg("\"%s\" instead of \"%s\"", diags_get(d, 0)->message, message);
    if (hint && !strstr(diags_get(d, 0)->hint, hint))
        fail_msg("\"%s\" instead of \"%s\"", diags_get(d, 0)->hint, hint);
    diags_free(d);
    script_set_free(set);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "'/etc/passwd'",
        "'../util'",
        "'..'",
        "'.'",
        "''",
        "'a..b'",
        "'.util'",
        "'util.'",
        "'sub/util'",
        "'a\\\\b'",
        "'util\\0x'",
        "'a b'",
        "'c:util'",
        "5",
        "nil",
        "{}",
        "('x'):rep(201)",
        "'\\xff'",
        "'util\\n'",
        "'%2e%2e'",
        "'~'",
        "'*'",
    };
    char lua[200];
    put("util.lua", "return {f = type}");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(lua, sizeof lua, "pcall(require, %s)\nreturn {f = type}", names[i]);
        put("m.lua", lua);
        refuse("require takes the name of a file, without a path", "\"sub.util\"");
    }
}

static void test_missing(void **state)
{
    (void)state;
    put("m.lua", "\nlocal util = require 'rate'\nreturn {f = type}");
    refuse("m.lua:2: require \"rate\" finds no file", "require \"lib.rate\"");
    refuse("m.lua:2: require \"rate\" finds no file", script_directory);
    put("m.lua", "pcall(require, 'util')\nreturn {f = type}");
    refuse("require \"util\" finds no file", "\"util.lua\" in a folder");
    put_folder("util.lua");
    refuse("require \"util\" finds no file", NULL);
}

static void test_two_files(void **state)
{
    (void)state;
    script_set *set = script_set_new(limits);
    diags *d = diags_new();
    put_folder("one");
    put("one/util.lua", "return {f = type}");
    put("one/b.lua", "return {f = type}");
    put("util.lua", "return {f = type}");
    put("m.lua", "local util = require 'util' return {f = util.f}");
    assert_true(load(set, "one/b.lua", d));
    assert_false(load(set, "m.lua", d));
    assert_non_null(strstr(diags_get(d, 0)->message, "leads to two files"));
    diags_free(d);
    script_set_free(set);
}

static void test_links(void **state)
{
    (void)state;
    put_folder("one");
    put_folder("one/in");
    put_folder("out");
    put("out/secret.lua", "return {f = type}");
    put("one/in/real.lua", "return {f = function() return 'real' end}");
    put_link("one/near.lua", "in/real.lua");
    put_link("one/far.lua", "../out/secret.lua");
    put_link("one/up", "../out");
    put_link("one/nowhere.lua", "nothing.lua");
    put("one/good.lua", "local near = require 'near' return {f = near.f}");
    put_link("m.lua", "one/m.lua");
    script_set *set = set_of("one/good.lua");
    check(set, "good", "f", "real");
    static const struct {
        const char *name, *message;
    } links[] = {{"far", "leads out of the folders"},
                 {"up.secret", "leads out of the folders"},
                 {"nowhere", "finds no file"}};
    for (size_t i = 0; i < 3; i++) {
        char lua[80];
        diags *d = diags_new();
        snprintf(lua, sizeof lua, "pcall(require, '%s') return {f = type}",
                 links[i].name);
        put("one/bad.lua", lua);
        assert_false(load(set, "one/bad.lua", d));
        if (!strstr(diags_get(d, 0)->message, links[i].message))
            fail_msg("%s: %s", links[i].name, diags_get(d, 0)->message);
        diags_free(d);
    }
    script_set_free(set);
}

/* ---- a file that is exchanged meanwhile ----------------------------------- */

typedef struct exchange {
    char *inside, *aside,
        *place; /* a file, the name of the next, and what is exchanged */
    atomic_bool is_over;
} exchange;

/* In turn another name of a file inside and a link to one outside. */
static void *exchange_files(void *data)
{
    exchange *x = data;
    while (!atomic_load(&x->is_over)) {
        if (link(x->inside, x->aside) != 0 || rename(x->aside, x->place) != 0 ||
            symlink("../out/secret.lua", x->aside) != 0 ||
            rename(x->aside, x->place) != 0)
            return x;
    }
    return NULL;
}

/* Whenever the link is put there, what lies outside is never run. */
static void test_exchanged(void **state)
{
    enum { TRIES = 3000 };
    (void)state;
    put_folder("one");
    put_folder("out");
    put("out/secret.lua", "return {f = function() return 'outside' end}");
    put("one/inside.lua", "return {f = function() return 'inside' end}");
    put("one/place.lua", "");
    put("one/aside.lua", "");
    put("one/m.lua", "local p = require 'place' return {f = p.f}");
    exchange x = {path_of("one/inside.lua"), path_of("one/aside.lua"),
                  path_of("one/place.lua"), false};
    assert_int_equal(unlink(x.aside), 0);
    pthread_t thread;
    void *failed;
    assert_int_equal(pthread_create(&thread, NULL, exchange_files, &x), 0);
    for (int i = 0; i < TRIES; i++) {
        script_set *set = script_set_new(limits);
        diags *d = diags_new();
        if (load(set, "one/m.lua", d))
            check(set, "m", "f", "inside");
        diags_free(d);
        script_set_free(set);
    }
    atomic_store(&x.is_over, true);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    memory_free(x.inside);
    memory_free(x.aside);
    memory_free(x.place);
}

static void test_circles(void **state)
{
    (void)state;
    put("m.lua", "require 'a' return {f = type}");
    put("a.lua", "\nrequire 'b' return {f = type}");
    put("b.lua", "pcall(require, 'a') return {f = type}");
    refuse("b.lua", "third file");
    refuse("require each other in a circle: ", NULL);
    put("m.lua", "pcall(require, 'm') return {f = type}");
    refuse("require each other in a circle: ", NULL);
}

static void test_deep(void **state)
{
    (void)state;
    char name[30], lua[80];
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "d%d.lua", i);
        snprintf(lua, sizeof lua, "%s%d%s return {f = function() return 'deep' end}",
                 i < 29 ? "require 'd" : "--", i + 1, i < 29 ? "'" : "\n");
        put(name, lua);
    }
    put("m.lua", "require 'd11' return {f = function() return 'deep' end}");
    script_set *set = set_of("m.lua"); /* itself, and d11 to d29 */
    check(set, "m", "f", "deep");
    script_set_free(set);
    put("m.lua", "require 'd10' return {f = type}");
    refuse("more than 20 deep", NULL);
}

static void test_mistakes_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *lua, *message;
    } cases[] = {
        {"return {\nf = }", "util.lua:2: unexpected symbol"},
        {"\nlocal x = nil + 1", "util.lua:2: attempt to perform arithmetic"},
        {"return 5", "it returns a number"},
        {"error({})", "it raised a value"},
        {"\x1bLua", "attempt to load a binary chunk"},
        {"carpel.define {name = 'g', help = 'h', result = 'int'}", "no such function"},
        {"x = pairs({}) y = ('a'):gmatch('.')", "it keeps a"},
        {"io.open('/etc/passwd')", "attempt to index a nil value (global 'io')"},
    };
    put("m.lua", "local ok, util = pcall(require, 'util')\nreturn {f = type}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put("util.lua", cases[i].lua);
        refuse(cases[i].message, NULL);
        refuse("m.lua\" cannot be loaded: ", NULL);
    }
    put("util.lua", "while true do end");
    script_set *set = script_set_new((script_limits){8 << 20, 1000});
    diags *d = diags_new();
    assert_false(load(set, "m.lua", d));
    assert_non_null(strstr(diags_get(d, 0)->message, "ran longer"));
    diags_free(d);
    script_set_free(set);
}

/* Files share what is sealed: nobody sees what another did. */
static void test_pure(void **state)
{
    (void)state;
    put("util.lua", "local n = 0 local u = {t = {}}\n"
                    "function u.count() n = n + 1 return n end\n"
                    "function u.set() u.t.x = 1 end\n"
                    "function u.make() local k = 0 return function() k = k + 1 end end\n"
                    "return u");
    put("m.lua", "local util = require 'util' local made = util.make()\n"
                 "return {count = function() return util.count() .. '' end,\n"
                 "hidden = function() pcall(util.set) return 'kept' end,\n"
                 "own = function() util.mine = 1 end,\n"
                 "made = function() made() end,\n"
                 "late = function() return require('util').t end,\n"
                 "caught = function() return tostring(pcall(require, 'util')) end,\n"
                 "package = function() return type(package) end}");
    script_set *set = set_of("m.lua");
    check(set, "m", "count", "changes \"n\", a variable outside of the function");
    check(set, "m", "hidden", "changes \"x\" of a table outside of the function");
    check(set, "m", "own", "changes \"mine\" of a table outside of the function");
    check(set, "m", "made", "changes \"k\", a variable outside of the function");
    check(set, "m", "late", "require belongs at the top of a file");
    check(set, "m", "caught", "false");
    check(set, "m", "package", "nil");
    outcomes o = {0};
    script_state *s = script_state_new(set, NULL);
    call_rows(s, set, "count", NULL, 0, 2, &o);
    assert_int_equal(o.failures, 2);
    script_state_free(s);
    script_set_free(set);
}

static void test_changed_while_loading(void **state)
{
    (void)state;
    put("util.lua", "return {t = {}, f = type}");
    put("m.lua", "local util = require 'util' util.t.x = 1 return {f = type}");
    refuse("changes \"x\" of a table outside", NULL);
    put("m.lua", "return require 'util'");
    refuse("it returns the table of another file", NULL);
    put("m.lua", "local util = require 'util' return {f = util.f}");
    script_set_free(set_of("m.lua"));
}

/* A state that is made anew after a limit has its files again. */
static void test_made_anew(void **state)
{
    (void)state;
    put("util.lua", "return {turn = function() while true do end end, a = 'one'}");
    put("m.lua", "local util = require 'util'\n"
                 "return {bad = function() util.turn() end, good = function() return "
                 "util.a end}");
    script_set *set = script_set_new((script_limits){8 << 20, 20000});
    diags *d = diags_new();
    text found;
    text_init(&found);
    assert_true(load(set, "m.lua", d));
    script_state *s = script_state_new(set, NULL);
    for (int i = 0; i < 3; i++) {
        ask(s, set, "m", "bad", &found);
        assert_non_null(strstr(found.data, "ran longer"));
        ask(s, set, "m", "good", &found);
        assert_string_equal(found.data, "one");
    }
    script_state_free(s);
    text_done(&found);
    diags_free(d);
    script_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_found, remove_made),
        cmocka_unit_test_teardown(test_folders, remove_made),
        cmocka_unit_test_teardown(test_used_and_required, remove_made),
        cmocka_unit_test_teardown(test_names, remove_made),
        cmocka_unit_test_teardown(test_missing, remove_made),
        cmocka_unit_test_teardown(test_two_files, remove_made),
        cmocka_unit_test_teardown(test_links, remove_made),
        cmocka_unit_test_teardown(test_exchanged, remove_made),
        cmocka_unit_test_teardown(test_circles, remove_made),
        cmocka_unit_test_teardown(test_deep, remove_made),
        cmocka_unit_test_teardown(test_mistakes_in_it, remove_made),
        cmocka_unit_test_teardown(test_pure, remove_made),
        cmocka_unit_test_teardown(test_changed_while_loading, remove_made),
        cmocka_unit_test_teardown(test_made_anew, remove_made),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
