package dev.sallyport.plugins.console;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.plugins.console.Sessions.Begun;
import dev.sallyport.plugins.console.Sessions.FullException;
import dev.sallyport.plugins.console.Sessions.Granted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Login, and what goes on from it: everything under {@code /session} of the console. Thread-safe. */
final class SessionPages {

    private static final int MOST_BYTES = 8 << 10;

    private final Sessions sessions;
    private final Throttle throttle;
    private final Cookies cookies;
    private final @Nullable OidcLogin oidc;

    SessionPages(ConsoleConfig config, Clock clock, @Nullable OidcLogin oidc) {
        this.sessions = new Sessions(config, clock);
        this.throttle = new Throttle(clock);
        this.cookies = new Cookies(config.oidc());
        this.oidc = oidc;
    }

    /** What belongs to a path; null where nothing does. */
    @Nullable
    Answer answer(Call call, String path) throws IOException {
        return switch (path) {
            case "/session/ways" -> only(call, "GET") ? ways() : Answers.methodNotAllowed("GET, HEAD");
            case "/session" ->
                switch (call.method()) {
                    case "POST" -> login(call);
                    case "DELETE" -> logout(call);
                    default -> Answers.methodNotAllowed("POST, DELETE");
                };
            case "/session/renew" -> only(call, "POST") ? renew(call) : Answers.methodNotAllowed("POST");
            case "/session/oidc", "/session/oidc/callback" -> {
                if (oidc == null) {
                    yield Answers.notFound("no OpenID provider is configured");
                }
                if (!only(call, "GET")) {
                    yield Answers.methodNotAllowed("GET");
                }
                yield path.endsWith("/callback") ? oidc.answer(call, sessions, throttle) : oidc.begin(call);
            }
            default -> null;
        };
    }

    private static boolean only(Call call, String method) {
        return call.method().equals(method);
    }

    private Answer ways() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("token", true);
        json.put("oidc", oidc == null ? null : Map.of("name", oidc.name()));
        return Answers.json(json);
    }

    private Answer login(Call call) throws IOException {
        String refusal = Origins.refusal(call);
        if (refusal != null) {
            return Answers.forbidden(refusal);
        }
        String type = call.header("content-type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return Answers.problem(
                    415,
                    "unsupported-media-type",
                    "Unsupported media type",
                    "Content-Type: " + type + " (expected: application/json)");
        }
        String token = token(call);
        if (token == null) {
            return Answers.badRequest("the body is no {\"token\": \"…\"}");
        }
        Caller caller = call.admin().check(token);
        if (caller == null) {
            // Whoever has the token is let in, however often others at that address have failed.
            long wait = throttle.secondsToWait(call.peer());
            if (wait > 0) {
                return tooMany(wait);
            }
            throttle.failed(call.peer());
            call.admin().audit("nobody", "login", "not a token of the admin API, from " + from(call));
            return Answers.unauthorized("this is no token of the admin API");
        }
        throttle.succeeded(call.peer());
        try {
            Begun begun = sessions.begin(caller.name(), caller.role(), Sessions.hash(token), call.admin());
            call.admin().audit(caller.name(), "login", null);
            return Answers.with(granted(begun.granted()), "set-cookie", cookies.ofSession(call, begun.cookie()));
        } catch (FullException full) {
            return full(full);
        }
    }

    private static @Nullable String token(Call call) throws IOException {
        String body = new String(call.body(MOST_BYTES), StandardCharsets.UTF_8);
        try {
            String token = JSONObjectUtils.getString(JSONObjectUtils.parse(body), "token");
            return token == null ? null : token.strip();
        } catch (ParseException notJson) {
            return null;
        }
    }

    private static String from(Call call) {
        return call.peer().isEmpty() ? "a local socket" : call.peer();
    }

    /** Whether somebody has used the page since it last renewed its token. */
    private static boolean isActive(Call call) {
        return !"0".equals(call.header("x-sallyport-active"));
    }

    private Answer renew(Call call) {
        String refusal = Origins.refusal(call);
        if (refusal != null) {
            return Answers.forbidden(refusal);
        }
        String cookie = cookies.session(call);
        try {
            Granted granted = cookie == null ? null : sessions.renew(cookie, isActive(call), call.admin());
            if (granted == null) {
                Answer over = Answers.unauthorized("there is no session, or it is over; log in");
                return cookie == null ? over : Answers.with(over, "set-cookie", cookies.noSession(call));
            }
            return granted(granted);
        } catch (FullException full) {
            return full(full);
        }
    }

    private Answer logout(Call call) {
        String refusal = Origins.refusal(call);
        if (refusal != null) {
            return Answers.forbidden(refusal);
        }
        String cookie = cookies.session(call);
        String who = cookie == null ? null : sessions.end(cookie, call.admin());
        if (who != null) {
            call.admin().audit(who, "logout", null);
        }
        return Answers.with(Answers.json(Map.of("ended", who != null)), "set-cookie", cookies.noSession(call));
    }

    private static Answer granted(Granted granted) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", granted.who());
        json.put("role", granted.role().name().toLowerCase(Locale.ROOT));
        json.put("token", granted.token());
        json.put("expiresInSeconds", granted.life().toSeconds());
        json.put("endsInSeconds", granted.left().toSeconds());
        return Answers.json(json);
    }

    private static Answer tooMany(long seconds) {
        return Answers.with(
                Answers.problem(
                        429,
                        "too-many-calls",
                        "Too many calls",
                        "too many logins from this address have failed; try again in " + seconds + " s"),
                "retry-after",
                Long.toString(seconds));
    }

    private static Answer full(FullException full) {
        return Answers.problem(503, "overloaded", "Overloaded", String.valueOf(full.getMessage()));
    }
}
