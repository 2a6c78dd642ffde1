# A trait may have points in its name; "user" is the first part.
name=a$(repeat $((n - 2)) .a)
project
sed "s/word: string/word: string, \"$name\": string/" carpel.yaml >with_trait && mv with_trait carpel.yaml
echo "segment x when user.$name is missing" >rules/x.seg
check
