/* SPDX-License-Identifier: MIT
 *
 * The grammar of segment files. It reads one declaration at a time: src/lang/parse.c cuts
 * the file at the declaration words of the left margin, where reading also goes on after
 * a mistake. Actions only build nodes (src/lang/build.c). Which word is a keyword where
 * is settled before (src/lang/lexer.c), what a mistake means after (src/lang/mistake.c).
 */
%require "3.8"
%define api.pure full
%define api.prefix {segment_}
%define api.token.prefix {TOKEN_}
%define api.location.type {span}
%define lr.type ielr
%define parse.lac full
%define parse.error custom
%locations
%expect 0
%param {parser *p}

%code requires {
#include "lang/build.h"
}

%code {
#include <assert.h>
#include <string.h>

/* Brackets are counted before they come here, so only endless `- - - x` gets this far. */
#define YYMAXDEPTH 20000

#define YYLLOC_DEFAULT(current, rhs, n) \
    ((current) = (n) > 0 ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) \
                         : (span){YYRHSLOC(rhs, 0).file, YYRHSLOC(rhs, 0).end, \
                                  YYRHSLOC(rhs, 0).end})

/* What the actions make: a node with the parts that are named, an expression, window or
 * declaration at its place; and a copy of a small value, for a list. */
#define NODE(type, ...) build_node(p, &(ast_##type){__VA_ARGS__}, sizeof(ast_##type))
#define EXPR(of, ...) build_expr(p, (ast_expr){.kind = EXPR_##of, .where = __VA_ARGS__})
#define WINDOW(of, ...) NODE(window, .kind = WINDOW_##of, .place = __VA_ARGS__)
#define DECL(of, ...) NODE(decl, .kind = DECL_##of, .where = __VA_ARGS__)
#define COPY(value) build_node(p, &(value), sizeof(value))

static const ast_list NOTHING = {0};

static int segment_lex(SEGMENT_STYPE *value, span *where, parser *p);
static void segment_error(const span *where, parser *p, const char *message);
}

%initial-action {
    @$ = p->end_token.where;
    @$.begin = @$.end = p->tokens[p->next].where.begin;
}

%union {
    const lex_token *token;
    ast_name name;
    ast_list list;
    ast_duration duration;
    ast_ref ref;
    ast_amount amount;
    ast_modifiers modifiers;
    ast_occasion occasion;
    ast_month_day month_day;
    ast_expr *expr;
    ast_event *event;
    ast_step *step;
    ast_pattern *pattern;
    ast_link *link;
    ast_selection *selection;
    ast_window *window;
    ast_times *times;
    ast_periods *periods;
    ast_row *row;
    ast_decl *decl;
    ast_group *group;
    ast_point *point;
    ast_arm *arm;
    ast_line *line;
    ast_setting *setting;
    calendar_unit unit;
    ast_quantity quantity;
    ast_compare compare;
    ast_has has;
    bool flag;
    int number; /* a unit of time, or -1 */
}

%token <token> NAME NUMBER PERCENT STRING DATE DATETIME UNIT SECOND WEEKDAY MONTHNAME ORD
%token <token> HALF AGG TRUE FALSE
%token <token> NOTE OWNER TAGS PURPOSE OTHERWISE BY FROM TO DATES MISSING MATCHES CONTAINS
%token <token> LATER TIMES ONCE TWICE FULL TODAY YESTERDAY TOMORROW UNTIL ON OF AGO PLUS
%token <token> MINUS EACH AT HAS EXPECT ENTERS LEAVES FOR PER TRAIT_OWNER HAS_LIST LIBRARY
%token USE LET LIST EVENT SEGMENT GROUPS SCORE OCCASION SPLIT SCENARIO
%token FOR_EACH AMONG JUDGED_EVERY WHEN STAY_WHILE
%token AND OR NOT IN IS STARTS_WITH ENDS_WITH IN_TOP IN_BOTTOM IF THEN ELSE
%token DID NO DIRECTLY WHERE ANY ANYTHING WITH_SAME ALL_WITHIN WITH_HALF_LIFE
%token WITH_ONLY WITHOUT_REPEATS STRICTLY_LATER A_ROW AT_LEAST AT_MOST EXACTLY MORE_THAN FEWER_THAN NONE_OF ALL_OF
%token IN_LAST IN_PREVIOUS IN_NEXT IN_THIS BETWEEN SINCE BEFORE AFTER DURING WITHIN
%token NOW FIRST LAST NEXT ANNIVERSARY_OF CHANGE_OF TIME_SINCE TIME_UNTIL AS_OF
%token NTILE PERCENTILE RANK LE GE NE

%type <decl> decl attrs
%type <name> title heading declared subject by name
%type <token> word free label
%type <list> text names groups plan arms lines props wanted set records fields dates exprs args sums wins
%type <list> alts items all chain spans windows path tail
%type <ref> among ref inside
%type <unit> unit
%type <number> judged ord
%type <group> group
%type <point> point
%type <flag> sign nt crossing empty top pick full
%type <occasion> occasion
%type <month_day> monthday
%type <arm> arm
%type <line> line
%type <setting> value told given
%type <expr> stay at instant called class expr neg state aggregate ands ors test sum term unary primary where asof
%type <compare> cmp
%type <has> which
%type <amount> amount
%type <event> kind event
%type <step> step
%type <pattern> pattern bounds
%type <link> bare link
%type <selection> sel sel1 sel1prop deed
%type <modifiers> mods absence
%type <times> times some
%type <periods> periods
%type <row> row
%type <quantity> quant
%type <window> win anchor
%type <duration> duration

