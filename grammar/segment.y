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
%token <token> MINUS EACH AT HAS EXPECT ENTERS LEAVES FOR PER TRAIT_OWNER HAS_LIST
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
%type <token> word free label cap
%type <list> text names groups plan arms lines props wanted set records fields dates exprs args sums wins
%type <list> alts items all chain spans windows path tail
%type <ref> among ref inside
%type <unit> unit
%type <number> judged ord
%type <group> group
%type <point> point
%type <flag> sign nt crossing empty top pick
%type <occasion> occasion
%type <month_day> monthday
%type <arm> arm
%type <line> line
%type <setting> value told
%type <expr> stay at instant class expr neg state aggregate ands ors test sum term unary primary where asof
%type <compare> cmp
%type <has> which
%type <amount> amount
%type <event> kind event
%type <step> step
%type <pattern> pattern bounds
%type <link> link
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
        { $$ = build_decl(build_attributes(p), DECL_USE, @$, build_name($2),
                          build_no_name(@2)); }
    | LET heading title '=' expr
        { $$ = build_decl(build_attributes(p), DECL_LET, @$, $2, $3); $$->value = $5; }
    | LIST heading title '=' sums
        { $$ = build_decl(build_attributes(p), DECL_LIST, @$, $2, $3); $$->values = $5; }
    | LIST heading title FROM STRING
        { $$ = build_decl(build_attributes(p), DECL_LIST, @$, $2, $3);
          $$->from = build_name($5); }
    | EVENT heading title '=' pattern
        { $$ = build_decl(build_attributes(p), DECL_EVENT, @$, $2, $3);
          $$->pattern = $5; }
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
        { $$ = build_decl(build_attributes(p), DECL_OCCASION, @$, $2, $3);
          $$->occasion = $5; }
    | SPLIT heading title among by arms
        { $$ = build_decl(build_attributes(p), DECL_SPLIT, @$, $2, $3);
          $$->among = $4; $$->by = $5; $$->arms = $6; }
    | SCENARIO STRING lines
        { $$ = build_decl(build_attributes(p), DECL_SCENARIO, @$, build_name($2),
                          build_no_name(@2));
          $$->lines = $3; }
    ;

heading: declared
    | free                          { $$ = build_declared_name(p, $1); }
    ;
declared: NAME                      { $$ = build_declared_name(p, $1); } ;

title: %empty                       { $$ = build_no_name(@$); }
    | STRING                        { $$ = build_name($1); }
    ;

attrs: %empty                       { $$ = build_attributes(p); }
    | attrs NOTE text               { $$ = build_note(p, $1, $3); }
    | attrs OWNER STRING            { $$ = build_owner(p, $1, $3); }
    | attrs TAGS names              { $$ = build_tags(p, $1, $3); }
    | attrs PURPOSE NAME            { $$ = build_purpose(p, $1, $3); }
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
    | WITHIN EACH path              { $$ = build_path(p, EXPR_PATH, @3, $3); }
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
group: declared title WHEN expr     { $$ = build_group(p, @$, $1, $2, $4); }
    | declared title OTHERWISE      { $$ = build_group(p, @$, $1, $2, NULL); }
    ;

plan: point                         { $$ = build_list(p, $1); }
    | plan point                    { $$ = build_list_add(p, $1, $2); }
    ;
point: sign NUMBER WHEN expr        { $$ = build_point(p, @$, $1, $2); $$->when = $4; }
    | sign NUMBER EACH pattern windows cap
        { $$ = build_point(p, @$, $1, $2); $$->pattern = $4; $$->windows = $5;
          build_cap($$, $6); }
    ;
sign: PLUS                          { $$ = false; }
    | MINUS                         { $$ = true; }
    ;
cap: %empty                         { $$ = NULL; }
    | AT_MOST NUMBER                { $$ = $2; }
    ;

occasion: monthday                  { $$ = build_occasion(OCCASION_DAY); $$.first = $1; }
    | monthday TO monthday
        { $$ = build_occasion(OCCASION_SPAN); $$.first = $1; $$.last = $3; }
    | ord WEEKDAY OF MONTHNAME
        { $$ = build_occasion(OCCASION_WEEKDAY); $$.ordinal = $1;
          $$.weekday = (weekday)$2->keyword->value;
          $$.month = (unsigned)$4->keyword->value; }
    | DATES dates
        { $$ = build_occasion(OCCASION_DATES); $$.dates = $2; }
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
arm: declared PERCENT               { $$ = build_arm(p, @$, $1, $2); } ;

