#!/bin/sh
# Imports data view and dashboards into Kibana; what is there of the same names is replaced.
#
#   KIBANA_URL=http://127.0.0.1:5601 KIBANA_AUTH=elastic:secret ./import-kibana.sh
#
# KIBANA_AUTH is USER:PASSWORD; in its place KIBANA_API_KEY may be given. KIBANA_CA names a file of certificates to trust,
# KIBANA_SPACE a space other than the default one.
set -eu

url="${KIBANA_URL:-http://127.0.0.1:5601}"
file="$(dirname "$0")/kibana/sallyport.ndjson"
[ -z "${KIBANA_SPACE:-}" ] || url="$url/s/$KIBANA_SPACE"

# What is secret goes to curl by its standard input: others can read the arguments of a process.
{
  echo 'header = "kbn-xsrf: true"'
  [ -z "${KIBANA_AUTH:-}" ] || printf 'user = "%s"\n' "$KIBANA_AUTH"
  [ -z "${KIBANA_API_KEY:-}" ] || printf 'header = "Authorization: ApiKey %s"\n' "$KIBANA_API_KEY"
  [ -z "${KIBANA_CA:-}" ] || printf 'cacert = "%s"\n' "$KIBANA_CA"
} | curl --config - --silent --show-error --fail-with-body \
  --form "file=@$file" "$url/api/saved_objects/_import?overwrite=true"
echo