%%

file: decl { p->decl = $1; } ;

/* ==== declarations ==== */

decl: USE STRING
        { $$ = DECL(USE, @$, .name = build_name($2), .title = build_no_name(@2)); }
    | USE LIBRARY '.' NAME
        { $$ = DECL(USE, @$, .name = build_library(p, $2, $4), .module = build_name($4),
                    .title = build_no_name(@4)); }
    | LET heading title '=' expr
        { $$ = DECL(LET, @$, .name = $2, .title = $3, .value = $5); }
    | LIST heading title '=' sums
        { $$ = DECL(LIST, @$, .name = $2, .title = $3, .values = $5); }
    | LIST heading title FROM STRING
        { $$ = DECL(LIST, @$, .name = $2, .title = $3, .from = build_name($5)); }
    | EVENT heading title '=' pattern
        { $$ = DECL(EVENT, @$, .name = $2, .title = $3, .pattern = $5); }
    | SEGMENT heading title attrs subject among judged WHEN expr stay
        { $$ = build_decl($4, DECL_SEGMENT, @$, $2, $3);
          build_scope($$, $5, $6, $7, @7); $$->value = $9; $$->stay = $10; }
    | GROUPS heading title attrs subject among judged groups
        { $$ = build_decl($4, DECL_GROUPS, @$, $2, $3);
          build_scope($$, $5, $6, $7, @7); $$->groups = $8; }
    | SCORE heading title attrs subject '=' expr
        { $$ = build_decl($4, DECL_SCORE, @$, $2, $3); $$->subject = $5; $$->value = $7; }
    | SCORE heading title attrs subject plan
        { $$ = build_decl($4, DECL_SCORE, @$, $2, $3); $$->subject = $5;
          $$->points = $6; }
    | OCCASION heading title ON occasion
        { $$ = DECL(OCCASION, @$, .name = $2, .title = $3, .occasion = $5); }
    | SPLIT heading title among by arms
        { $$ = DECL(SPLIT, @$, .name = $2, .title = $3, .among = $4, .by = $5,
                    .arms = $6); }
    | SCENARIO STRING lines
        { $$ = DECL(SCENARIO, @$, .name = build_name($2), .title = build_no_name(@2),
                    .lines = $3); }
    ;

heading: declared
    | free                          { $$ = build_declared_name(p, $1); }
    ;
declared: NAME                      { $$ = build_declared_name(p, $1); } ;

title: %empty                       { $$ = build_no_name(@$); }
    | STRING                        { $$ = build_name($1); }
    ;

attrs: %empty                       { $$ = NODE(decl, .where = @$); }
    | attrs NOTE text               { $$ = $1; build_list_join(p, &$$->notes, &$3); }
    | attrs OWNER STRING            { $$ = $1; build_attribute(p, &$$->owner, "owner", $3); }
    | attrs TAGS names              { $$ = $1; build_list_join(p, &$$->tags, &$3); }
    | attrs PURPOSE NAME
        { $$ = $1; build_attribute(p, &$$->purpose, "purpose", $3); }
    ;
text: STRING                        { $$ = build_names(p, build_name($1)); }
    | text STRING                   { $$ = build_names_add(p, $1, build_name($2)); }
    ;
names: NAME                         { $$ = build_names(p, build_name($1)); }
    | names ',' NAME                { $$ = build_names_add(p, $1, build_name($3)); }
    ;

subject: %empty                     { $$ = build_no_name(@$); }
    | FOR_EACH NAME                 { $$ = build_name($2); }
    ;
class: %empty                       { $$ = NULL; }
    | WITHIN EACH path              { $$ = EXPR(PATH, @3, .names = $3); }
    ;
among: %empty                       { $$ = build_ref(@$, NULL, NULL); }
    | AMONG ref                     { $$ = $2; }
    ;
judged: %empty                      { $$ = -1; }
    | JUDGED_EVERY unit             { $$ = (int)$2; }
    ;
stay: %empty                        { $$ = NULL; }
    | STAY_WHILE expr               { $$ = $2; }
    ;

groups: group                       { $$ = build_list(p, $1); }
    | groups group                  { $$ = build_list_add(p, $1, $2); }
    ;
group: declared title WHEN expr
        { $$ = NODE(group, .name = $1, .title = $2, .when = $4, .place = @$); }
    | declared title OTHERWISE
        { $$ = NODE(group, .name = $1, .title = $2, .place = @$); }
    ;

plan: point                         { $$ = build_list(p, $1); }
    | plan point                    { $$ = build_list_add(p, $1, $2); }
    ;
point: sign NUMBER WHEN expr
        { $$ = NODE(point, .is_minus = $1, .amount = $2->number, .when = $4,
                    .place = @$); }
    | sign NUMBER EACH pattern windows
        { $$ = NODE(point, .is_minus = $1, .amount = $2->number, .pattern = $4,
                    .windows = $5, .place = @$); }
    | sign NUMBER EACH pattern windows AT_MOST NUMBER
        { $$ = NODE(point, .is_minus = $1, .amount = $2->number, .pattern = $4,
                    .windows = $5, .has_cap = true, .cap = $7->number, .place = @$); }
    ;
