# The time of so many calls that reach the limit; one more person is not called for. Every
# call takes a little longer than the limit, and some time goes into making the state anew, so that with
# exactly the limit some are left.
project 'scripts: {files: a.lua, call_milliseconds: 10}'
[ "$n" -gt 100 ] && people=120 || people=60
echo 'function f(x) while true do end end' >a.lua
echo 'segment all when a.f(user.word) > 0' >rules/all.seg
{ echo id,word; lines "$people" 'p%d,good'; } >people.csv
run
