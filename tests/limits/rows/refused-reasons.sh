# Each row has a reason of its own, but for the last ones.
project
{ cat buy.csv; lines "$n" 'ann,2026-01-02,x%d,good'; repeat 5 "ann,2026-01-02,x$n,good\\n"; } >more.csv
mv more.csv buy.csv
run
