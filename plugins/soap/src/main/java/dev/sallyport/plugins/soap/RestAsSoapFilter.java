package dev.sallyport.plugins.soap;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.plugins.soap.Contract.Operation;
import dev.sallyport.plugins.soap.EnvelopeReader.Envelope;
import dev.sallyport.plugins.soap.RestAsSoapConfig.Mapping;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Others;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.WholeBody;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Turns requests of SOAP into JSON, and what comes back into SOAP. */
final class RestAsSoapFilter implements Filter {

    private static final MediaTypes JSON = new MediaTypes(List.of("application/json", "+json"));
    private static final MediaTypes XML =
            new MediaTypes(List.of("text/xml", "application/xml", "application/soap+xml"));

    private final RestAsSoapConfig config;
    private final WsdlPages pages;
    private final FilterContext context;
    private final Map<QName, List<Operation>> operations = new HashMap<>();
    private final JsonTrees json;
    private final EnvelopeReader reader;
    private final SoapAnswers answers;
    private final boolean all;

    RestAsSoapFilter(RestAsSoapConfig config, Contract contract, WsdlPages pages, FilterContext context) {
        this.config = config;
        this.pages = pages;
        this.context = context;
        all = config.headers() == SoapAsRestConfig.Headers.ALL;
        json = new JsonTrees(config.maxDepth());
        reader = new EnvelopeReader(
                contract.model(), config.maxDepth(), true, name -> all || contract.declaresHeader(name));
        answers = new SoapAnswers(contract, json, config);
        for (String name : config.operations().keySet()) {
            Operation operation = contract.operations().get(name);
            if (operation != null) {
                Element body = operation.input().body();
                operations
                        .computeIfAbsent(body == null ? new QName("") : body.name(), _ -> new ArrayList<>())
                        .add(operation);
            }
        }
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String query = request.target().query();
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (reads && query != null && (query.equalsIgnoreCase("wsdl") || query.startsWith("xsd="))) {
            String name = request.target().parameter("xsd");
            String page = pages.page(name == null ? "" : name, address(request));
            return page == null
                    ? Answers.NO_OPERATION.toResponse(request)
                    : Response.of(200, Headers.of("content-type", "text/xml; charset=utf-8"), Body.of(page));
        }
        boolean soap = request.method().equals("POST") && XML.match(request.headers());
        if (!soap && config.otherRequests() == Others.PASS) {
            return next.proceed(request);
        }
        if (!request.method().equals("POST")) {
            return Answers.METHOD.toResponse(request).withHeader("allow", "POST");
        }
        if (!soap) {
            return Answers.MEDIA_TYPE
                    .withDetail("Content-Type is another one (expected: text/xml or application/soap+xml)")
                    .toResponse(request);
        }
        return soap(request, next);
    }

    private Response soap(Request request, Next next) throws Exception {
        Soap version = Soap.V1_2.mediaType().equals(MediaTypes.of(request.headers())) ? Soap.V1_2 : Soap.V1_1;
        Called called;
        Request onward;
        try {
            byte[] body = WholeBody.of(request, config.maxBody().bytes());
            String charset = WholeBody.charset(request.headers());
            called = WholeBody.work(context, body.length, () -> called(body, charset, action(request)));
            version = called.envelope().version();
            onward = onward(request, called);
        } catch (BadContentException e) {
            return answers.problem(version, e.problem(), Headers.empty());
        } catch (MismatchException e) {
            return answers.problem(version, e.told().problem(), Headers.empty());
        }
        Response response = next.proceed(onward);
        if (response.tunnel() != null) {
            return response;
        }
        try {
            return answer(response, called);
        } catch (BadContentException e) {
            return answers.problem(version, e.ofResponse(), Headers.empty());
        }
    }

    /** An operation, and what it was called with. */
    private record Called(Operation operation, Mapping mapping, Envelope envelope, Value message) {}