sign: PLUS                          { $$ = false; }
    | MINUS                         { $$ = true; }
    ;

occasion: monthday
        { $$ = (ast_occasion){.kind = OCCASION_DAY, .first = $1}; }
    | monthday TO monthday
        { $$ = (ast_occasion){.kind = OCCASION_SPAN, .first = $1, .last = $3}; }
    | ord WEEKDAY OF MONTHNAME
        { $$ = (ast_occasion){.kind = OCCASION_WEEKDAY, .ordinal = $1,
                              .weekday = (weekday)$2->keyword->value,
                              .month = (unsigned)$4->keyword->value}; }
    | DATES dates
        { $$ = (ast_occasion){.kind = OCCASION_DATES, .dates = $2}; }
    ;
monthday: MONTHNAME NUMBER          { $$ = build_month_day(p, $1, $2); } ;
ord: FIRST                          { $$ = 1; }
    | SECOND                        { $$ = 2; }
    | ORD                           { $$ = $1->keyword->value; }
    | LAST                          { $$ = -1; }
    ;
dates: DATE
        { $$ = build_list(p, build_literal(p, EXPR_DATE, $1)); }
    | dates ',' DATE
        { $$ = build_list_add(p, $1, build_literal(p, EXPR_DATE, $3)); }
    ;

by: %empty                          { $$ = build_no_name(@$); }
    | BY STRING                     { $$ = build_name($2); }
    ;
arms: arm                           { $$ = build_list(p, $1); }
    | arms arm                      { $$ = build_list_add(p, $1, $2); }
    ;
arm: declared PERCENT
        { $$ = NODE(arm, .name = $1, .share = $2->number, .place = @$); }
    ;

lines: line                         { $$ = build_list(p, $1); }
    | lines line                    { $$ = build_list_add(p, $1, $2); }
    ;
line: NAME DID NAME AT instant props
        { $$ = NODE(line, .kind = LINE_DID, .person = build_name($1), .at = $5,
                    .event = build_name($3), .settings = $6, .place = @$); }
    | NAME HAS set at
        { $$ = NODE(line, .kind = LINE_HAS, .person = build_name($1), .at = $4,
                    .settings = $3, .place = @$); }
    | EXPECT NAME nt IN ref AT instant
        { $$ = NODE(line, .kind = LINE_EXPECT_IN, .person = build_name($2), .at = $7,
                    .is_negated = $3, .ref = $5, .place = @$); }
    | EXPECT NAME crossing ref AT instant
        { $$ = NODE(line, .kind = LINE_EXPECT_IN, .person = build_name($2), .at = $6,
                    .is_crossing = true, .is_negated = $3, .ref = $4, .place = @$); }
    | EXPECT NAME HAS wanted AT instant
        { $$ = NODE(line, .kind = LINE_EXPECT_HAS, .person = build_name($2), .at = $6,
                    .settings = $4, .place = @$); }
    | EXPECT given at
        { $$ = NODE(line, .kind = LINE_EXPECT_CALL, .person = build_no_name(@1), .at = $3,
                    .settings = build_list(p, $2), .place = @$); }
    ;
given: called '=' sum               { $$ = build_given(p, $1, $3); }
    | called '=' sum WITHIN sum
        { $$ = build_given(p, $1, $3); $$->tolerance = $5; }
    ;
called: path '(' args ')'           { $$ = EXPR(CALL, @$, .names = $1, .list = $3); }
    ;
crossing: ENTERS                    { $$ = false; }
    | LEAVES                        { $$ = true; }
    ;
wanted: value                       { $$ = build_list(p, $1); }
    | wanted ',' value              { $$ = build_list_add(p, $1, $3); }
    ;
value: path '=' sum                 { $$ = build_setting(p, $1, $3); }
    | path '=' sum WITHIN sum
        { $$ = build_setting(p, $1, $3); $$->tolerance = $5; }
    ;
props: %empty                       { $$ = NOTHING; }
    | '(' set ')'                   { $$ = $2; }
    ;
set: told                           { $$ = build_list(p, $1); }
    | set ',' told                  { $$ = build_list_add(p, $1, $3); }
    ;
told: path '=' sum                  { $$ = build_setting(p, $1, $3); }
    | path '(' ')'                  { $$ = build_told_list(p, $1, NOTHING); }
    | path '(' sums ')'             { $$ = build_told_values(p, $1, $3); }
    | path records                  { $$ = build_told_list(p, $1, $2); }
    ;
records: '(' fields ')'             { $$ = build_list(p, NODE(item, .settings = $2)); }
    | records '(' fields ')'
        { $$ = build_list_add(p, $1, NODE(item, .settings = $3)); }
    ;
fields: path '=' sum                { $$ = build_list(p, build_setting(p, $1, $3)); }
    | fields ',' path '=' sum
        { $$ = build_list_add(p, $1, build_setting(p, $3, $5)); }
    ;
at: %empty                          { $$ = NULL; }
    | AT instant                    { $$ = $2; }
    ;
