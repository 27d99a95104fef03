package dev.sallyport.kernel.admin;

import dev.sallyport.api.AdminPages;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.http.SideServer.Query;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.step.GivenPages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages that services serve beside the API, under {@code /<name>/} of its address. Thread-safe. */
public final class ServedPages {

    private static final Logger LOG = System.getLogger("admin");
    private static final int LONGEST_NAME = 100;

    private final Supplier<Generation> serving;
    private final AdminTokens tokens;
    private final AuditLog audit;
    private volatile Map<String, GivenPages> pages = Map.of();

    /** @param serving the generation that serves */
    public ServedPages(Supplier<Generation> serving, AdminTokens tokens, AuditLog audit) {
        this.serving = serving;
        this.tokens = tokens;
        this.audit = audit;
    }

    /** Another generation may serve: streams of pages that are not in it end, and so do the tokens that they have minted. */
    public void serves(Generation generation) {
        Map<String, GivenPages> before = pages;
        pages = generation.discovered().pages();
        tokens.minted().keep(pages.values());
        before.values().stream().filter(each -> !pages.containsValue(each)).forEach(GivenPages::endStreams);
    }

    /** Whether that path belongs to pages. */
    boolean have(String path) {
        return pages.containsKey(first(path));
    }

    /** Where those pages are that stand first in the configuration; null where there are none. */
    @Nullable
    String home() {
        return pages.keySet().stream().findFirst().map(name -> "/" + name + "/").orElse(null);
    }

    private static String first(String path) {
        int end = path.indexOf('/', 1);
        return path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
    }

    /**
     * Has a call answered by the pages that it is for.
     *
     * @param caller whose bearer token it carries; null for none
     * @param api answers what pages ask of it, as a caller
     */
    Answer answer(Query query, @Nullable Caller caller, BiFunction<Caller, String, Answer> api) {
        String name = first(query.path());
        if (query.path().equals("/" + name)) {
            return redirect(query.path() + "/");
        }
        for (Generation now = serving.get(); ; now = serving.get()) {
            if (now.tryAcquire()) { // else it was drained meanwhile, and another one serves
                try {
                    GivenPages found = now.discovered().pages().get(name);
                    return found == null ? gone(name) : answer(name, found, query, caller, api);
                } finally {
                    now.release();
                }
            }
        }
    }

    static Answer redirect(String to) {
        return new Answer(302, "text/plain; charset=utf-8", "", Map.of("location", to));
    }

    private static Answer gone(String name) {
        return Answer.problem(new Problem(404, "not-found", "Not found").withDetail("there are no pages " + name));
    }

    private Answer answer(
            String name,
            GivenPages found,
            Query query,
            @Nullable Caller caller,
            BiFunction<Caller, String, Answer> api) {
        Asked call = new Asked(name, query, caller, new Powers(name, found, api));
        try {
            return written(found, found.answer(call));
        } catch (PluginException e) {
            if (call.tooLarge >= 0) {
                return Answer.problem(Call.tooLarge(call.tooLarge).problem());
            }
            LOG.log(Level.WARNING, String.valueOf(e.getMessage()));
            return Answer.problem(new Problem(500, "internal-error", "Internal error"));
        } catch (RuntimeException e) { // what pages throw on purpose is as wrong as the rest
            LOG.log(Level.WARNING, "service {0}: {1}", name, e.toString());
            return Answer.problem(new Problem(500, "internal-error", "Internal error"));
        }
    }

    private static Answer written(GivenPages pages, AdminPages.Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        Headers given = answer.headers();
        for (int i = 0; i < given.size(); i++) {
            headers.put(given.name(i).toLowerCase(Locale.ROOT), given.value(i));
        }
        String type = headers.remove("content-type");
        AdminPages.Stream stream = answer.stream();
        return new Answer(
                answer.status(),
                type == null ? "application/octet-stream" : type,
                answer.body().slice(),
                headers,
                stream == null ? null : new Written(pages, stream));
    }

    /** A stream of pages, as the server writes it. */
    private record Written(GivenPages pages, AdminPages.Stream stream) implements SideServer.Stream {

