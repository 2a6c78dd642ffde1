# Each row is of a kind of its own that nobody knows, but for the last ones.
project
sed 's/event: buy}/event: {from: note}}/' carpel.yaml >new.yaml && mv new.yaml carpel.yaml
echo 'id,at,amount,note' >buy.csv
echo 'ann,2026-01-02,5,buy' >>buy.csv
lines "$n" 'ann,2026-01-02,5,x%d' >>buy.csv
repeat 5 "ann,2026-01-02,5,x$n;" | tr ';' '\n' >>buy.csv
run