lines: line                         { $$ = build_list(p, $1); }
    | lines line                    { $$ = build_list_add(p, $1, $2); }
    ;
line: NAME DID NAME AT instant props
        { $$ = build_line(p, LINE_DID, @$, $1, $5);
          $$->event = build_name($3); $$->settings = $6; }
    | NAME HAS set at
        { $$ = build_line(p, LINE_HAS, @$, $1, $4); $$->settings = $3; }
    | EXPECT NAME nt IN ref AT instant
        { $$ = build_line(p, LINE_EXPECT_IN, @$, $2, $7);
          $$->is_negated = $3; $$->ref = $5; }
    | EXPECT NAME crossing ref AT instant
        { $$ = build_line(p, LINE_EXPECT_IN, @$, $2, $6);
          $$->is_crossing = true; $$->is_negated = $3; $$->ref = $4; }
    | EXPECT NAME HAS wanted AT instant
        { $$ = build_line(p, LINE_EXPECT_HAS, @$, $2, $6);
          $$->settings = $4; }
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
props: %empty                       { $$ = (ast_list){0}; }
    | '(' set ')'                   { $$ = $2; }
    ;
set: told                           { $$ = build_list(p, $1); }
    | set ',' told                  { $$ = build_list_add(p, $1, $3); }
    ;
told: path '=' sum                  { $$ = build_setting(p, $1, $3); }
    | path '(' ')'                  { $$ = build_told_list(p, $1, (ast_list){0}); }
    | path '(' sums ')'             { $$ = build_told_values(p, $1, $3); }
    | path records                  { $$ = build_told_list(p, $1, $2); }
    ;
records: '(' fields ')'             { $$ = build_list(p, build_item(p, $2)); }
    | records '(' fields ')'        { $$ = build_list_add(p, $1, build_item(p, $3)); }
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
    | IF expr THEN expr ELSE expr   { $$ = build_if(p, @$, $2, $4, $6); }
    ;
ands: neg AND neg                   { $$ = build_chain(p, EXPR_AND, @$, $1, $3); }
    | ands AND neg                  { $$ = build_chain_add(p, $1, @$, $3); }
    ;
ors: neg OR neg                     { $$ = build_chain(p, EXPR_OR, @$, $1, $3); }
    | ors OR neg                    { $$ = build_chain_add(p, $1, @$, $3); }
    ;
neg: state
    | state FOR quant duration      { $$ = build_lasting(p, @$, $1, $3, $4); }
    ;
state: NOT '(' expr ')'             { $$ = build_unary(p, EXPR_NOT, @$, $3); }
    | some '(' exprs ')'            { $$ = build_some_of(p, @$, $1, $3); }
    | test
    ;
