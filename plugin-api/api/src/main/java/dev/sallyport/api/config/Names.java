package dev.sallyport.api.config;

import static dev.sallyport.api.config.Kind.ANY;
import static dev.sallyport.api.config.Kind.BOOLEAN;
import static dev.sallyport.api.config.Kind.LIST;
import static dev.sallyport.api.config.Kind.NUMBER;
import static dev.sallyport.api.config.Kind.TEXT;
import static dev.sallyport.api.config.Kind.TIME;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.TraceContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What expressions can read. */
final class Names {

    private static final Attribute<String> GRAPHQL_KIND = Attribute.of("graphql-kind", String.class);
    private static final Attribute<String> GRAPHQL_OPERATION = Attribute.of("graphql-operation", String.class);

    private static final Map<String, Name> ALL = new LinkedHashMap<>();

    static {
        request("method", TEXT, "the method, in its own case", Request::method);
        request(
                "scheme",
                TEXT,
                "`http` or `https`, as the client used it",
                request -> request.exchange().scheme());
        request("host", TEXT, "the host asked for, in lower case and without a port", Facts::host);
        request("path", TEXT, "the path as it is sent: percent-encoded, in its normal form", Request::path);
        member(
                "path",
                "PARAMETER",
                TEXT,
                "a path parameter of the route, decoded",
                name -> request -> request.exchange().parameters().get(name));
        request(
                "uri",
                TEXT,
                "path and query, as they are sent",
                request -> request.target().toString());
        member(
                "query",
                "NAME",
                TEXT,
                "the first value of a query parameter, decoded",
                name -> request -> request.target().parameter(name));
        member(
                "header",
                "NAME",
                TEXT,
                "a header field, in any case; several of one name are one text with `, ` between",
                name -> request -> Facts.field(request.headers(), name));
        member(
                "cookie",
                "NAME",
                TEXT,
                "the first cookie of that name",
                name -> request -> Facts.cookie(request.headers(), name));
        request(
                "protocol",
                TEXT,
                "`HTTP/1.1` or `HTTP/2`",
                request -> request.exchange().protocol());
        request(
                "listener",
                TEXT,
                "the name of the listener",
                request -> request.exchange().listener());
        request(
                "route",
                TEXT,
                "the name of the route; absent before one is chosen",
                request -> request.exchange().route());
        request(
                "requestId",
                TEXT,
                "the id that goes upstream and back",
                request -> request.exchange().id());
        request(
                "now",
                TIME,
                "when the request came",
                request -> request.exchange().startedAt());
        request(
                "elapsedMillis",
                NUMBER,
                "how long ago that was, in milliseconds",
                request -> request.exchange().elapsed().toMillis());
        request(
                "client.address",
                TEXT,
                "the client's address",
                request -> request.exchange().client().getHostAddress());
        tls(
                "tls.protocol",
                "what the connection's TLS is, such as `TLSv1.3`; absent in clear text",
                Exchange.Tls::protocol);
        tls("tls.cipher", "its cipher suite", Exchange.Tls::cipherSuite);
        tls("tls.serverName", "the name that the client asked for (SNI)", Exchange.Tls::serverName);
        tls(
                "client.certificate.subject",
                "the subject of the client's verified certificate (RFC 2253)",
                Exchange.Tls::clientSubject);
        request("client.certificate.issuer", TEXT, "its issuer", request -> {
            var certificate = Facts.certificate(request);
            return certificate == null
                    ? null
                    : certificate.getIssuerX500Principal().getName();
        });
        request("client.certificate.serial", TEXT, "its serial number, in hexadecimal digits", request -> {
            var certificate = Facts.certificate(request);
            return certificate == null ? null : certificate.getSerialNumber().toString(16);
        });
        request("client.certificate.fingerprint", TEXT, "`sha256:` and its hash", Facts::fingerprint);
        request("client.certificate.names", LIST, "its alternative names: hosts, URIs, e-mail addresses", Facts::names);
        request(
                "authenticated",
                BOOLEAN,
                "whether a step has said who the caller is",
                request -> request.exchange().consumer() != null);
        consumer("consumer", TEXT, "the authenticated caller's name", Consumer::name);
        consumer("consumer.name", TEXT, "the same", Consumer::name);
        consumer("consumer.groups", LIST, "the groups it belongs to", Consumer::groups);
        member("consumer.tags", "TAG", TEXT, "one of its tags", Names::tag);
        member("consumer", "TAG", TEXT, "the same, for tags that are not called name, groups or tags", Names::tag);
        member(
                "claims",
                "NAME",
                ANY,
                "a claim of the token that a step has verified, and its members: `claims.realm_access.roles`",
                name -> request -> Facts.claim(request, name));
        request(
                "graphql.kind",
                TEXT,
                "`query`, `mutation` or `subscription`, as the step `graphql` has found; `batch` for several at once",
                request -> request.exchange().get(GRAPHQL_KIND));
        request(
                "graphql.operation",
                TEXT,
                "the name of that operation, which the client chooses",
                request -> request.exchange().get(GRAPHQL_OPERATION));
        trace("trace.id", "the trace that the request belongs to; absent where none is known", TraceContext::traceId);
        trace("trace.span", "the gateway's own span in it", TraceContext::spanId);
        attempt("attempt.number", NUMBER, "which try at an upstream it is, from 1; absent before one", attempt ->
                (long) attempt.number());
        attempt("attempt.upstream", TEXT, "the upstream of that try", Attempt::upstream);
        attempt("attempt.target", TEXT, "its target, as the configuration writes it", Attempt::shown);
        response("response.status", NUMBER, "the status of the response", response -> (long) response.status());
        response("response.problem", TEXT, "the code of a problem that the gateway answers with", response -> {
            var problem = response.problem();
            return problem == null ? null : problem.code();
        });
        add(new Name(
                "response.header",
                "NAME",
                TEXT,
                Sight.RESPONSE,
                "a header field of the response",
                name -> (request, response, groups) ->
                        response == null ? null : Facts.field(response.headers(), name)));
        completion(
                "completion.status",
                NUMBER,
                "the status that was written; 499 where the client left before any was",
                end -> (long) end.status());
        completion(
                "completion.outcome",
                TEXT,
                "`completed`, `client-gone` or `failed`",
                end -> end.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        completion("completion.failure", TEXT, "in one sentence, why it did not come to its end", Completion::failure);
        completion(
                "completion.requestBytes",
                NUMBER,
                "bytes of the request's body that were read",
                Completion::requestBytes);
        completion(
                "completion.responseBytes",
                NUMBER,
                "bytes of the response's body that were written",
                Completion::responseBytes);
        completion(
                "completion.millis",
                NUMBER,
                "from the request's head to the last byte of the response, in milliseconds, to the microsecond",
                end -> TimeUnit.NANOSECONDS.toMicros(end.duration().toNanos()) / 1000.0);
    }

    private Names() {}

    /**
     * One of them.
     *
     * @param path what is written, without its member
     * @param member what stands for the member that has to follow; null where none does
     * @param sight what has to be there
     * @param value the value, by the member
     */
    record Name(
            String path,
            @Nullable String member,
            Kind kind,
            Sight sight,
            String words,
            Function<String, Node.Value> value)
            implements Vocabulary.Name {

        @Override
        public String form() {
            return member == null ? path : path + "." + member;
        }
    }

    /** All of them, in the order of the reference. */
    static List<Name> all() {
        return List.copyOf(ALL.values());
    }

    /** The one without a member that is written so. */
    static @Nullable Name fixed(String path) {
        return ALL.get(path);
    }

    /** The one whose members are written so. */
    static @Nullable Name withMembers(String path) {
        return ALL.get(path + ".");
    }

    /** Whether it is one of them, or more has to follow. */
    static boolean isBeginning(String path) {
        return ALL.containsKey(path)
                || ALL.keySet().stream().anyMatch(name -> name.startsWith(path) && name.startsWith(".", path.length()));
    }

    /** How all that can be seen there are written. */
    static List<String> forms(Sight sight) {
        List<String> forms = new ArrayList<>();
        ALL.values().forEach(name -> {
            if (sight.sees(name.sight())) {
                forms.add(name.form());
            }
        });
        return Collections.unmodifiableList(forms);
    }

    private static void add(Name name) {
        ALL.put(name.member() == null ? name.path() : name.path() + ".", name);
    }

    private static void request(String path, Kind kind, String words, Function<Request, @Nullable Object> read) {
        Node.Value value = (request, response, groups) -> read.apply(request);
        add(new Name(path, null, kind, Sight.REQUEST, words, none -> value));
    }

    private static void member(
            String path,
            String member,
            Kind kind,
            String words,
            Function<String, Function<Request, @Nullable Object>> read) {
        add(new Name(path, member, kind, Sight.REQUEST, words, name -> {
            Function<Request, @Nullable Object> value = read.apply(name);
            return (request, response, groups) -> value.apply(request);
        }));
    }

    private static void tls(String path, String words, Function<Exchange.Tls, @Nullable Object> read) {
        request(path, TEXT, words, request -> {
            Exchange.Tls tls = request.exchange().tls();
            return tls == null ? null : read.apply(tls);
        });
    }

    private static void consumer(String path, Kind kind, String words, Function<Consumer, Object> read) {
        request(path, kind, words, request -> {
            Consumer consumer = request.exchange().consumer();
            return consumer == null ? null : read.apply(consumer);
        });
    }

    private static Function<Request, @Nullable Object> tag(String name) {
        return request -> {
            Consumer consumer = request.exchange().consumer();
            return consumer == null ? null : consumer.tags().get(name);
        };
    }

    private static void attempt(String path, Kind kind, String words, Function<Attempt, Object> read) {
        request(path, kind, words, request -> {
            Attempt attempt = request.exchange().attempt();
            return attempt == null ? null : read.apply(attempt);
        });
    }

    private static void trace(String path, String words, Function<TraceContext, Object> read) {
        request(path, TEXT, words, request -> {
            TraceContext trace = request.exchange().get(TraceContext.OF_EXCHANGE);
            return trace == null ? null : read.apply(trace);
        });
    }

    private static void completion(String path, Kind kind, String words, Function<Completion, @Nullable Object> read) {
        Node.Value value = (request, response, groups) -> {
            Completion end = request.exchange().get(Completion.OF_EXCHANGE);
            return end == null ? null : read.apply(end);
        };
        add(new Name(path, null, kind, Sight.COMPLETION, words, none -> value));
    }

    private static void response(String path, Kind kind, String words, Function<Response, @Nullable Object> read) {
        Node.Value value = (request, response, groups) -> response == null ? null : read.apply(response);
        add(new Name(path, null, kind, Sight.RESPONSE, words, none -> value));
    }
}