instant: DATETIME                   { $$ = build_literal(p, EXPR_TIME, $1); }
    | DATE                          { $$ = build_first_instant(p, $1); }
    ;

/* ==== conditions: `and` and `or` never mix without brackets, and `not` shows its reach
   ==== with brackets */

expr: neg
    | ands
    | ors
    | IF expr THEN expr ELSE expr
        { $$ = EXPR(IF, @$, .condition = $2, .left = $4, .right = $6); }
    ;
ands: neg AND neg                   { $$ = EXPR(AND, @$, .list = build_pair(p, $1, $3)); }
    | ands AND neg                  { $$ = build_chain_add(p, $1, @$, $3); }
    ;
ors: neg OR neg                     { $$ = EXPR(OR, @$, .list = build_pair(p, $1, $3)); }
    | ors OR neg                    { $$ = build_chain_add(p, $1, @$, $3); }
    ;
neg: state
    | state FOR quant duration
        { $$ = EXPR(LASTING, @$, .left = $1, .quantity = $3, .duration = $4); }
    ;
state: NOT '(' expr ')'             { $$ = EXPR(NOT, @$, .left = $3); }
    | some '(' exprs ')'            { $$ = EXPR(SOME_OF, @$, .times = $1, .list = $3); }
    | test
    ;
test: sum
    | sum cmp sum
        { $$ = EXPR(COMPARE, @$, .left = $1, .compare = $2, .right = $3); }
    | sum nt MATCHES sum
        { $$ = EXPR(MATCHES, @$, .left = $1, .is_negated = $2, .right = $4); }
    | sum nt CONTAINS sum
        { $$ = EXPR(CONTAINS, @$, .left = $1, .is_negated = $2, .right = $4); }
    | sum nt STARTS_WITH sum
        { $$ = EXPR(STARTS_WITH, @$, .left = $1, .is_negated = $2, .right = $4); }
    | sum nt ENDS_WITH sum
        { $$ = EXPR(ENDS_WITH, @$, .left = $1, .is_negated = $2, .right = $4); }
    | sum IS nt MISSING
        { $$ = EXPR(IS_MISSING, @$, .left = $1, .is_negated = $3); }
    | sum nt IN '(' sums ')'
        { $$ = EXPR(IN_VALUES, @$, .left = $1, .is_negated = $2, .list = $5); }
    | sum HAS_LIST which '(' sums ')'
        { $$ = EXPR(HAS, @$, .left = $1, .has = $3, .list = $5); }
    | sum nt IN inside
        { $$ = EXPR(IN_NAMED, @$, .left = $1, .is_negated = $2, .ref = $4); }
    | sum nt top amount among class
        { $$ = EXPR(IN_RANKS, @$, .left = $1, .is_negated = $2, .amount = $4,
                    .among = $5, .within_each = $6);
          $$->amount.is_top = $3; }
    | sum nt wins
        { $$ = EXPR(IN_WINDOW, @$, .left = $1, .is_negated = $2,
                    .modifiers.windows = $3); }
    | IN ref asof                   { $$ = EXPR(MEMBER, @$, .ref = $2, .right = $3); }
    | NOT IN ref asof
        { $$ = EXPR(MEMBER, @$, .is_negated = true, .ref = $3, .right = $4); }
    | DID deed mods                 { $$ = EXPR(DID, @$, .selection = $2, .modifiers = $3); }
    | DID some '(' items ')' bounds mods
        { $$ = EXPR(DID_SOME, @$, .times = $2, .modifiers = $7,
                    .selection = build_selection(p, @4, build_sequence($6, @4, $4),
                                                 NOTHING));
          $$->selection->pattern->is_any_order = true; }
    | DID NOT deed absence
        { $$ = EXPR(DID, @$, .is_negated = true, .selection = $3, .modifiers = $4); }
    ;
deed: pattern                       { $$ = build_selection(p, $1->place, $1, NOTHING); }
    | TRAIT_OWNER tail where        /* a list that people have; resolve refuses others */
        { ast_event *of = NODE(event, .name = build_name($1), .where = $3, .place = @$);
          $$ = build_event_value(p, @$, of, $2); }
    ;
which: ANY OF                       { $$ = HAS_ANY; }
    | ALL_OF                        { $$ = HAS_ALL; }
    | NONE_OF                       { $$ = HAS_NONE; }
    ;
nt: %empty                          { $$ = false; }
    | NOT                           { $$ = true; }
    ;
cmp: '='                            { $$ = COMPARE_EQ; }
    | NE                            { $$ = COMPARE_NE; }
    | '<'                           { $$ = COMPARE_LT; }
    | '>'                           { $$ = COMPARE_GT; }
    | LE                            { $$ = COMPARE_LE; }
    | GE                            { $$ = COMPARE_GE; }
    ;
top: IN_TOP                         { $$ = true; }
    | IN_BOTTOM                     { $$ = false; }
    ;
amount: PERCENT                     { $$ = build_amount(p, $1); }
    | NUMBER                        { $$ = build_amount(p, $1); }
    | HALF                          { $$ = build_amount(p, $1); }
    | ORD                           { $$ = build_amount(p, $1); }
    | UNIT                          { $$ = build_amount(p, $1); }
    ;
asof: %empty                        { $$ = NULL; }
    | AS_OF primary                 { $$ = $2; }
    ;

