project
sed -i 's/time: at/time: {from: at, format: unix}/' carpel.yaml
printf 'id,at,amount,note\nann,1700000000,5,good\nann,%s,5,good\n' "$n" >buy.csv
run
