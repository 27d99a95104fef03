package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.config.Doc;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where in a request the key stands. */
public sealed interface KeyLocation {

    /** All that stands there, decoded: none, one, or more than there should be. */
    List<String> keys(Request request);

    /** The request without what stands there. */
    Request without(Request request);

    /** What {@code WWW-Authenticate} says of it: a kind of place and a name. */
    String kind();

    /** The name of the field, parameter or cookie. */
    String name();

    /** The same place as equal places have it: names of fields are the same in any case. */
    default KeyLocation canonical() {
        return this;
    }

    @Doc("In a header field.")
    record Header(@Doc("The field's name.") String name) implements KeyLocation {

        @Override
        public List<String> keys(Request request) {
            List<String> values = request.headers().all(name);
            return name.equalsIgnoreCase("authorization")
                    ? values.stream().map(Header::withoutScheme).toList()
                    : values;
        }

        @Override
        public Request without(Request request) {
            return request.withoutHeader(name);
        }

        @Override
        public String kind() {
            return "header";
        }

        @Override
        public KeyLocation canonical() {
            return new Header(name.toLowerCase(Locale.ROOT));
        }

        /** {@code Authorization} has a scheme before the key (RFC 9110 §11.4). */
        private static String withoutScheme(String value) {
            int space = value.indexOf(' ');
            String scheme = space < 0 ? "" : value.substring(0, space);
            return scheme.equalsIgnoreCase("ApiKey") || scheme.equalsIgnoreCase("Bearer")
                    ? value.substring(space).strip()
                    : value;
        }
    }

    @Doc("In a parameter of the query.")
    record Query(@Doc("The parameter's name.") String name) implements KeyLocation {

        @Override
        public List<String> keys(Request request) {
            return request.target().parameters(name);
        }

        @Override
        public Request without(Request request) {
            RequestTarget target = request.target();
            String query = target.query();
            if (query == null) {
                return request;
            }
            // The other parameters stay byte for byte what they were: some upstreams sign the query.
            String rest = Arrays.stream(query.split("&", -1))
                    .filter(pair -> !nameOf(pair).equals(name))
                    .collect(Collectors.joining("&"));
            return request.withTarget(target.withQuery(rest.isEmpty() ? null : rest));
        }

        @Override
        public String kind() {
            return "query";
        }

        private static String nameOf(String pair) {
            int equals = pair.indexOf('=');
            String encoded = equals < 0 ? pair : pair.substring(0, equals);
            try {
                return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notEncoded) {
                return encoded;
            }
        }
    }

    @Doc("In a cookie.")
    record Cookie(@Doc("The cookie's name.") String name) implements KeyLocation {

        @Override
        public List<String> keys(Request request) {
            return request.headers().all("cookie").stream()
                    .flatMap(field -> Arrays.stream(field.split(";")))
                    .filter(pair -> nameOf(pair).equals(name))
                    .map(pair -> pair.substring(pair.indexOf('=') + 1).strip())
                    .toList();
        }

        @Override
        public Request without(Request request) {
            Headers rest = request.headers().without("cookie");
            for (String field : request.headers().all("cookie")) {
                String others = Arrays.stream(field.split(";"))
                        .filter(pair -> !nameOf(pair).equals(name))
                        .map(String::strip)
                        .collect(Collectors.joining("; "));
                rest = others.isEmpty() ? rest : rest.withAdded("cookie", others);
            }
            return request.withHeaders(rest);
        }

        @Override
        public String kind() {
            return "cookie";
        }

        private static String nameOf(String pair) {
            int equals = pair.indexOf('=');
            return equals < 0 ? "" : pair.substring(0, equals).strip();
        }
    }
}
