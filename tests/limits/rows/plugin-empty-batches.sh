evil "no row for long" "$n"
