# A step for each letter of the text that may be left out, and one for the end.
project
echo 'segment all when user.word matches "^.*?[xy]$"' >rules/all.seg
{ echo id,word; printf ann,; head -c $((n - 1)) /dev/zero | tr '\0' a; echo; echo bob,; } >people.csv
run
