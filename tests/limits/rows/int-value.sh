project
sed -i 's/note: string/note: string, pieces: int/' carpel.yaml
printf 'id,at,amount,note,pieces\nann,2026-01-02,5,good,1\nann,2026-01-02,5,good,%s\n' "$n" >buy.csv
run
