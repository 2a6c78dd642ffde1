evil "log very often" "$n"
