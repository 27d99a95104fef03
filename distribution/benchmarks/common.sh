# Sourced by the benchmarks that compare processes: the unpacked product, a place to work in, processors set apart, and
# processes that end with the script.
set -euo pipefail
product=$(cd ../target/sallyport && pwd) || { echo "build first: ./mvnw -q package -DskipTests" >&2; exit 1; }
need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
  done
}
# The JDK and the options of the launcher: it knows where to look (`run` would leave a shell that writes into the same lines).
launched=$(sh -x "$product/bin/sallyport" demo --help 2>&1 | sed -n 's/^+ exec \(.*\) -Dsallyport.home.*/\1/p')
java=${launched%% *}
options=$(echo "${launched#* }" | sed 's/-XX:AOTCache=[^ ]*//; s/-Xlog:aot[^ ]*//g')
javac=$(dirname "$java")/javac

work=$(mktemp -d)
chmod 755 "$work" # the target may serve its files as another user
pids=()
declare -A port pid
finish() {
  for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done
  for one in "${pid[@]}"; do kill -CONT "$one" 2>/dev/null || true; done # where it stands still
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
"$javac" -d "$work/classes" -cp "$product/lib/*" src/*.java
free() { "$java" -cp "$work/classes" FreePort; }
# The class path that a pom.xml beside us names, of other gateways or tools.
libraries() { ../../mvnw -q -f "$1/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/$1.path" && cat "$work/$1.path"; }

# What is measured has the first processor for itself; load and targets have the others.
processors=$(getconf _NPROCESSORS_ONLN)
proxy=() others=()
if command -v taskset >/dev/null && [ "$processors" -gt 1 ]; then
  proxy=(taskset -c 0)
  others=(taskset -c "1-$((processors - 1))")
fi

ticks=$(getconf CLK_TCK)
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
resident() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"; }
each() { awk -v t="$1" -v n="$2" -v h="$ticks" 'BEGIN { printf "%.1f", t / h / n * 1000000 }'; } # ticks, requests: microseconds

contend() { # name, command: a process on the first processor
  local name=$1
  shift
  "${proxy[@]}" "$@" > "$work/$name.log" 2>&1 & pids+=($!)
  pid[$name]=$!
}
await() { # name, text in what it prints
  until grep -q "$2" "$work/$1.log" 2>/dev/null; do
    kill -0 "${pid[$1]}" 2>/dev/null || { cat "$work/$1.log" >&2; exit 1; }
    sleep 0.1
  done
}

# Plugins whose steps do nothing: empty NAME TYPE makes plugins/NAME.jar.
mkdir -p "$work/plugins"
cp "$product"/plugins/*.jar "$work/plugins/"
api=$(ls "$product"/lib/sallyport-plugin-api-*.jar)
empty() {
  mkdir -p "$work/empty/$1"
  sed "s|bench/empty|$2|" src/plugin/EmptyFactory.java > "$work/empty/EmptyFactory.java"
  "$javac" -proc:full -d "$work/empty/$1" -cp "$api" "$work/empty/EmptyFactory.java"
  printf 'Plugin-Id: %s\nPlugin-Version: 1.0.0\nPlugin-Provider: bench\n' "$1" > "$work/empty/manifest"
  "$(dirname "$java")/jar" --create --file "$work/plugins/$1.jar" --manifest "$work/empty/manifest" -C "$work/empty/$1" .
}

servedBy=''
backend() { # a target that answers at / and /small with 134 bytes, at /large with 16 KiB; and at the second port over HTTP/2
  need nginx
  servedBy=", $(nginx -v 2>&1)"
  mkdir "$work/www"
  head -c 134 /dev/zero | tr '\0' x > "$work/www/small"
  cp "$work/www/small" "$work/www/index.html"
  head -c 16384 /dev/zero | tr '\0' x > "$work/www/large"
  cat > "$work/backend.conf" <<NGINX
daemon off; worker_processes 1; pid $work/backend.pid; error_log $work/backend.log;
events { worker_connections 20000; }
http { access_log off; keepalive_requests 100000000; open_file_cache max=100; tcp_nopush on; sendfile on;
  client_max_body_size 0; client_body_temp_path $work/bodies;
  server { listen 127.0.0.1:$1; listen 127.0.0.1:$2 http2; root $work/www; error_page 405 =200 \$uri; } }
NGINX
  "${others[@]}" nginx -c "$work/backend.conf" & pids+=($!)
}

home() { # name, port, the rest of the configuration: a folder that a gateway starts in
  mkdir -p "$work/$1/conf"
  cp -r "$product/bin" "$work/$1/"
  ln -s "$product/lib" "$work/$1/lib"
  ln -s "$work/plugins" "$work/$1/plugins"
  cat > "$work/$1/conf/gateway.yaml" <<YAML
version: 1
listeners: [{name: web, address: "127.0.0.1:$2"}]
admin: {address: "127.0.0.1:0"}
status: {address: "127.0.0.1:0"}
$3
YAML
}
start() { # name: of a folder that is there
  SALLYPORT_HEAP=${SALLYPORT_HEAP:-512m} contend "$1" "$work/$1/bin/sallyport" run
  await "$1" 'ready in'
  # The launcher starts it as a process of its own.
  pid[$1]=$(pgrep -P "${pid[$1]}" java || echo "${pid[$1]}")
}
gateway() { # name, the rest of the configuration
  port[$1]=$(free)
  home "$1" "${port[$1]}" "$2"
  start "$1"
}
steps() { seq -s, 1 "$1" | sed 's/[0-9][0-9]*/{bench\/empty: {}, id: s&}/g'; }
conditions() {
  echo "conditions: $processors processors, what is measured on one of them, $("$java" -version 2>&1 | sed -n 2p)$servedBy, commit $(git rev-parse --short HEAD), $*"
}
