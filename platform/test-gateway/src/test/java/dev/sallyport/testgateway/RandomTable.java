package dev.sallyport.testgateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** A configuration made by chance: routes of every kind, with stamping steps wherever steps can stand. */
final class RandomTable {

    private static final List<String> HOSTS = List.of("a.test", "b.test", "*.a.test", "*.x.a.test", "127.0.0.1");
    private static final List<String> PATHS = List.of(
            "/a",
            "/a/b",
            "/a/**",
            "/a/{id}",
            "/{x}/b",
            "/{x}/**",
            "/**",
            "/a/b/**",
            "/a/{id}/c",
            "re:/a[0-9]+",
            "re:/(a|b)/.*",
            "/a%2Fb",
            "/caf%C3%A9",
            "/b",
            "/a//b",
            "/",
            "/a.b");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");

    private final Random random;
    private final List<String> names = new ArrayList<>();
    private final Map<String, List<String>> upstreams = new LinkedHashMap<>();

    RandomTable(Random random) {
        this.random = random;
    }

    /** The names of its steps. */
    List<String> names() {
        return names;
    }

    /** The targets of its upstreams, by name. */
    Map<String, List<String>> upstreams() {
        return upstreams;
    }

    /** @param targets of which each belongs to one upstream */
    String yaml(List<String> targets) {
        StringBuilder yaml = new StringBuilder("listeners:\n  - name: web\n    address: \"127.0.0.1:0\"\n");
        yaml.append("    path: {encodedSlash: ").append(pick("keep", "reject")).append(", doubleSlash: ");
        yaml.append(pick("keep", "keep", "merge", "reject")).append("}\n");
        if (chance(2)) {
            yaml.append("    trustedProxies: {cidrs: [127.0.0.0/8], header: ")
                    .append(pick("x-forwarded-for", "forwarded"))
                    .append(chance(2) ? ", hops: 1" : "")
                    .append("}\n");
        }
        if (chance(4)) {
            yaml.append("    limits: {headerCount: 9, uri: 64B}\n");
        }
        yaml.append("upstreams:\n");
        int at = 0;
        for (int i = 0; i < 4; i++) {
            List<String> own = targets.subList(at, at += 1 + i);
            upstreams.put("u" + i, own);
            upstream("u" + i, own, yaml);
        }
        yaml.append("chains:\n  common: ").append(steps("c", 2, false)).append("\n");
        yaml.append("  other: ").append(steps("o", 2, false)).append("\n");
        yaml.append("plugins: ").append(steps("b", random.nextInt(3), true)).append("\n");
        List<String> defaults = new ArrayList<>(list("d", 2, false));
        if (chance(2)) {
            defaults.add(random.nextInt(defaults.size() + 1), "{use: common" + when() + "}");
        }
        yaml.append("defaults: {plugins: [").append(String.join(", ", defaults)).append("]}\n");
        yaml.append("routes:\n");
        int routes = 1 + random.nextInt(14);
        for (int i = 0; i < routes; i++) {
            route("r" + i, yaml);
        }
        return yaml.toString();
    }

    private void upstream(String name, List<String> targets, StringBuilder yaml) {
        yaml.append("  ").append(name).append(":\n    targets: [");
        yaml.append(targets.stream()
                .map(url -> "{url: \"" + url + "\", weight: " + (1 + random.nextInt(3)) + "}")
                .collect(Collectors.joining(", ")));
        yaml.append("]\n    balance: ")
                .append(pick(
                        "round-robin",
                        "random",
                        "least-requests",
                        "{consistent-hash: {by: header.x-user}}",
                        "{consistent-hash: {by: header.x-user}}",
                        "{consistent-hash: {by: path}}",
                        "{sticky: {cookie: sp}}"));
        yaml.append("\n    host: ")
                .append(pick("target", "client", "inner.test"))
                .append("\n");
        if (chance(2)) {
            yaml.append("    plugins: ")
                    .append(steps(name + "s", 1 + random.nextInt(2), false))
                    .append("\n");
        }
    }

    private void route(String name, StringBuilder yaml) {
        yaml.append("  - name: ").append(name).append("\n");
        int matches = random.nextInt(4);
        if (matches > 0) {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < matches; i++) {
                all.add(match());
            }
            yaml.append("    match: [").append(String.join(", ", all)).append("]\n");
        }
        if (chance(4)) {
            yaml.append("    skip: [d0]\n");
        }
        if (chance(8)) {
            yaml.append("    maxBody: 20B\n");
        }
        List<String> own = new ArrayList<>(list(name + "s", 1 + random.nextInt(2), true));
        if (chance(3)) {
            own.add(random.nextInt(own.size() + 1), "{use: other" + when() + "}");
        }
        if (chance(10)) {
            own.add(stamp(name + "end", ", answer: 418, always: true", ""));
            yaml.append("    plugins: [").append(String.join(", ", own)).append("]\n");
            return;
        }
        yaml.append("    plugins: [").append(String.join(", ", own)).append("]\n    upstream: ");
        yaml.append(
                chance(5)
                        ? "{split: [{to: u0, weight: 1}, {to: u3, weight: " + random.nextInt(3) + "}]}"
                        : "u" + random.nextInt(4));
        yaml.append("\n");
    }

    private String steps(String prefix, int count, boolean changing) {
        return "[" + String.join(", ", list(prefix, count, changing)) + "]";
    }

    private List<String> list(String prefix, int count, boolean changing) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String more = "";
            if (changing && chance(6)) {
                more = ", path: \"" + pick("/a", "/b/7", "/a/b") + "\"";
            } else if (changing && chance(6)) {
                more = ", tag: \"" + pick("1", "2") + "\"";
            } else if (!prefix.startsWith("u") && chance(3)) {
                more = ", answer: " + pick("200", "401", "503");
            } else if (chance(5)) {
                more = ", silent: true";
            }
            String name = prefix + i;
            String beside = when() + (chance(15) ? ", mode: off" : chance(10) ? ", mode: monitor" : "");
            if (!prefix.startsWith("c") && !prefix.startsWith("o") && chance(8)) {
                beside += ", canary: {config: {name: " + name + "-canary}, share: 50%, by: header.x-user}";
            }
            steps.add(stamp(name, more, beside));
        }
        return steps;
    }

    private String stamp(String name, String more, String beside) {
        names.add(name);
        return "{stamp: {name: " + name + more + "}, id: " + name + beside + "}";
    }

    private String when() {
        return chance(3) ? ", when: [" + match() + (chance(3) ? ", " + match() : "") + "]" : "";
    }

    private String match() {
        List<String> keys = new ArrayList<>();
        if (chance(3)) {
            keys.add("hosts: [\"" + pick(HOSTS) + "\"" + (chance(3) ? ", \"" + pick(HOSTS) + "\"" : "") + "]");
        }
        if (keys.isEmpty() || !chance(4)) {
            keys.add("paths: [\"" + pick(PATHS) + "\"" + (chance(3) ? ", \"" + pick(PATHS) + "\"" : "") + "]");
        }
        if (chance(4)) {
            keys.add("methods: [" + pick(METHODS) + (chance(2) ? ", " + pick(METHODS) : "") + "]");
        }
        if (chance(5)) {
            keys.add("headers: {x-h: \"" + pick("1", "2", "1, 2") + "\"}");
        }
        if (chance(5)) {
            keys.add("query: {q: \"" + pick("1", "2") + "\"}");
        }
        return "{" + String.join(", ", keys) + "}";
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private String pick(String... all) {
        return all[random.nextInt(all.length)];
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