test: sum
    | sum cmp sum                   { $$ = build_compare(p, @$, $1, $2, $3); }
    | sum nt MATCHES sum
        { $$ = build_test(p, EXPR_MATCHES, @$, $1, $2); $$->right = $4; }
    | sum nt CONTAINS sum
        { $$ = build_test(p, EXPR_CONTAINS, @$, $1, $2); $$->right = $4; }
    | sum nt STARTS_WITH sum
        { $$ = build_test(p, EXPR_STARTS_WITH, @$, $1, $2); $$->right = $4; }
    | sum nt ENDS_WITH sum
        { $$ = build_test(p, EXPR_ENDS_WITH, @$, $1, $2); $$->right = $4; }
    | sum IS MISSING
        { $$ = build_test(p, EXPR_IS_MISSING, @$, $1, false); }
    | sum IS NOT MISSING            { $$ = build_test(p, EXPR_IS_MISSING, @$, $1, true); }
    | sum nt IN '(' sums ')'
        { $$ = build_test(p, EXPR_IN_VALUES, @$, $1, $2); $$->list = $5; }
    | sum HAS_LIST which '(' sums ')'
        { $$ = build_test(p, EXPR_HAS, @$, $1, false); $$->has = $3; $$->list = $5; }
    | sum nt IN inside
        { $$ = build_test(p, EXPR_IN_NAMED, @$, $1, $2); $$->ref = $4; }
    | sum nt top amount among class
        { $$ = build_test(p, EXPR_IN_RANKS, @$, $1, $2); $$->amount = $4;
          $$->amount.is_top = $3; $$->among = $5; $$->within_each = $6; }
    | sum nt wins
        { $$ = build_test(p, EXPR_IN_WINDOW, @$, $1, $2); $$->modifiers.windows = $3; }
    | IN ref asof
        { $$ = build_test(p, EXPR_MEMBER, @$, NULL, false); $$->ref = $2;
          $$->right = $3; }
    | NOT IN ref asof
        { $$ = build_test(p, EXPR_MEMBER, @$, NULL, true); $$->ref = $3; $$->right = $4; }
    | DID deed mods                 { $$ = build_did(p, @$, false, $2, $3); }
    | DID some '(' items ')' bounds mods
        { ast_pattern *steps = build_sequence($6, @4, $4);
          $$ = build_did(p, @$, false, build_selection(p, steps->place, steps, (ast_list){0}), $7);
          $$->kind = EXPR_DID_SOME; $$->times = $2; $$->selection->pattern->is_any_order = true; }
    | DID NOT deed absence          { $$ = build_did(p, @$, true, $3, $4); }
    ;
deed: pattern                       { $$ = build_selection(p, $1->place, $1, (ast_list){0}); }
    | TRAIT_OWNER tail where        /* a list that people have; resolve refuses others */
        { ast_event *of = build_kind(p, @1, build_name($1), false);
          $$ = build_event_value(p, @$, build_event(of, @$, $3), $2); }
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
sum: sum '+' term                   { $$ = build_binary(p, EXPR_ADD, @$, $1, $3); }
    | sum '-' term                  { $$ = build_binary(p, EXPR_SUBTRACT, @$, $1, $3); }
    | term
    ;
term: term '*' unary                { $$ = build_binary(p, EXPR_MULTIPLY, @$, $1, $3); }
    | term '/' unary                { $$ = build_binary(p, EXPR_DIVIDE, @$, $1, $3); }
    | unary
    ;
unary: '-' unary                    { $$ = build_unary(p, EXPR_NEGATE, @$, $2); }
    | primary
    ;
