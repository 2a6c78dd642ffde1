project
run -j "$n"
