# The row is "ann," and the word.
project
{ echo id,word; printf ann,; head -c $((n - 4)) /dev/zero | tr '\0' x; echo; echo 'bob,'; } >people.csv
run
