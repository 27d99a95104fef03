package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Body;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Sends the head of the request, and tells by headers what it asks for, in the words of nginx's recipes ({@code X-Original-*})
 * and of Traefik ({@code X-Forwarded-*}). The status is the decision.
 */
final class HttpDecider implements Decider {

    /**
     * What belongs to the message or to the connection, what would make the answer another one than a decision (RFC 9110 §12,
     * §13, §14), and what is set here.
     */
    private static final Set<String> KEPT_BACK = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "expect",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "range",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-method",
            "x-forwarded-proto",
            "x-forwarded-uri",
            "x-original-method",
            "x-original-uri",
            "x-original-url");

    private final Service.Http service;
    private final ExtAuthConfig config;
    private final SideCall call;
    private final Named named;

    HttpDecider(Service.Http service, ExtAuthConfig config, SideCall call) {
        this.service = service;
        this.config = config;
        this.call = call;
        named = new Named(config.send());
    }

    @Override
    public Decision decide(Request request, byte[] body) throws IOException, InterruptedException {
        boolean hasBody = config.body().bytes() > 0;
        HttpRequest.Builder question = HttpRequest.newBuilder(service.url())
                .method(
                        service.method().equals("original") ? request.method() : service.method(),
                        hasBody && body.length > 0 ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
        copy(request.headers(), hasBody, question);
        describe(request, question);
        HttpResponse<byte[]> answer = call.send(question);
        return decision(answer);
    }

    private void copy(Headers headers, boolean hasBody, HttpRequest.Builder question) {
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            boolean ofBody = name.equals("content-type") || name.equals("content-encoding");
            if (named.has(name) && !KEPT_BACK.contains(name) && (hasBody || !ofBody)) {
                question.header(name, headers.value(i));
            }
        }
    }

    private static void describe(Request request, HttpRequest.Builder question) {
        Exchange exchange = request.exchange();
        String host = request.headers().get("host", "");
        String target = request.target().toString();
        question.setHeader("x-forwarded-for", exchange.client().getHostAddress())
                .setHeader("x-forwarded-proto", exchange.scheme())
                .setHeader("x-forwarded-host", host)
                .setHeader("x-forwarded-method", request.method())
                .setHeader("x-forwarded-uri", target)
                .setHeader("x-original-method", request.method())
                .setHeader("x-original-uri", target)
                .setHeader("x-original-url", exchange.scheme() + "://" + host + target);
    }

    private Decision decision(HttpResponse<byte[]> answer) throws IOException {
        int status = answer.statusCode();
        boolean keepable = !isNotToBeKept(answer);
        Map<String, List<String>> headers = answer.headers().map();
        if (status >= 200 && status < 300) {
            return new Decision.Allowed(
                    Named.of(config.toUpstream(), headers), Named.of(config.toClient(), headers), keepable);
        }
        boolean redirects = status >= 300 && status < 400 && status != 304;
        if (redirects || status == 401 || status == 403) {
            return new Decision.Refused(
                    status, Named.of(config.answer(), headers), Body.of(answer.body()), keepable && !redirects);
        }
        throw new IOException("status " + status + " (expected: 2xx, 3xx, 401 or 403)");
    }

    /** A cookie is for one client, and where a service forbids keeping its answer it knows why. */
    private static boolean isNotToBeKept(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("set-cookie").isPresent()
                || answer.headers().allValues("cache-control").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("no-store"));
    }
}
