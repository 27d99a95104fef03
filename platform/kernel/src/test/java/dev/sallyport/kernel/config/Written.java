package dev.sallyport.kernel.config;

import java.nio.file.Path;
import java.util.Arrays;

/** Parts of a configuration as a user would write them, bound: tests need not know keys that they do not set. */
public final class Written {

    private Written() {}

    /** A listener on a free port of loopback, with further keys: {@code Written.listener("idle: 1s")}. */
    public static ListenerConfig listener(String... keys) {
        return as(ListenerConfig.class, with("name: web\naddress: 127.0.0.1:0\n", keys));
    }

    /** An upstream of those keys: {@code Written.upstream("targets: [http://127.0.0.1:9001]")}. */
    public static UpstreamConfig upstream(String... keys) {
        return as(UpstreamConfig.class, with("", keys));
    }

    /** A record of those keys, which must be right. */
    public static <R extends Record> R as(Class<R> type, String yaml) {
        ConfigNode node = new YamlText("test.yaml", Written::fail).parse(yaml);
        R bound = node == null ? null : new Binder().bind(node, type, "test", Path.of(""), Written::fail);
        if (bound == null) {
            throw new AssertionError(yaml);
        }
        return bound;
    }

    /** Keys given later take the place of those before. */
    private static String with(String usual, String... keys) {
        StringBuilder yaml = new StringBuilder();
        for (String line : usual.split("\n", -1)) {
            String name = line.split(":", 2)[0];
            boolean again = Arrays.stream(keys).anyMatch(key -> key.startsWith(name + ":"));
            if (!again && !line.isBlank()) {
                yaml.append(line).append('\n');
            }
        }
        return yaml + String.join("\n", keys);
    }

    private static void fail(ConfigProblem problem) {
        throw new AssertionError(Folder.text(problem));
    }
}