/* ==== values ==== */

sums: sum                           { $$ = build_list(p, $1); }
    | sums ',' sum                  { $$ = build_list_add(p, $1, $3); }
    ;
sum: sum '+' term                   { $$ = EXPR(ADD, @$, .left = $1, .right = $3); }
    | sum '-' term                  { $$ = EXPR(SUBTRACT, @$, .left = $1, .right = $3); }
    | term
    ;
term: term '*' unary                { $$ = EXPR(MULTIPLY, @$, .left = $1, .right = $3); }
    | term '/' unary                { $$ = EXPR(DIVIDE, @$, .left = $1, .right = $3); }
    | unary
    ;
unary: '-' unary                    { $$ = EXPR(NEGATE, @$, .left = $2); }
    | primary
    ;
primary: NUMBER                     { $$ = build_literal(p, EXPR_NUMBER, $1); }
    | PERCENT                       { $$ = build_literal(p, EXPR_NUMBER, $1); }
    | STRING                        { $$ = build_literal(p, EXPR_STRING, $1); }
    | DATE                          { $$ = build_literal(p, EXPR_DATE, $1); }
    | DATETIME                      { $$ = build_literal(p, EXPR_TIME, $1); }
    | TRUE                          { $$ = build_literal(p, EXPR_BOOL, $1); }
    | FALSE                         { $$ = build_literal(p, EXPR_BOOL, $1); }
    | NOW                           { $$ = EXPR(NOW, @$); }
    | NOW '.' NAME                  { $$ = EXPR(NOW, @$, .text = build_name($3)); }
    | duration                      { $$ = EXPR(DURATION, @$, .duration = $1); }
    | duration AGO                  { $$ = EXPR(AGO, @$, .duration = $1); }
    | path                          { $$ = EXPR(PATH, @$, .names = $1); }
    | path AS_OF primary            /* the path has no height of its own */
        { ast_expr *left = NODE(expr, .kind = EXPR_PATH, .where = @1, .names = $1);
          $$ = EXPR(AS_OF, @$, .left = left, .right = $3); }
    | path '(' args ')'             { $$ = EXPR(CALL, @$, .names = $1, .list = $3); }
    | aggregate
    | aggregate WITH_HALF_LIFE duration
        { $$ = $1; $$->where = @$; $$->selection->half_life = COPY($3); }
    | AGG '(' aggregate PER unit empty mods ')'
        { $$ = EXPR(PER_UNIT, @$, .aggregate = aggregate_of($1), .text = build_name($1),
                    .left = $3, .unit = $5, .counts_empty = $6, .modifiers = $7); }
    | AGG '(' aggregate PER unit empty mods ',' expr ')'
        { $$ = EXPR(PER_UNIT, @$, .aggregate = aggregate_of($1), .text = build_name($1),
                    .left = $3, .unit = $5, .counts_empty = $6, .modifiers = $7,
                    .right = $9); }
    | pick sel1                     { $$ = EXPR(PICK, @$, .is_last = $1, .selection = $2); }
    | pick '(' sel windows ')'
        { $$ = EXPR(PICK, @$, .is_last = $1, .selection = $3, .modifiers.windows = $4); }
    | pick '(' alts ')' where
        { ast_pattern *any = build_single(p, @$, $3, $5);
          $$ = EXPR(PICK, @$, .is_last = $1,
                    .selection = build_selection(p, @$, any, NOTHING)); }
    | pick '(' alts ')' tail where
        { ast_pattern *any = build_single(p, @$, $3, $6);
          $$ = EXPR(PICK, @$, .is_last = $1,
                    .selection = build_selection(p, @$, any, $5)); }
    | LAST CHANGE_OF path           { $$ = EXPR(LAST_CHANGE, @$, .names = $3); }
    | NEXT label
        { $$ = EXPR(NEXT_OCCASION, @$, .names = build_names(p, build_name($2))); }
    | NEXT ANNIVERSARY_OF primary   { $$ = EXPR(NEXT_ANNIVERSARY, @$, .left = $3); }
    | TIME_SINCE primary            { $$ = EXPR(TIME_SINCE, @$, .left = $2); }
    | TIME_UNTIL primary            { $$ = EXPR(TIME_UNTIL, @$, .left = $2); }
    | NTILE '(' NUMBER ',' sum among class ')'
        { $$ = EXPR(NTILE, @$, .number = $3->number, .left = $5, .among = $6,
                    .within_each = $7); }
    | PERCENTILE '(' sum among class ')'
        { $$ = EXPR(PERCENTILE, @$, .left = $3, .among = $4, .within_each = $5); }
    | RANK '(' sum among class ')'
        { $$ = EXPR(RANK, @$, .left = $3, .among = $4, .within_each = $5); }
    | '(' expr ')'                  { $$ = $2; }
    ;
aggregate: AGG '(' sel mods ')'
        { $$ = EXPR(AGGREGATE, @$, .aggregate = aggregate_of($1), .selection = $3,
                    .modifiers = $4); }
    | AGG '(' sel mods ',' expr ')'
        { $$ = EXPR(AGGREGATE, @$, .aggregate = aggregate_of($1), .selection = $3,
                    .modifiers = $4, .right = $6); }
    ;
