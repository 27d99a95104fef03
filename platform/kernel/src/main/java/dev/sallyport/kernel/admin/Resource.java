package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be done by the admin API: all that the API, its checks and its OpenAPI document know of it.
 *
 * @param name one word, for audit log and OpenAPI: {@code installPlugin}
 * @param path such as {@code /v1/plugins/{id}}; a name in braces takes one segment
 * @param role the least that a caller must have
 * @param summary one sentence
 * @param body what it takes; null for nothing
 * @param slow whether it may take seconds
 */
public record Resource(
        String name,
        String method,
        String path,
        Role role,
        String summary,
        List<Parameter> parameters,
        @Nullable Body body,
        boolean slow,
        Action action) {

    public Resource {
        parameters = List.copyOf(parameters);
    }

    /** A parameter of the query; flags are {@code true} or {@code false}. */
    public record Parameter(String name, String doc, boolean flag) {

        private static final String OTHERS = "*";

        /** One that is true or false. */
        public static Parameter flag(String name, String doc) {
            return new Parameter(name, doc, true);
        }

        /** Stands for all that the resource has no names for: another part of the gateway knows them. */
        public static Parameter others(String doc) {
            return new Parameter(OTHERS, doc, false);
        }

        /** Whether it stands for others. */
        public boolean isOthers() {
            return name.equals(OTHERS);
        }

        /** One with a value. */
        public static Parameter of(String name, String doc) {
            return new Parameter(name, doc, false);
        }
    }

    /**
     * A body that is taken.
     *
     * @param types its media types
     * @param limit its most bytes
     */
    public record Body(List<String> types, long limit) {}

    /** Does it. */
    @FunctionalInterface
    public interface Action {
        Answer answer(Call call) throws Exception;
    }

    /** Something to look at, for everybody with a token. */
    public static Resource get(String name, String path, String summary, Action action) {
        return new Resource(name, "GET", path, Role.READ, summary, List.of(), null, false, action);
    }

    /** Something to do. */
    public static Resource of(String name, String method, String path, Role role, String summary, Action action) {
        return new Resource(name, method, path, role, summary, List.of(), null, false, action);
    }

    /** It takes further parameters. */
    public Resource with(Parameter... more) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.addAll(List.of(more));
        return new Resource(name, method, path, role, summary, all, body, slow, action);
    }

    /** It takes a body of these types. */
    public Resource taking(long limit, String... types) {
        Body taken = new Body(List.of(types), limit);
        return new Resource(name, method, path, role, summary, parameters, taken, slow, action);
    }

    /** It may take seconds: so none of the few threads that answer the rest is held by it. */
    public Resource slowly() {
        return new Resource(name, method, path, role, summary, parameters, body, true, action);
    }

    /** The values of its path's names where that path is meant; null where it is not. */
    @Nullable
    Map<String, String> match(String asked) {
        String[] mine = path.split("/", -1);
        String[] others = asked.split("/", -1);
        if (mine.length != others.length) {
            return null;
        }
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < mine.length; i++) {
            if (mine[i].startsWith("{") && !others[i].isEmpty()) {
                String value = decoded(others[i]);
                if (value == null) {
                    return null;
                }
                values.put(mine[i].substring(1, mine[i].length() - 1), value);
            } else if (!mine[i].equals(others[i])) {
                return null;
            }
        }
        return values;
    }

    /** A segment may have a slash in it: an upstream that a route writes out has its URL as its name. */
    private static @Nullable String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
