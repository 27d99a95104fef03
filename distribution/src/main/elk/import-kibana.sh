#!/bin/sh
# Imports data view and dashboards into Kibana; what is there of the same names is replaced.
#
#   KIBANA_URL=http://127.0.0.1:5601 KIBANA_AUTH=elastic:secret ./import-kibana.sh
#
# KIBANA_AUTH is USER:PASSWORD; in its place KIBANA_API_KEY may be given. KIBANA_CA names a file of certificates to trust,
# KIBANA_SPACE a space other than the default one; KIBANA_WAIT says for how many seconds it may still be starting (120).
set -eu

url="${KIBANA_URL:-http://127.0.0.1:5601}"
file="$(dirname "$0")/kibana/sallyport.ndjson"
wait="${KIBANA_WAIT:-120}"
[ -z "${KIBANA_SPACE:-}" ] || url="$url/s/$KIBANA_SPACE"

# What is secret goes to curl by its standard input: others can read the arguments of a process.
config() {
  echo 'header = "kbn-xsrf: true"'
  [ -z "${KIBANA_AUTH:-}" ] || printf 'user = "%s"\n' "$KIBANA_AUTH"
  [ -z "${KIBANA_API_KEY:-}" ] || printf 'header = "Authorization: ApiKey %s"\n' "$KIBANA_API_KEY"
  [ -z "${KIBANA_CA:-}" ] || printf 'cacert = "%s"\n' "$KIBANA_CA"
}

# It takes Kibana a minute to start; until then nobody listens, or it answers 503.
until status=$(config | curl --config - --silent --output /dev/null --write-out '%{http_code}' "$url/api/status") \
  && [ "$status" != 503 ]; do
  wait=$((wait - 1))
  if [ "$wait" -le 0 ]; then
    echo "Kibana is not there at $url" >&2
    exit 1
  fi
  sleep 1
done

answer=$(config | curl --config - --silent --show-error --fail-with-body \
  --form "file=@$file" "$url/api/saved_objects/_import?overwrite=true") || { echo "$answer" >&2; exit 1; }
echo "$answer"
# 200 is also what it answers where an object could not be imported.
case "$answer" in
  *'"success":true,'* | *'"success":true}') ;;
  *) exit 1 ;;
esac