primary: NUMBER                     { $$ = build_literal(p, EXPR_NUMBER, $1); }
    | PERCENT                       { $$ = build_literal(p, EXPR_NUMBER, $1); }
    | STRING                        { $$ = build_literal(p, EXPR_STRING, $1); }
    | DATE                          { $$ = build_literal(p, EXPR_DATE, $1); }
    | DATETIME                      { $$ = build_literal(p, EXPR_TIME, $1); }
    | TRUE                          { $$ = build_literal(p, EXPR_BOOL, $1); }
    | FALSE                         { $$ = build_literal(p, EXPR_BOOL, $1); }
    | NOW                           { $$ = build_expr(p, EXPR_NOW, @$); }
    | NOW '.' NAME
        { $$ = build_expr(p, EXPR_NOW, @$); $$->text = build_name($3); }
    | duration
        { $$ = build_expr(p, EXPR_DURATION, @$); $$->duration = $1; }
    | duration AGO
        { $$ = build_expr(p, EXPR_AGO, @$); $$->duration = $1; }
    | path                          { $$ = build_path(p, EXPR_PATH, @$, $1); }
    | path AS_OF primary            { $$ = build_as_of(p, @$, @1, $1, $3); }
    | path '(' args ')'             { $$ = build_call(p, @$, $1, $3); }
    | aggregate
    | aggregate WITH_HALF_LIFE duration
        { $$ = $1; $$->where = @$; build_half_life(p, $$, $3); }
    | AGG '(' aggregate PER unit empty mods ')'
        { $$ = build_per_unit(p, @$, $1, $3, $5, $7, NULL); $$->counts_empty = $6; }
    | AGG '(' aggregate PER unit empty mods ',' expr ')'
        { $$ = build_per_unit(p, @$, $1, $3, $5, $7, $9); $$->counts_empty = $6; }
    | pick sel1                     { $$ = build_pick(p, @$, $1, $2, (ast_list){0}); }
    | pick '(' sel windows ')'      { $$ = build_pick(p, @$, $1, $3, $4); }
    | pick '(' alts ')' where
        { ast_pattern *any = build_single(p, @$, build_step(p, @$, $3, $5));
          $$ = build_pick(p, @$, $1, build_selection(p, @$, any, (ast_list){0}),
                          (ast_list){0}); }
    | pick '(' alts ')' tail where
        { ast_pattern *any = build_single(p, @$, build_step(p, @$, $3, $6));
          $$ = build_pick(p, @$, $1, build_selection(p, @$, any, $5), (ast_list){0}); }
    | LAST CHANGE_OF path           { $$ = build_path(p, EXPR_LAST_CHANGE, @$, $3); }
    | NEXT label
        { $$ = build_path(p, EXPR_NEXT_OCCASION, @$, build_names(p, build_name($2))); }
    | NEXT ANNIVERSARY_OF primary
        { $$ = build_unary(p, EXPR_NEXT_ANNIVERSARY, @$, $3); }
    | TIME_SINCE primary            { $$ = build_unary(p, EXPR_TIME_SINCE, @$, $2); }
    | TIME_UNTIL primary            { $$ = build_unary(p, EXPR_TIME_UNTIL, @$, $2); }
    | NTILE '(' NUMBER ',' sum among class ')'
        { $$ = build_rank(p, EXPR_NTILE, @$, $5, $6, $7); $$->number = $3->number; }
    | PERCENTILE '(' sum among class ')'
        { $$ = build_rank(p, EXPR_PERCENTILE, @$, $3, $4, $5); }
    | RANK '(' sum among class ')'  { $$ = build_rank(p, EXPR_RANK, @$, $3, $4, $5); }
    | '(' expr ')'                  { $$ = $2; }
    ;
aggregate: AGG '(' sel mods ')'     { $$ = build_aggregate(p, @$, $1, $3, $4, NULL); }
    | AGG '(' sel mods ',' expr ')' { $$ = build_aggregate(p, @$, $1, $3, $4, $6); }
    ;
empty: %empty                       { $$ = false; }
    | ELSE NUMBER                   { $$ = build_zero(p, $2); }
    ;
pick: LAST                          { $$ = true; }
    | FIRST                         { $$ = false; }
    ;
args: %empty                        { $$ = (ast_list){0}; }
    | exprs
    ;
exprs: expr                         { $$ = build_list(p, $1); }
    | exprs ',' expr                { $$ = build_list_add(p, $1, $3); }
    ;

/* ==== behaviour ==== */

kind: name                          { $$ = build_kind(p, @$, $1, false); }
    | ANYTHING                      { $$ = build_kind(p, @$, build_no_name(@$), true); }
    ;
where: %empty                       { $$ = NULL; }
    | WHERE '(' expr ')'            { $$ = build_where(p, $3); }
    ;
event: kind where                   { $$ = build_event($1, @$, $2); } ;
step: event                         { $$ = build_step(p, @$, build_list(p, $1), NULL); }
    | '(' alts ')' where            { $$ = build_step(p, @$, $2, $4); }
    ;
alts: event OR event                { $$ = build_list_add(p, build_list(p, $1), $3); }
    | alts OR event                 { $$ = build_list_add(p, $1, $3); }
    ;
pattern: step                       { $$ = build_single(p, @$, $1); }
    | '(' chain ')' bounds          { $$ = build_sequence($4, @$, $2); }
    | '(' all ')' bounds
        { $$ = build_sequence($4, @$, $2); $$->is_any_order = true; }
    ;
items: step
        { $$ = build_list(p, build_link(p, @1, $1, (ast_list){0})); }
    | items ',' step
        { $$ = build_list_add(p, $1, build_link(p, @3, $3, (ast_list){0})); }
    ;
all: step AND step
        { $$ = build_list_add(p, build_list(p, build_link(p, @1, $1, (ast_list){0})),
            build_link(p, @3, $3, (ast_list){0})); }
    | all AND step
        { $$ = build_list_add(p, $1, build_link(p, @3, $3, (ast_list){0})); }
    ;
