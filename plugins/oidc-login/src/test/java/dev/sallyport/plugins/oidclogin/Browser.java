package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser before a filter: it keeps cookies as browsers do, and says what a person does. */
final class Browser {

    static final String ORIGIN = "https://app.example.com";

    private final Filter filter;

    /** Its cookies, by name; tests change them as thieves would. */
    final Map<String, String> cookies = new LinkedHashMap<>();

    /** The exchange of the last request. */
    FakeExchange exchange = newExchange();

    /** What has reached the upstream of the last request. */
    FakeNext next = FakeNext.ok();

    Browser(Filter filter) {
        this.filter = filter;
    }

    /** Before what it is. */
    Filter filter() {
        return filter;
    }

    /** Another browser with the same cookies, before another filter or the same. */
    Browser before(Filter other) {
        Browser browser = new Browser(other);
        browser.cookies.putAll(cookies);
        return browser;
    }

    private static FakeExchange newExchange() {
        return FakeExchange.builder().scheme("https").build();
    }

    /** Opens a page. */
    Response open(String target) throws Exception {
        return send(
                "GET", target, "", "sec-fetch-mode", "navigate", "sec-fetch-dest", "document", "accept", "text/html");
    }

    /** Opens a page that the upstream answers like this. */
    Response open(String target, Next upstream) throws Exception {
        return send(
                FakeNext.answering(upstream), "GET", target, "", "sec-fetch-mode", "navigate", "accept", "text/html");
    }

    /** Sends a request with those header fields. */
    Response send(String method, String target, String body, String... headers) throws Exception {
        return send(FakeNext.ok(), method, target, body, headers);
    }

    private Response send(FakeNext upstream, String method, String target, String body, String... headers)
            throws Exception {
        exchange = newExchange();
        next = upstream;
        Requests.Builder request = Requests.of(method, target)
                .header("host", URI.create(ORIGIN).getHost())
                .exchange(exchange);
        if (!body.isEmpty()) {
            request = request.body(Body.of(body));
        }
        for (int i = 0; i < headers.length; i += 2) {
            request = request.header(headers[i], headers[i + 1]);
        }
        if (!cookies.isEmpty()) {
            request = request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        Response response = filter.handle(request.build(), upstream);
        keep(response);
        return response;
    }

    private void keep(Response response) {
        for (String field : response.headers().all("set-cookie")) {
            String[] parts = field.split("; ");
            int equals = parts[0].indexOf('=');
            String name = parts[0].substring(0, equals);
            if (field.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, parts[0].substring(equals + 1));
            }
        }
    }

    /** Opens a page, and logs in at the provider, to where the person wanted to go. */
    Response logIn(TestProvider provider, String target) throws Exception {
        URI authorization = location(open(target));
        return open(provider.approve(authorization));
    }

    /** The claims that were left for later steps of the last request. */
    @SuppressWarnings("unchecked") // JSON
    Map<String, Object> claims() {
        return (Map<String, Object>) exchange.attributes().get("jwt-claims");
    }

    static URI location(Response response) {
        String location = response.header("location");
        if (location == null) {
            throw new AssertionError("status " + response.status() + " (expected: a redirect)");
        }
        return URI.create(location);
    }
}
