project
{ cat buy.csv; printf 'ann,2026-01-02,0.'; repeat $((n - 2)) 1; echo ,long; } >more.csv
mv more.csv buy.csv
run
