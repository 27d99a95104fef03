package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Cookies as they come and go (RFC 6265). */
final class Cookies {

    private final SessionCookie settings;

    Cookies(SessionCookie settings) {
        this.settings = settings;
    }

    /** All that a request carries, by name; of several with one name the first. */
    static Map<String, String> of(Request request) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String field : request.headers().all("cookie")) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    cookies.putIfAbsent(
                            pair.substring(0, equals).strip(),
                            pair.substring(equals + 1).strip());
                }
            }
        }
        return cookies;
    }

    /** The request without the cookies of those names. */
    static Request without(Request request, Predicate<String> names) {
        List<String> kept = new ArrayList<>();
        boolean found = false;
        for (String field : request.headers().all("cookie")) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && names.test(pair.substring(0, equals).strip())) {
                    found = true;
                } else if (!pair.isBlank()) {
                    kept.add(pair.strip());
                }
            }
        }
        if (!found) {
            return request;
        }
        return kept.isEmpty() ? request.withoutHeader("cookie") : request.withHeader("cookie", String.join("; ", kept));
    }

    /** A field that sets a cookie. */
    String set(String name, String value, Duration age) {
        return name + "=" + value + "; Path=/; Max-Age=" + age.toSeconds() + attributes();
    }

    /** A field that takes a cookie away. */
    String expire(String name) {
        return name + "=; Path=/; Max-Age=0" + attributes();
    }

    private String attributes() {
        return (settings.domain() == null ? "" : "; Domain=" + settings.domain())
                + (settings.secure() ? "; Secure" : "")
                + "; HttpOnly; SameSite=Lax";
    }

    /** The response with those fields, which no cache keeps. */
    static Response with(Response response, List<String> fields) {
        if (fields.isEmpty()) {
            return response;
        }
        Headers headers = response.headers().with("cache-control", "no-store");
        for (String field : fields) {
            headers = headers.withAdded("set-cookie", field);
        }
        return response.withHeaders(headers);
    }
}