empty: %empty                       { $$ = false; }
    | ELSE NUMBER                   { $$ = build_zero(p, $2); }
    ;
pick: LAST                          { $$ = true; }
    | FIRST                         { $$ = false; }
    ;
args: %empty                        { $$ = NOTHING; }
    | exprs
    ;
exprs: expr                         { $$ = build_list(p, $1); }
    | exprs ',' expr                { $$ = build_list_add(p, $1, $3); }
    ;

/* ==== behaviour ==== */

kind: name                          { $$ = NODE(event, .name = $1, .place = @$); }
    | ANYTHING
        { $$ = NODE(event, .name = build_no_name(@$), .is_anything = true, .place = @$); }
    ;
where: %empty                       { $$ = NULL; }
    | WHERE '(' expr ')'            { $$ = build_where(p, $3); }
    ;
event: kind where                   { $$ = build_event($1, @$, $2); } ;
step: event
        { $$ = NODE(step, .events = build_list(p, $1), .place = @$); }
    | '(' alts ')' where            { $$ = NODE(step, .events = $2, .where = $4, .place = @$); }
    ;
alts: event OR event                { $$ = build_pair(p, $1, $3); }
    | alts OR event                 { $$ = build_list_add(p, $1, $3); }
    ;
pattern: step                       { $$ = NODE(pattern, .step = $1, .place = @$); }
    | '(' chain ')' bounds          { $$ = build_sequence($4, @$, $2); }
    | '(' all ')' bounds
        { $$ = build_sequence($4, @$, $2); $$->is_any_order = true; }
    ;
bare: step                          { $$ = NODE(link, .step = $1, .place = @$); } ;
items: bare                         { $$ = build_list(p, $1); }
    | items ',' bare                { $$ = build_list_add(p, $1, $3); }
    ;
all: bare AND bare                  { $$ = build_pair(p, $1, $3); }
    | all AND bare                  { $$ = build_list_add(p, $1, $3); }
    ;
chain: bare THEN link               { $$ = build_pair(p, $1, $3); }
    | chain THEN link               { $$ = build_list_add(p, $1, $3); }
    ;
link: step spans
        { $$ = NODE(link, .step = $1, .spacings = $2, .place = @$); }
    | DIRECTLY step spans
        { $$ = NODE(link, .is_direct = true, .step = $2, .spacings = $3, .place = @$); }
    | NO step spans
        { $$ = NODE(link, .is_negated = true, .step = $2, .spacings = $3, .place = @$); }
    ;
spans: %empty                       { $$ = NOTHING; }
    | spans WITHIN duration
        { $$ = build_list_add(p, $1, NODE(spacing, .is_within = true,
                                          .quantity = QUANTITY_AT_MOST,
                                          .duration = $3)); }
    | spans quant duration LATER
        { $$ = build_list_add(p, $1, NODE(spacing, .quantity = $2, .duration = $3)); }
    ;
bounds: %empty                      { $$ = NODE(pattern, .is_sequence = true); }
    | bounds WITH_SAME name
        { $$ = $1; $$->same = build_list_add(p, $1->same, COPY($3)); }
    | bounds ALL_WITHIN duration
        { $$ = $1; $$->all_within = build_list_add(p, $1->all_within, COPY($3)); }
    | bounds WITH_ONLY step
        { $$ = $1; $$->only = build_list_add(p, $1->only, $3); }
    | bounds WITHOUT_REPEATS
        { $$ = $1; $$->without_repeats = build_list_add(p, $1->without_repeats, COPY(@2)); }
    | bounds STRICTLY_LATER
        { $$ = $1; $$->strictly_later = build_list_add(p, $1->strictly_later, COPY(@2)); }
    ;

sel: pattern                        { $$ = build_selection(p, @$, $1, NOTHING); }
    | sel1prop
    | '(' alts ')' tail where
        { $$ = build_selection(p, @$, build_single(p, @$, $2, $5), $4); }
    | '(' alts ')' '.' '(' expr ')' where
        { $$ = build_selection(p, @$, build_single(p, @$, $2, $8), NOTHING);
          $$->value = $6; }
    ;
sel1: event                         { $$ = build_event_value(p, @$, $1, NOTHING); }
    | sel1prop
    ;
sel1prop: kind tail where
        { $$ = build_event_value(p, @$, build_event($1, @$, $3), $2); }
    | kind '.' '(' expr ')' where
        { $$ = build_event_value(p, @$, build_event($1, @$, $6), NOTHING);
          $$->value = $4; }
    ;
tail: '.' NAME                      { $$ = build_names(p, build_name($2)); }
    | tail '.' NAME                 { $$ = build_part_add(p, $1, build_name($3)); }
    ;

mods: %empty                        { $$ = (ast_modifiers){0}; }
    | mods win
        { $$ = $1; $$.windows = build_list_add(p, $1.windows, $2); }
    | mods times
        { $$ = $1; $$.times = build_list_add(p, $1.times, $2); }
    | mods row
        { $$ = $1; $$.rows = build_list_add(p, $1.rows, $2); }
    | mods periods
        { $$ = $1; $$.periods = build_list_add(p, $1.periods, $2); }
    ;