        @Override
        public void writeTo(OutputStream out) throws IOException, InterruptedException {
            pages.write(stream, out);
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    /** A call, as pages see it. */
    private final class Asked implements AdminPages.Call {

        private final String name;
        private final Query query;
        private final @Nullable Caller caller;
        private final AdminPages.Admin admin;
        private volatile long tooLarge = -1;

        Asked(String name, Query query, @Nullable Caller caller, AdminPages.Admin admin) {
            this.name = name;
            this.query = query;
            this.caller = caller;
            this.admin = admin;
        }

        @Override
        public String method() {
            return query.method().equals("HEAD") ? "GET" : query.method();
        }

        @Override
        public String base() {
            return "/" + name;
        }

        @Override
        public String path() {
            return query.path().substring(name.length() + 1);
        }

        @Override
        public Map<String, String> parameters() {
            return query.parameters();
        }

        @Override
        public @Nullable String header(String field) {
            return query.header(field.toLowerCase(Locale.ROOT));
        }

        @Override
        public byte[] body(int most) throws IOException {
            try (InputStream in = query.body()) {
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length > most) {
                    tooLarge = most;
                    throw new BodyTooLargeException(most);
                }
                return bytes;
            }
        }

        @Override
        public boolean secure() {
            return query.secure();
        }

        @Override
        public String peer() {
            return query.peer();
        }

        @Override
        public AdminPages.@Nullable Caller caller() {
            return caller == null ? null : shown(caller);
        }

        @Override
        public boolean isGoodStill() {
            return tokens.find(query.header("authorization"), null) != null;
        }

        @Override
        public AdminPages.Admin admin() {
            return admin;
        }
    }

    private static AdminPages.Caller shown(Caller caller) {
        return new AdminPages.Caller(
                caller.name(), AdminPages.Role.valueOf(caller.role().name()));
    }

    /** What pages may have done. */
    private final class Powers implements AdminPages.Admin {

        private final String name;
        private final GivenPages mine;
        private final BiFunction<Caller, String, Answer> api;

        Powers(String name, GivenPages mine, BiFunction<Caller, String, Answer> api) {
            this.name = name;
            this.mine = mine;
            this.api = api;
        }

        @Override
        public AdminPages.@Nullable Caller check(String token) {
            Caller found = tokens.check(token);
            return found == null ? null : shown(found);
        }

        @Override
        public AdminPages.@Nullable Caller checkHash(String sha256) {
            Caller found = tokens.checkHash(sha256);
            return found == null ? null : shown(found);
        }

        @Override
        public String mint(String who, AdminPages.Role role, Duration life, @Nullable String ground) {
            refuseUnlessServing();
            String token = tokens.minted()
                    .mint(mine, new Caller(name + ":" + clean(who), Role.valueOf(role.name())), ground, life);
            try {
                refuseUnlessServing(); // else one made while others took over would outlive these pages
            } catch (IllegalStateException over) {
                tokens.minted().revoke(mine, token);
                throw over;
            }
            return token;
        }

        private void refuseUnlessServing() {
            if (serving.get().discovered().pages().get(name) != mine) {
                throw new IllegalStateException("these pages " + name + " do not serve any more");
            }
        }

        @Override
        public void revoke(String token) {
            tokens.minted().revoke(mine, token);
        }

        @Override
        public AdminPages.Found get(AdminPages.Caller caller, String path) {
            Caller as = new Caller(caller.name(), Role.valueOf(caller.role().name()));
            Answer answer = api.apply(as, path);
            return new AdminPages.Found(
                    answer.status(),
                    StandardCharsets.UTF_8.decode(answer.body().slice()).toString());
        }

        @Override
        public void audit(String who, String action, @Nullable String reason) {
            audit.add(name + ":" + clean(who), "/" + name, action, reason);
        }
    }

    /** A name as it may stand in a log, whoever chose it. */
    private static String clean(String who) {
        String one = who.replaceAll("\\p{Cntrl}", " ").strip();
        return one.length() <= LONGEST_NAME ? one : one.substring(0, LONGEST_NAME);
    }
}
