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
import dev.sallyport.plugins.soap.Contract.Message;
import dev.sallyport.plugins.soap.EnvelopeReader.Envelope;
import dev.sallyport.plugins.soap.Routes.Found;
import dev.sallyport.plugins.soap.Routes.Route;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.WholeBody;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns requests of JSON into SOAP, and what comes back into JSON. */
final class SoapAsRestFilter implements Filter {

    private static final MediaTypes JSON = new MediaTypes(List.of("application/json", "+json"));
    private static final MediaTypes XML = new MediaTypes(List.of("text/xml", "application/xml", "+xml"));

    private final SoapAsRestConfig config;
    private final Contract contract;
    private final Routes routes;
    private final FilterContext context;
    private final String path;
    private final JsonTrees json;
    private final EnvelopeWriter writer;
    private final EnvelopeReader reader;
    private final RequestBlocks blocks;
    private final String openapi;

    SoapAsRestFilter(SoapAsRestConfig config, Contract contract, Routes routes, FilterContext context) {
        this.config = config;
        this.contract = contract;
        this.routes = routes;
        this.context = context;
        boolean all = config.headers() == SoapAsRestConfig.Headers.ALL;
        path = config.path() == null ? Paths.of(contract.location()) : config.path();
        json = new JsonTrees(config.maxDepth());
        writer = new EnvelopeWriter(
                contract.model(), true, all, config.maxDepth(), config.maxBody().bytes());
        reader = new EnvelopeReader(
                contract.model(), config.maxDepth(), false, name -> all || contract.declaresHeader(name));
        blocks = new RequestBlocks(config, context.clock());
        openapi = new OpenApi(contract, config.basePath()).document(routes.all());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String full = request.path();
        boolean below = full.startsWith(config.basePath() + "/");
        String rest = below ? full.substring(config.basePath().length()) : "/";
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (below && reads && !config.openapi().isEmpty() && rest.equals(config.openapi())) {
            return Response.json(200, openapi);
        }
        Found found = below ? routes.find(request, rest) : null;
        if (found == null) {
            return other(request, next, below ? routes.methods(rest) : "");
        }
        Request onward;
        try {
            onward = onward(request, found);
        } catch (BadContentException e) {
            return e.problem().toResponse(request);
        }
        return onwardOr(request, found.route(), onward, next);
    }

    private Response onwardOr(Request request, Route route, Request onward, Next next) throws Exception {
        Response response = next.proceed(onward);
        if (response.problem() != null || response.tunnel() != null) {
            return response;
        }
        try {
            return answer(request, route, response);
        } catch (BadContentException e) {
            return e.ofResponse().toResponse(request);
        }
    }

    private Response other(Request request, Next next, String methods) throws Exception {
        if (config.otherPaths() == SoapAsRestConfig.Others.PASS) {
            return next.proceed(request);
        }
        return methods.isEmpty()
                ? Answers.NO_OPERATION.toResponse(request)
                : Answers.METHOD.toResponse(request).withHeader("allow", methods);
    }

    private Request onward(Request request, Found found) throws Exception {
        Route route = found.route();
        Message input = route.operation().input();
        byte[] body = new byte[0];
        if (route.hasBody() && !request.body().isEmpty()) {
            if (!JSON.match(request.headers())) {
                request.body().close();
                throw new BadContentException(
                        Answers.MEDIA_TYPE.withDetail("Content-Type is another one (expected: application/json)"));
            }
            body = WholeBody.of(request, config.maxBody().bytes());
        } else {
            request.body().close();
        }
        String more = blocks.of(request);
        byte[] sent = body;
        byte[] envelope = WholeBody.work(context, body.length, () -> {
            Value value = sent.length == 0 ? new Obj() : json.read(sent);
            try {
                return writer.write(contract.version(), input, Requested.value(request, found, value), more);
            } catch (MismatchException e) {
                throw e.told();
            }
        });
        return request.withMethod("POST")
                .withTarget(new RequestTarget(path, null))
                .withHeaders(fields(request, route))
                .withBody(Body.of(envelope));
    }

    private Headers fields(Request request, Route route) {
        Headers headers = WholeBody.fields(request)
                .without("soapaction")
                .with("accept", contract.version().mediaType());
        String action = route.operation().action();
        if (contract.version() == Soap.V1_1) {
            return headers.with("content-type", "text/xml; charset=utf-8").with("soapaction", "\"" + action + "\"");
        }
        return headers.with(
                "content-type",
                "application/soap+xml; charset=utf-8" + (action.isEmpty() ? "" : "; action=\"" + action + "\""));
    }

    private Response answer(Request request, Route route, Response response) throws Exception {
        Message output = route.operation().output();
        boolean empty = response.body().isEmpty();
        if (empty || !XML.match(response.headers())) {
            if (response.status() >= 400) {
                return response;
            }
            response.body().close();
            if (output == null && response.status() < 300) {
                return Response.of(202, WholeBody.fields(response), Body.empty());
            }
            return Answers.NO_SOAP
                    .withDetail(empty ? "it is empty" : "its Content-Type is another one than that of XML")
                    .toResponse(request);
        }
        String charset = WholeBody.charset(response.headers());
        Headers fields = WholeBody.fields(response);
        byte[] body = WholeBody.of(response, config.maxBody().bytes());
        return WholeBody.work(context, body.length, () -> {
            Envelope envelope = reader.read(
                    body,
                    charset,
                    name -> output == null || output.body() == null
                            ? null
                            : output.body().named(name.getNamespaceURI(), name.getLocalPart()),
                    route.operation().faults());
            if (envelope.fault() != null) {
                Problem problem = Answers.fault(envelope.fault(), config.faults());
                return problem.toResponse(request);
            }
            return told(route, envelope, output, fields);
        });
    }

    private Response told(Route route, Envelope envelope, @Nullable Message output, Headers fields)
            throws BadContentException {
        Obj headers = output == null
                ? null
                : reader.headers(
                        envelope.headers(), output.headers(), config.headers() == SoapAsRestConfig.Headers.ALL);
        Value value = Requested.part(envelope.body(), route.mapping().responseBody());
        if (headers != null) {
            Obj with = value instanceof Obj object
                    ? object
                    : value == null ? new Obj() : new Obj().put(XmlToJson.TEXT_KEY, value);
            value = with.put(EnvelopeWriter.HEADERS_KEY, headers);
        }
        if (value == null) {
            return Response.of(204, fields, Body.empty());
        }
        return Response.of(
                route.mapping().status(), fields.with("content-type", "application/json"), Body.of(json.write(value)));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    @Override
    public Map<String, ?> state() {
        return Map.of(
                "service", contract.service().toString(),
                "soap", contract.version() == Soap.V1_1 ? "1.1" : "1.2",
                "operations", routes.all().size());
    }
}
