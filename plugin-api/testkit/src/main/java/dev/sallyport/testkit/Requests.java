package dev.sallyport.testkit;

import dev.sallyport.api.Body;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests for tests.
 *
 * {@snippet :
 * Request request = Requests.get("/orders/1?full=yes").header("x-key", "abc").client("203.0.113.9").build();
 * }
 */
public final class Requests {

    private Requests() {}

    /** A GET of that path and query. */
    public static Builder get(String target) {
        return of("GET", target);
    }

    /** A POST of a text to that path and query; its body can be read once. */
    public static Builder post(String target, String body) {
        return of("POST", target).body(TrackedBody.of(body));
    }

    /** A request of any method. */
    public static Builder of(String method, String target) {
        return new Builder(method, RequestTarget.parse(target));
    }

    /** The parts of a request. It starts with the header field {@code Host: gateway.test} and no body. */
    public static final class Builder {

        private final String method;
        private final RequestTarget target;
        private Headers headers = Headers.of("Host", "gateway.test");
        private Body body = Body.empty();
        private @Nullable String upgrade;
        private @Nullable Exchange exchange;
        private final FakeExchange.Builder facts = FakeExchange.builder();

        private Builder(String method, RequestTarget target) {
            this.method = method;
            this.target = target;
        }

        /** A further header field; {@code Host} takes the place of the one that is there. */
        public Builder header(String name, String value) {
            headers = name.equalsIgnoreCase("host") ? headers.with(name, value) : headers.withAdded(name, value);
            return this;
        }

        /** The body. */
        public Builder body(Body newBody) {
            body = newBody;
            return this;
        }

        /** The protocol to switch to, in lower case. */
        public Builder upgrade(String protocol) {
            upgrade = protocol;
            return this;
        }

        /** The client's address, as digits; not together with {@link #exchange}. */
        public Builder client(String address) {
            facts.client(address);
            return this;
        }

        /** The route's name; not together with {@link #exchange}. */
        public Builder route(@Nullable String name) {
            facts.route(name);
            return this;
        }

        /** A path parameter of the route, decoded; not together with {@link #exchange}. */
        public Builder parameter(String name, String value) {
            facts.parameter(name, value);
            return this;
        }

        /** The exchange, for tests that look at it or need other facts. */
        public Builder exchange(Exchange newExchange) {
            exchange = newExchange;
            return this;
        }

        /** The request; each call gives one of an exchange of its own, unless one was given. */
        public Request build() {
            return new Request(method, target, headers, body, upgrade, exchange == null ? facts.build() : exchange);
        }
    }
}
