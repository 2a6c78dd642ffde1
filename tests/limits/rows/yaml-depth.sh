# The mapping of the file, "events", its "buy", and records in records.
project
sed -i "s/note: string/note: string, more: $(repeat $((n - 3)) '{a: ')string$(repeat $((n - 3)) '}')/" carpel.yaml
check