absence: %empty                     { $$ = (ast_modifiers){0}; }
    | absence win
        { $$ = $1; $$.windows = build_list_add(p, $1.windows, $2); }
    | absence periods               /* refused by check, which tells why */
        { $$ = $1; $$.periods = build_list_add(p, $1.periods, $2); }
    ;
wins: win                           { $$ = build_list(p, $1); }
    | wins win                      { $$ = build_list_add(p, $1, $2); }
    ;
windows: %empty                     { $$ = NOTHING; }
    | windows win                   { $$ = build_list_add(p, $1, $2); }
    ;
row: IN A_ROW                       { $$ = NODE(row, .place = @$); }
    | IN A_ROW AMONG step           { $$ = NODE(row, .among = $4, .place = @$); }
    ;
times: quant NUMBER TIMES
        { $$ = NODE(times, .quantity = $1, .count = build_count(p, $2), .place = @$); }
    | quant ONCE                    { $$ = NODE(times, .quantity = $1, .count = 1, .place = @$); }
    | quant TWICE                   { $$ = NODE(times, .quantity = $1, .count = 2, .place = @$); }
    ;
some: quant NUMBER OF
        { $$ = NODE(times, .quantity = $1, .count = build_count(p, $2), .place = @$); }
    | NONE_OF                       { $$ = NODE(times, .quantity = QUANTITY_EXACTLY, .place = @$); }
    ;
quant: AT_LEAST                     { $$ = QUANTITY_AT_LEAST; }
    | AT_MOST                       { $$ = QUANTITY_AT_MOST; }
    | EXACTLY                       { $$ = QUANTITY_EXACTLY; }
    | MORE_THAN                     { $$ = QUANTITY_MORE_THAN; }
    | FEWER_THAN                    { $$ = QUANTITY_FEWER_THAN; }
    ;

full: %empty                        { $$ = false; }
    | FULL                          { $$ = true; }
    ;
periods: IN some LAST NUMBER full unit
        { $$ = NODE(periods, .times = $2, .count = build_count(p, $4), .is_full = $5,
                    .unit = $6, .place = @$); }
    ;
win: IN_LAST duration               { $$ = WINDOW(IN_LAST, @$, .duration = $2); }
    | IN_LAST FULL unit
        { $$ = WINDOW(LAST_FULL, @$, .unit = $3, .count = 1, .is_bare = true); }
    | IN_LAST NUMBER FULL unit
        { $$ = WINDOW(LAST_FULL, @$, .unit = $4, .count = build_count(p, $2)); }
    | IN_LAST NUMBER label
        { $$ = WINDOW(LAST_EVENTS, @$, .name = build_name($3),
                      .count = build_count(p, $2)); }
    | IN_PREVIOUS duration          { $$ = WINDOW(IN_PREVIOUS, @$, .duration = $2); }
    | IN_NEXT duration              { $$ = WINDOW(IN_NEXT, @$, .duration = $2); }
    | IN_NEXT FULL unit
        { $$ = WINDOW(NEXT_FULL, @$, .unit = $3, .count = 1, .is_bare = true); }
    | IN_NEXT NUMBER FULL unit
        { $$ = WINDOW(NEXT_FULL, @$, .unit = $4, .count = build_count(p, $2)); }
    | IN_THIS unit                  { $$ = WINDOW(IN_THIS, @$, .unit = $2); }
    | IN unit OF sum                { $$ = WINDOW(UNIT_OF, @$, .unit = $2, .from = $4); }
    | IN unit AFTER sum             { $$ = WINDOW(UNIT_AFTER, @$, .unit = $2, .from = $4); }
    | IN unit BEFORE sum            { $$ = WINDOW(UNIT_BEFORE, @$, .unit = $2, .from = $4); }
    | TODAY                         { $$ = WINDOW(TODAY, @$); }
    | YESTERDAY                     { $$ = WINDOW(YESTERDAY, @$); }
    | TOMORROW                      { $$ = WINDOW(TOMORROW, @$); }
    | BETWEEN sum AND sum           { $$ = WINDOW(BETWEEN, @$, .from = $2, .to = $4); }
    | SINCE sum                     { $$ = WINDOW(SINCE, @$, .from = $2); }
    | BEFORE sum                    { $$ = WINDOW(BEFORE, @$, .from = $2); }
    | AFTER sum                     { $$ = WINDOW(AFTER, @$, .from = $2); }
    | UNTIL sum                     { $$ = WINDOW(UNTIL, @$, .from = $2); }
    | AT OR BEFORE sum              { $$ = WINDOW(UNTIL, @$, .from = $4); }
    | AT OR AFTER sum               { $$ = WINDOW(AT_OR_AFTER, @$, .from = $4); }
    | ON DATE
        { $$ = WINDOW(ON, @$, .from = build_literal(p, EXPR_DATE, $2)); }
    | DURING label                  { $$ = WINDOW(DURING, @$, .name = build_name($2)); }
    | WITHIN duration OF anchor     { $$ = build_within($4, WINDOW_WITHIN_OF, @$, $2); }
    | WITHIN duration AFTER anchor  { $$ = build_within($4, WINDOW_WITHIN_AFTER, @$, $2); }
    | WITHIN duration BEFORE anchor { $$ = build_within($4, WINDOW_WITHIN_BEFORE, @$, $2); }
    ;
