package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.http.SideServer.Query;
import dev.sallyport.kernel.http.SideServer.SideHandler;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The admin API: JSON under {@code /v1}, with a bearer token. Cookies never authenticate, and {@code Host} and
 * {@code Origin} are checked, so that a page in a browser on the same machine cannot use it.
 *
 * <p>The configuration belongs to the files: what would change it is answered with 409, naming them.
 */
public final class AdminApi implements SideHandler {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final AdminToken token;
    private final String configFile;
    private final Map<String, Supplier<? extends JsonNode>> lists = new LinkedHashMap<>();
    private final Map<String, Function<String, @Nullable JsonNode>> items = new LinkedHashMap<>();
    private final Map<String, Callable<? extends JsonNode>> actions = new LinkedHashMap<>();

    /** @param configFile the file that owns the configuration, as its owner would name it */
    public AdminApi(AdminToken token, String configFile) {
        this.token = token;
        this.configFile = configFile;
    }

    /**
     * Offers {@code /v1/<name>}, and {@code /v1/<name>/<id>} for one of the elements.
     *
     * @param item gives null where there is no such element
     */
    public AdminApi offer(String name, Supplier<? extends JsonNode> list, Function<String, @Nullable JsonNode> item) {
        lists.put(name, list);
        items.put(name, item);
        return this;
    }

    /** Offers {@code /v1/<name>} alone. */
    public AdminApi offer(String name, Supplier<? extends JsonNode> list) {
        lists.put(name, list);
        return this;
    }

    /** Offers {@code POST /v1/<path>}, which changes no configuration. */
    public AdminApi act(String path, Callable<? extends JsonNode> action) {
        actions.put("/v1/" + path, action);
        return this;
    }

    @Override
    public Answer answer(Query query) throws Exception {
        if (!isFromHere(query)) {
            return Answer.problem(
                    new Problem(403, "forbidden", "Forbidden").withDetail("Host or Origin is not this address"));
        }
        if (!token.admits(query.header("authorization"))) {
            return Answer.problem(new Problem(401, "unauthorized", "Unauthorized")
                            .withDetail("send the token of data/admin.token as Authorization: Bearer …"))
                    .withHeader("www-authenticate", "Bearer realm=\"sallyport admin\"");
        }
        Callable<? extends JsonNode> action = actions.get(query.path());
        if (action != null && query.method().equals("POST")) {
            return Answer.json(200, action.call().toString());
        }
        String[] path = query.path().split("/", -1);
        if (path.length < 3 || !path[1].equals("v1") || !lists.containsKey(path[2])) {
            return notFound("there are "
                    + lists.keySet().stream().map(name -> "/v1/" + name).toList());
        }
        if (!query.method().equals("GET") && !query.method().equals("HEAD")) {
            return Answer.problem(new Problem(409, "files-own-config", "The files own the configuration")
                    .withDetail("change " + configFile + " or the folder that it names; it is read again at once"));
        }
        if (path.length == 3) {
            return Answer.json(200, lists.get(path[2]).get().toString());
        }
        Function<String, @Nullable JsonNode> item = items.get(path[2]);
        JsonNode found = item == null || path.length > 4 ? null : item.apply(path[3]);
        return found == null ? notFound("no " + path[3] + " in " + path[2]) : Answer.json(200, found.toString());
    }

    private static Answer notFound(String detail) {
        return Answer.problem(new Problem(404, "no-route", "No route").withDetail(detail));
    }

    private static boolean isFromHere(Query query) {
        String origin = query.header("origin");
        return isLoopback(query.header("host")) && (origin == null || isLoopback(authority(origin)));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException notAnOrigin) {
            return null;
        }
    }

    private static boolean isLoopback(@Nullable String authority) {
        return authority != null && LOOPBACK.contains(authority.replaceFirst(":\\d+$", ""));
    }
}
