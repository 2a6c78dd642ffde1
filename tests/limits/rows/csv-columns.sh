project
{ printf id,word; lines $((n - 2)) ',c%d' | tr -d '\n'; echo; printf ann,; repeat $((n - 2)) ,; echo; } >people.csv
run
