project 'scripts: {files: f1.lua}'
i=1
while [ "$i" -lt "$n" ]; do
    echo "require 'f$((i + 1))' function two() return 2 end" >"f$i.lua"
    i=$((i + 1))
done
echo 'function two() return 2 end' >"f$n.lua"
check
