echo '{"type": "RECORD", "stream": "orders", "record": {"customer": {"id": "ann"}, "amount": 99.50, "address": {"city": "Ulm"}}}'
echo '{"type": "RECORD", "stream": "orders", "record": {"customer": {"id": "bob"}, "amount": 7}}'
echo '{"type": "RECORD", "stream": "orders"}'
