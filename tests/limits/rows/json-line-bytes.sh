project
sed -i '/name: people/s/.*/  - {name: people, plugin: jsonl, files: people.jsonl, person: id, traits: [word]}/' carpel.yaml
{ printf '{"id": "ann", "word": "'; head -c $((n - 25)) /dev/zero | tr '\0' x; echo '"}'; echo '{"id": "bob"}'; } >people.jsonl
run
