# A source of Airbyte.
cat <<'END'
{"type": "LOG", "log": {"level": "INFO", "message": "hello"}}
{"type": "RECORD", "record": {"stream": "people", "data": {"id": "ann", "country": "DE"}, "emitted_at": 1767225600000}}
{"type": "RECORD", "record": {"stream": "pets", "data": {"id": "rex"}, "emitted_at": 1767225600000}}
{"type": "STATE", "state": {"type": "STREAM", "stream": {}}}
END