chain: step THEN link
        { $$ = build_list_add(p, build_list(p, build_link(p, @1, $1, (ast_list){0})),
            $3); }
    | chain THEN link               { $$ = build_list_add(p, $1, $3); }
    ;
link: step spans                    { $$ = build_link(p, @$, $1, $2); }
    | DIRECTLY step spans
        { $$ = build_link(p, @$, $2, $3); $$->is_direct = true; }
    | NO step spans
        { $$ = build_link(p, @$, $2, $3); $$->is_negated = true; }
    ;
spans: %empty                       { $$ = (ast_list){0}; }
    | spans WITHIN duration
        { $$ = build_list_add(p, $1, build_spacing(p, true, QUANTITY_AT_MOST, $3)); }
    | spans quant duration LATER
        { $$ = build_list_add(p, $1, build_spacing(p, false, $2, $3)); }
    ;
bounds: %empty                      { $$ = build_bounds(p); }
    | bounds WITH_SAME name
        { $$ = $1; $$->same = build_names_add(p, $1->same, $3); }
    | bounds ALL_WITHIN duration
        { $$ = $1; $$->all_within = build_durations_add(p, $1->all_within, $3); }
    | bounds WITH_ONLY step
        { $$ = $1; $$->only = build_list_add(p, $1->only, $3); }
    | bounds WITHOUT_REPEATS
        { $$ = $1; $$->without_repeats = build_list_add(p, $1->without_repeats,
                                                        build_place(p, @2)); }
    | bounds STRICTLY_LATER
        { $$ = $1; $$->strictly_later = build_list_add(p, $1->strictly_later,
                                                       build_place(p, @2)); }
    ;

sel: pattern                        { $$ = build_selection(p, @$, $1, (ast_list){0}); }
    | sel1prop
    | '(' alts ')' tail where
        { $$ = build_selection(p, @$, build_single(p, @$, build_step(p, @$, $2, $5)), $4); }
    | '(' alts ')' '.' '(' expr ')' where
        { $$ = build_selection(p, @$, build_single(p, @$, build_step(p, @$, $2, $8)),
                               (ast_list){0});
          $$->value = $6; }
    ;
sel1: event                         { $$ = build_event_value(p, @$, $1, (ast_list){0}); }
    | sel1prop
    ;