    private Called called(byte[] body, @Nullable String charset, String action) throws BadContentException {
        Envelope envelope = reader.read(
                body,
                charset,
                name -> {
                    List<Operation> there = operations.get(name);
                    return there == null ? null : there.getFirst().input().body();
                },
                Map.of());
        QName name = envelope.name() == null ? new QName("") : envelope.name();
        List<Operation> candidates = operations.getOrDefault(name, List.of());
        Operation operation = candidates.stream()
                .filter(each -> candidates.size() == 1 || each.action().equals(action))
                .findFirst()
                .orElseThrow(() -> new BadContentException(new Problem(
                                400, "soap-operation-unknown", "No such operation")
                        .withDetail("neither the Body nor the SOAP action names one (expected: one of the WSDL's)")));
        Mapping mapping = config.operations().get(operation.name());
        if (mapping == null || envelope.fault() != null) {
            throw new BadContentException(new Problem(400, "soap-operation-unknown", "No such operation"));
        }
        for (EnvelopeReader.Block block : envelope.headers()) {
            boolean known = all
                    || operation.input().headers().stream()
                            .anyMatch(each -> each.name().equals(block.name()));
            if (block.must() && !known) {
                throw new BadContentException(
                        new Problem(400, SoapAnswers.MUST_UNDERSTAND, "A header is not understood")
                                .withDetail("a block must be understood and is not declared: "
                                        + block.name().getLocalPart()));
            }
        }
        Value message = envelope.body() == null ? new Obj() : envelope.body();
        Obj headers = reader.headers(envelope.headers(), operation.input().headers(), all);
        if (headers != null) {
            Obj with = message instanceof Obj object ? object : new Obj().put(XmlToJson.TEXT_KEY, message);
            message = with.put(EnvelopeWriter.HEADERS_KEY, headers);
        }
        return new Called(operation, mapping, envelope, message);
    }

    private Request onward(Request request, Called called) throws MismatchException {
        RestRequest rest = RestRequest.of(called.mapping(), called.message());
        Headers headers = WholeBody.fields(request).without("soapaction").with("accept", "application/json");
        Request onward =
                request.withMethod(called.mapping().method()).withTarget(new RequestTarget(rest.path(), rest.query()));
        return rest.body() == null
                ? onward.withHeaders(headers).withBody(Body.empty())
                : onward.withHeaders(headers.with("content-type", "application/json"))
                        .withBody(Body.of(json.write(rest.body())));
    }

    private Response answer(Response response, Called called) throws Exception {
        boolean json = JSON.match(response.headers())
                || MediaTypes.of(response.headers()).endsWith("+json");
        Headers fields = WholeBody.fields(response);
        Soap version = called.envelope().version();
        byte[] body = json ? WholeBody.of(response, config.maxBody().bytes()) : new byte[0];
        if (!json) {
            boolean empty = response.body().isEmpty();
            response.body().close();
            if (response.status() < 300 && !empty) {
                return answers.problem(
                        version, Answers.NO_SOAP.withDetail("the upstream's response is no JSON"), Headers.empty());
            }
        }
        return WholeBody.work(
                context,
                body.length,
                () -> response.status() < 300
                        ? answers.answer(version, called.operation(), called.mapping(), body, fields)
                        : answers.refusal(version, called.operation(), response.status(), body, fields));
    }

    private static String action(Request request) {
        String action = request.headers().get("soapaction", "").strip();
        if (action.isEmpty()) {
            for (String parameter : request.headers().get("content-type", "").split(";", -1)) {
                String stripped = parameter.strip();
                action = stripped.startsWith("action=") ? stripped.substring("action=".length()) : action;
            }
        }
        return action.replace("\"", "");
    }

    private String address(Request request) {
        URI address = config.address();
        if (address != null) {
            return address.toString();
        }
        String scheme = request.exchange().tls() == null ? "http" : "https";
        return scheme + "://" + request.headers().get("host", "localhost") + request.path();
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    @Override
    public Map<String, ?> state() {
        return Map.of("operations", config.operations().size());
    }
}
