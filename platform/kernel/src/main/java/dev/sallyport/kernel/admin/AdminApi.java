package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.api.config.Rate;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.http.SideServer.Query;
import dev.sallyport.kernel.http.SideServer.SideHandler;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The admin API: JSON under {@code /v1}, with a bearer token that has a role. Cookies never authenticate, and {@code Host}
 * and {@code Origin} are checked, so that a page in a browser on the same machine cannot use it. What it can do is a table
 * of {@link Resource}s. Thread-safe once all are offered.
 */
public final class AdminApi implements SideHandler {

    private static final System.Logger LOG = System.getLogger("admin");

    /** What their addresses begin with who load pages without a token; no token has a name that does. */
    private static final String PAGES = "/";

    private final AdminTokens tokens;
    private final AuditLog audit;
    private final Supplier<Rate> rate;
    private final CallRate calls = new CallRate();
    private final UnknownCalls unknown = new UnknownCalls();
    private final IntSupplier generation;
    private final List<Resource> resources = new ArrayList<>();
    private final ServedPages pages;

    /**
     * @param rate how often each caller may call
     * @param generation the number of the one that serves: the ETag of what is shown
     * @param pages what is served beside it
     */
    public AdminApi(
            AdminTokens tokens, AuditLog audit, Supplier<Rate> rate, IntSupplier generation, ServedPages pages) {
        this.pages = pages;
        this.rate = rate;
        this.tokens = tokens;
        this.audit = audit;
        this.generation = generation;
        offer(Resource.get(
                "openapi",
                "/v1/openapi.json",
                "This API, as an OpenAPI document.",
                call -> Answer.json(200, OpenApi.of(resources).toString())));
    }

    /** Offers one more thing. */
    public AdminApi offer(Resource resource) {
        resources.add(resource);
        return this;
    }

    /**
     * Offers {@code /v1/<name>}, and {@code /v1/<name>/{id}} for one of the elements.
     *
     * @param item gives null where there is no such element
     */
    public AdminApi offer(String name, Supplier<? extends JsonNode> list, Function<String, @Nullable JsonNode> item) {
        return offer(name, list)
                .offer(Resource.get(
                        "show" + capital(name), "/v1/" + name + "/{id}", "One of the " + name + ".", call -> {
                            JsonNode found = item.apply(call.path("id"));
                            if (found == null) {
                                throw RefusedCallException.notFound("no " + call.path("id") + " in " + name);
                            }
                            return Answer.json(200, found.toString());
                        }));
    }

    /** Offers {@code /v1/<name>} alone. */
    public AdminApi offer(String name, Supplier<? extends JsonNode> list) {
        return offer(Resource.get(
                        "list" + capital(name),
                        "/v1/" + name,
                        "The " + name + ".",
                        call -> ListPage.of("/v1/" + name, list.get(), call))
                .with(
                        Parameter.of("limit", "The most elements to list; at most " + ListPage.MOST + "."),
                        Parameter.of("offset", "How many to leave out first; the header Link names the next.")));
    }

    static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    @Override
    public Answer answer(Query query) throws Exception {
        if (!CallOrigin.isHere(query)) {
            return Answer.problem(
                    new Problem(403, "forbidden", "Forbidden").withDetail("Host or Origin is not this address"));
        }
        if (pages.have(query.path()) && !isApi(query.path())) {
            return answerPages(query);
        }
        Caller caller = tokens.find(query.header("authorization"), query.certificate());
        Rate most = rate.get();
        Answer tooMany = caller == null
                ? take("", new Rate(most.amount(), most.per().multipliedBy(10)))
                : take(caller.name(), most);
        if (tooMany != null) {
            return tooMany;
        }
        String home = caller == null && query.path().equals("/") ? pages.home() : null;
        if (home != null) {
            return ServedPages.redirect(home);
        }
        if (caller == null) {
            return Answer.problem(new Problem(401, "unauthorized", "Unauthorized")
                            .withDetail("send the token of data/admin.token, or one of the configuration's"
                                    + " admin.tokens, as Authorization: Bearer …"))
                    .withHeader("www-authenticate", "Bearer realm=\"sallyport admin\"");
        }
        List<Resource> there = resources.stream()
                .filter(resource -> resource.match(query.path()) != null)
                .toList();
        String method = query.method().equals("HEAD") ? "GET" : query.method();
        for (Resource resource : there) {
            if (resource.method().equals(method)) {
                return answer(resource, caller, query);
            }
        }
        return nothing(there);
    }

    @Override
    public boolean takesLong(String path) {
        return isApi(path)
                ? resources.stream().anyMatch(resource -> resource.slow() && resource.match(path) != null)
                : pages.have(path);
    }

    private static boolean isApi(String path) {
        return path.equals("/v1") || path.startsWith("/v1/");
    }

    private @Nullable Answer take(String who, Rate most) {
        long wait = calls.take(who, most, System.nanoTime());
        return wait == 0
                ? null
                : Answer.problem(new Problem(429, "too-many-calls", "Too many calls")
                                .withDetail("admin.rate is " + most))
                        .withHeader("retry-after", Long.toString(1 + wait / 1_000_000_000));
    }

