# A tap of Singer whose bookmark is the number of the last order.
last=0
[ "${1-}" != --state ] || last=$(sed 's/[^0-9]//g' "$2")
echo "tap begins behind $last" >>tap.log
echo '{"type": "SCHEMA", "stream": "orders", "schema": {"properties": {}}, "key_properties": ["id"]}'
while read -r id order; do
    [ "$id" -le "$last" ] || echo "{\"record\": $order, \"type\": \"RECORD\", \"stream\": \"orders\"}"
    [ "$id" -le "$last" ] || echo '{"type":"RECORD","stream":"other","record":{"customer":{"id":"no"}}}'
done <orders.txt
echo "{\"type\": \"STATE\", \"value\": {\"bookmarks\": {\"orders\": $(sed -n '$s/ .*//p' orders.txt)}}}"