anchor: sum                         { $$ = WINDOW(WITHIN_OF, @$, .from = $1); }
    | ANY step                      { $$ = WINDOW(WITHIN_OF, @$, .step = $2); }
    | ANY step WITH_SAME name       { $$ = WINDOW(WITHIN_OF, @$, .step = $2, .same = $4); }
    ;
duration: NUMBER unit
        { $$ = (ast_duration){.count = $1->number, .unit = $2, .where = @$}; }
    ;
unit: UNIT                          { $$ = (calendar_unit)$1->keyword->value; }
    | SECOND                        { $$ = UNIT_SECOND; }
    ;

/* ==== names ==== */

ref: label                          { $$ = build_ref(@$, $1, NULL); }
    | label '.' NAME                { $$ = build_ref(@$, $1, $3); }
    ;
inside: ref
    | word                          { $$ = build_ref(@$, $1, NULL); }
    ;
path: name                          { $$ = build_names(p, $1); }
    | path '.' NAME                 { $$ = build_part_add(p, $1, build_name($3)); }
    ;
name: label                         { $$ = build_name($1); }
    | word                          { $$ = build_name($1); }
    ;
label: NAME | free ;
free: TOMORROW | UNTIL ;
word: UNIT | SECOND | WEEKDAY | MONTHNAME | ORD | NOTE | OWNER | TAGS | PURPOSE
    | OTHERWISE | BY | FROM | TO | DATES | TODAY | YESTERDAY | HALF | MISSING | TIMES
    | ONCE | TWICE | FULL | LATER | PLUS | MINUS | EACH | AT | HAS | EXPECT | ENTERS | LEAVES | ON | OF
    | AGO | MATCHES | CONTAINS | FOR | PER
    ;

%%

/* Hand over the next token of the declaration. */
/* `user` in `did user.tags`: only these names have parts there. */
static bool is_trait_owner(const parser *p, const lex_token *token)
{
    const lex_token *first = p->tokens + p->begin, *before = token - 1;
    if (token->kind != TOKEN_NAME || token->is_quoted || token[1].kind != '.' ||
        (strcmp(token->text, "user") != 0 && strcmp(token->text, "account") != 0))
        return false;
    if (before > first && before->kind == TOKEN_NOT)
        before--;
    return before >= first && before->kind == TOKEN_DID;
}

/* `lib` in `use lib.rate`. */
static bool is_library(const parser *p, const lex_token *token)
{
    return token == p->tokens + p->begin + 1 && token[-1].kind == TOKEN_USE &&
           token->kind == TOKEN_NAME && !token->is_quoted && token[1].kind == '.' &&
           strcmp(token->text, "lib") == 0;
}

/* `has` in `user.tags has any of (...)`; what a scenario says of people is another one. */
static bool is_has_of_list(const lex_token *token)
{
    return token->kind == TOKEN_HAS && (token[1].kind == TOKEN_ANY ||
           token[1].kind == TOKEN_ALL_OF || token[1].kind == TOKEN_NONE_OF);
}

static int segment_lex(SEGMENT_STYPE *value, span *where, parser *p)
{
    const lex_token *token = p->next < p->end ? &p->tokens[p->next] : &p->end_token;
    p->next++;
    value->token = token;
    *where = token->where;
    if (token->kind == '(')
        p->depth++;
    if (token->kind == ')' && p->depth > 0)
        p->depth--;
    if (p->depth > PARSE_MAX_DEPTH)
        p->is_too_deep = true;
    if (p->is_too_deep)
        return TOKEN_YYEOF;
    if (p->next < p->end && is_has_of_list(token))
        return TOKEN_HAS_LIST;
    if (p->next < p->end && is_library(p, token))
        return TOKEN_LIBRARY;
    return p->next < p->end && is_trait_owner(p, token) ? TOKEN_TRAIT_OWNER : token->kind;
}

/* Note what could stand here; src/lang/mistake.c makes a message of it. */
static int yyreport_syntax_error(const yypcontext_t *context, parser *p)
{
    static_assert(YYMAXUTOK < PARSER_TOKEN_LIMIT, "PARSER_TOKEN_LIMIT is too small");
    yysymbol_kind_t symbols[YYNTOKENS];
    bool is_expected[YYNTOKENS] = {false};
    int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    for (int i = 0; i < count; i++)
        is_expected[symbols[i]] = true;
    is_expected[YYSYMBOL_YYUNDEF] = false;
    is_expected[YYSYMBOL_TRAIT_OWNER] = false; /* rare, beside the names of events */
    is_expected[YYSYMBOL_LIBRARY] = false;  /* a text is said to be due */
    is_expected[YYSYMBOL_HAS_LIST] = false; /* behind a value, which rarely is a list */
    if (is_expected[YYSYMBOL_ENTERS]) /* a person far more often than a function */
        is_expected[YYTRANSLATE('(')] = is_expected[YYTRANSLATE('.')] = false;
    for (int token = 0; token <= YYMAXUTOK; token++)
        p->expected[token] = is_expected[YYTRANSLATE(token)];
    p->is_stuck = true;
    return 0;
}

/* Called when the parser's stack is full. */
static void segment_error(const span *where, parser *p, const char *message)
{
    (void)where;
    (void)message;
    p->is_too_deep = true;
}