    /** Pages are for everybody, and say themselves what they show to whom; a certificate, which a browser sends unasked, is nothing to them. */
    private Answer answerPages(Query query) {
        Caller caller = tokens.find(query.header("authorization"), null);
        // A browser without a token loads what pages are made of.
        Answer tooMany =
                take(caller == null ? PAGES + (calls.isFull() ? "" : query.peer()) : caller.name(), rate.get());
        if (tooMany != null) {
            return tooMany;
        }
        if (caller != null) {
            return pages.answer(query, caller, this::show);
        }
        if (!unknown.begin(query.peer())) {
            return Answer.problem(new Problem(503, "overloaded", "Overloaded")
                            .withDetail("too many answers to calls without a token are waited for; ask again"))
                    .withHeader("retry-after", "1");
        }
        try {
            return pages.answer(query, null, this::show);
        } finally {
            unknown.end(query.peer());
        }
    }

    /** What a caller is shown who asks from within the process; a stream is not. */
    private Answer show(Caller caller, String target) {
        URI asked = URI.create(target);
        Query query = new Query(
                "GET",
                asked.getRawPath(),
                parameters(asked.getRawQuery()),
                Map.of(),
                InputStream.nullInputStream(),
                -1,
                true,
                "",
                null);
        for (Resource resource : resources) {
            if (resource.method().equals("GET") && resource.match(query.path()) != null) {
                try {
                    Answer answer = answer(resource, caller, query);
                    if (answer.stream() == null) {
                        return answer;
                    }
                    answer.stream().close();
                    return Answer.problem(new Problem(400, "bad-request", "Bad request")
                            .withDetail(query.path() + " is a stream (expected: something that ends)"));
                } catch (Exception e) {
                    LOG.log(System.Logger.Level.ERROR, "showing " + query.path(), e);
                    return Answer.problem(new Problem(500, "internal-error", "Internal error"));
                }
            }
        }
        return Answer.problem(new Problem(404, "not-found", "Not found"));
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            parameters.put(
                    URLDecoder.decode(name, StandardCharsets.UTF_8),
                    equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private Answer nothing(List<Resource> there) {
        if (there.isEmpty()) {
            String all = resources.stream().map(Resource::path).distinct().collect(Collectors.joining(", "));
            return Answer.problem(new Problem(404, "not-found", "Not found").withDetail("there are " + all));
        }
        Set<String> methods = new TreeSet<>();
        there.forEach(resource -> methods.add(resource.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return Answer.problem(new Problem(405, "method-not-allowed", "Method not allowed"))
                .withHeader("allow", String.join(", ", methods));
    }

    private Answer answer(Resource resource, Caller caller, Query query) throws Exception {
        Map<String, String> path = resource.match(query.path());
        Call call = new Call(resource, caller, path == null ? Map.of() : path, query);
        Answer answer;
        Problem problem = null;
        try {
            check(resource, caller, call, query);
            answer = resource.action().answer(call);
        } catch (RefusedCallException e) {
            problem = e.problem();
            answer = Answer.problem(problem);
        } catch (Exception e) {
            audit(resource, call, 500, "internal error");
            throw e;
        }
        audit(resource, call, answer.status(), problem == null ? null : problem.detail());
        boolean shown = resource.method().equals("GET") && answer.status() == 200;
        return shown ? answer.withHeader("etag", "\"" + generation.getAsInt() + "\"") : answer;
    }

    private void audit(Resource resource, Call call, int status, @Nullable String why) {
        if (!resource.method().equals("GET") && resource.role() != Role.READ) { // who may only look changes nothing
            audit.add(call, resource, status, why);
        }
    }

    private static void check(Resource resource, Caller caller, Call call, Query query) throws RefusedCallException {
        if (!caller.may(resource.role())) {
            throw new RefusedCallException(
                    403,
                    "forbidden",
                    "Forbidden",
                    "the token " + caller.name() + " has the role " + lower(caller.role()) + " (expected: "
                            + lower(resource.role()) + ")");
        }
        for (String name : query.parameters().keySet()) {
            if (resource.parameters().stream()
                    .noneMatch(each -> each.isOthers() || each.name().equals(name))) {
                // A dryRun that is misspelt must not become a real one.
                throw RefusedCallException.badRequest(name + " is no parameter of this (expected: "
                        + resource.parameters().stream().map(Parameter::name).collect(Collectors.joining(", "))
                        + ")");
            }
        }
        Resource.Body body = resource.body();
        if (body != null) {
            String type = call.mediaType();
            if (!body.types().contains(type)) {
                throw new RefusedCallException(
                        415,
                        "unsupported-media-type",
                        "Unsupported media type",
                        "Content-Type: " + type + " (expected: " + String.join(" or ", body.types()) + ")");
            }
            if (query.length() > body.limit()) {
                throw Call.tooLarge(body.limit());
            }
        }
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