sel1prop: kind tail where
        { $$ = build_event_value(p, @$, build_event($1, @$, $3), $2); }
    | kind '.' '(' expr ')' where
        { $$ = build_event_value(p, @$, build_event($1, @$, $6), (ast_list){0});
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
windows: %empty                     { $$ = (ast_list){0}; }
    | windows win                   { $$ = build_list_add(p, $1, $2); }
    ;
row: IN A_ROW                       { $$ = build_row(p, @$, NULL); }
    | IN A_ROW AMONG step           { $$ = build_row(p, @$, $4); }
    ;
times: quant NUMBER TIMES           { $$ = build_times(p, $1, build_count(p, $2), @$); }
    | quant ONCE                    { $$ = build_times(p, $1, 1, @$); }
    | quant TWICE                   { $$ = build_times(p, $1, 2, @$); }
    ;
some: quant NUMBER OF               { $$ = build_times(p, $1, build_count(p, $2), @$); }
    | NONE_OF                       { $$ = build_times(p, QUANTITY_EXACTLY, 0, @$); }
    ;
quant: AT_LEAST                     { $$ = QUANTITY_AT_LEAST; }
    | AT_MOST                       { $$ = QUANTITY_AT_MOST; }
    | EXACTLY                       { $$ = QUANTITY_EXACTLY; }
    | MORE_THAN                     { $$ = QUANTITY_MORE_THAN; }
    | FEWER_THAN                    { $$ = QUANTITY_FEWER_THAN; }
    ;

periods: IN some LAST NUMBER unit
        { $$ = build_periods(p, @$, $2, build_count(p, $4), $5, false); }
    | IN some LAST NUMBER FULL unit
        { $$ = build_periods(p, @$, $2, build_count(p, $4), $6, true); }
    ;
win: IN_LAST duration
        { $$ = build_duration_window(p, WINDOW_IN_LAST, @$, $2); }
    | IN_LAST FULL unit
        { $$ = build_unit_window(p, WINDOW_LAST_FULL, @$, $3, NULL);
          $$->count = 1; $$->is_bare = true; }
    | IN_LAST NUMBER FULL unit
        { $$ = build_unit_window(p, WINDOW_LAST_FULL, @$, $4, NULL);
          $$->count = build_count(p, $2); }
    | IN_LAST NUMBER label
        { $$ = build_window(p, WINDOW_LAST_EVENTS, @$);
          $$->count = build_count(p, $2); $$->name = build_name($3); }
    | IN_PREVIOUS duration
        { $$ = build_duration_window(p, WINDOW_IN_PREVIOUS, @$, $2); }
    | IN_NEXT duration
        { $$ = build_duration_window(p, WINDOW_IN_NEXT, @$, $2); }
    | IN_NEXT FULL unit
        { $$ = build_unit_window(p, WINDOW_NEXT_FULL, @$, $3, NULL);
          $$->count = 1; $$->is_bare = true; }
    | IN_NEXT NUMBER FULL unit
        { $$ = build_unit_window(p, WINDOW_NEXT_FULL, @$, $4, NULL);
          $$->count = build_count(p, $2); }
    | IN_THIS unit
        { $$ = build_unit_window(p, WINDOW_IN_THIS, @$, $2, NULL); }
    | IN unit OF sum
        { $$ = build_unit_window(p, WINDOW_UNIT_OF, @$, $2, $4); }
    | IN unit AFTER sum
        { $$ = build_unit_window(p, WINDOW_UNIT_AFTER, @$, $2, $4); }
    | IN unit BEFORE sum
        { $$ = build_unit_window(p, WINDOW_UNIT_BEFORE, @$, $2, $4); }
    | TODAY                         { $$ = build_window(p, WINDOW_TODAY, @$); }
    | YESTERDAY                     { $$ = build_window(p, WINDOW_YESTERDAY, @$); }
    | TOMORROW                      { $$ = build_window(p, WINDOW_TOMORROW, @$); }
    | BETWEEN sum AND sum
        { $$ = build_instant_window(p, WINDOW_BETWEEN, @$, $2, $4); }
    | SINCE sum
        { $$ = build_instant_window(p, WINDOW_SINCE, @$, $2, NULL); }
    | BEFORE sum
        { $$ = build_instant_window(p, WINDOW_BEFORE, @$, $2, NULL); }
    | AFTER sum
        { $$ = build_instant_window(p, WINDOW_AFTER, @$, $2, NULL); }
    | UNTIL sum
        { $$ = build_instant_window(p, WINDOW_UNTIL, @$, $2, NULL); }
    | AT OR BEFORE sum
        { $$ = build_instant_window(p, WINDOW_UNTIL, @$, $4, NULL); }
    | AT OR AFTER sum
        { $$ = build_instant_window(p, WINDOW_AT_OR_AFTER, @$, $4, NULL); }
    | ON DATE
        { $$ = build_instant_window(p, WINDOW_ON, @$, build_literal(p, EXPR_DATE, $2),
            NULL); }
    | DURING label
        { $$ = build_window(p, WINDOW_DURING, @$); $$->name = build_name($2); }
    | WITHIN duration OF anchor
        { $$ = build_within($4, WINDOW_WITHIN_OF, @$, $2); }
    | WITHIN duration AFTER anchor
        { $$ = build_within($4, WINDOW_WITHIN_AFTER, @$, $2); }
    | WITHIN duration BEFORE anchor
        { $$ = build_within($4, WINDOW_WITHIN_BEFORE, @$, $2); }
    ;
anchor: sum
        { $$ = build_anchor(p, @$, $1, NULL, build_no_name(@$)); }
    | ANY step
        { $$ = build_anchor(p, @$, NULL, $2, build_no_name(@$)); }
    | ANY step WITH_SAME name
        { $$ = build_anchor(p, @$, NULL, $2, $4); }
    ;
duration: NUMBER unit               { $$ = build_duration($1, $2, @$); } ;
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
    is_expected[YYSYMBOL_HAS_LIST] = false; /* behind a value, which rarely is a list */
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
