project
echo 'list known from "known.txt" segment those when in known' | sed 's/ segment/\nsegment/' >rules/all.seg
printf '# ' >known.txt
fill known.txt "$n"
check
