# The template, with so many bytes in its file. They are a hole, which takes no place.
whole=$(echo "$CARPEL_PLUGIN_PATH" | sed 's/:.*//')/source_template.so
mkdir so && cp "$whole" so/source_template.so && truncate -s "$n" so/source_template.so
CARPEL_PLUGIN_PATH=so "$CARPEL" plugins
