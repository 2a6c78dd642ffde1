project
printf '#' >>carpel.yaml
fill carpel.yaml "$n"
check
