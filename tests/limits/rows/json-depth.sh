# The object of the line is one level.
project
sed -i '/name: people/s/.*/  - {name: people, plugin: jsonl, files: people.jsonl, person: id, traits: [word]}/' carpel.yaml
{ printf '{"id": "ann", "more": '; repeat $((n - 1)) '['; repeat $((n - 1)) ']'; echo '}'; echo '{"id": "bob"}'; } >people.jsonl
run
