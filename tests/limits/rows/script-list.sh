project 'scripts: {files: a.lua}'
echo 'function f(t) return #t end' >a.lua
{ head -n 1 buy.csv; lines "$n" 'ann,2026-01-02,%d,'; } >many.csv
mv many.csv buy.csv
echo 'segment all when a.f(list(buy.amount)) > 0' >rules/all.seg
run
