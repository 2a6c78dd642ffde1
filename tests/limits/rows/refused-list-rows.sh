project "limits: {refused: 100%}"
echo 'id,at,amount,note' >buy.csv
echo 'ann,2026-01-02,5,good' >>buy.csv
lines "$n" ',2026-01-02,5,%d' >>buy.csv
run
