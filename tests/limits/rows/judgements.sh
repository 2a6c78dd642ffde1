# Judged each day since the first event, which is that many days back.
project
printf 'segment was\n  judged every day\n  when did buy\n  stay while did buy\n' >rules/all.seg
day=$(date -u -d "2026-02-01 - $((n - 1)) days" +%Y-%m-%d)
printf 'id,at,amount,note\nann,%s,5,good\n' "$day" >buy.csv
run
