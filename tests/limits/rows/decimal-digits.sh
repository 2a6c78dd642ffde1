project
sed -i "s/note: string/note: string, price: decimal($n)/" carpel.yaml
check
