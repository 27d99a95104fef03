package dev.sallyport.plugins.xmljson;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.json.Rewriting;
import dev.sallyport.plugins.xmljson.XmlJsonConfig.Way;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.WholeBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns bodies. */
final class XmlJsonFilter implements Filter {

    private static final MediaTypes JSON = new MediaTypes(List.of("application/json", "+json"));
    private static final MediaTypes XML = new MediaTypes(List.of("text/xml", "application/xml", "+xml"));

    private final XmlJsonConfig config;
    private final FilterContext context;
    private final XmlToTree reader;
    private final JsonTrees json;

    XmlJsonFilter(XmlJsonConfig config, FilterContext context) {
        this.config = config;
        this.context = context;
        reader = new XmlToTree(config);
        json = new JsonTrees(config.maxDepth());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Request onward;
        try {
            onward = onward(request);
        } catch (BadContentException e) {
            return e.problem().toResponse(request);
        }
        Response response = next.proceed(onward);
        if (!Rewriting.concerns(response) || !concerns(config.response(), response.headers())) {
            return response;
        }
        boolean head = request.method().equals("HEAD") || response.status() == 304;
        if (head || response.body().isEmpty()) {
            return response.withHeaders(typed(WholeBody.fields(response), config.response()));
        }
        try {
            String charset = WholeBody.charset(response.headers());
            Headers fields = WholeBody.fields(response);
            byte[] body = WholeBody.of(response, config.maxBody().bytes());
            byte[] turned = turned(config.response(), body, charset);
            return response.withBody(Body.of(turned)).withHeaders(typed(fields, config.response()));
        } catch (BadContentException e) {
            return e.ofResponse().toResponse(request);
        }
    }

    private Request onward(Request request) throws Exception {
        Request asked = config.response() == Way.OFF ? request : Rewriting.forWhole(request);
        if (!concerns(config.request(), request.headers()) || request.body().isEmpty()) {
            return asked;
        }
        String charset = WholeBody.charset(request.headers());
        byte[] body = WholeBody.of(request, config.maxBody().bytes());
        byte[] turned = turned(config.request(), body, charset);
        Headers fields = WholeBody.withoutOld(asked.headers());
        return asked.withBody(Body.of(turned)).withHeaders(typed(fields, config.request()));
    }

    private static boolean concerns(Way way, Headers headers) {
        return switch (way) {
            case OFF -> false;
            case XML_TO_JSON -> XML.match(headers);
            case JSON_TO_XML -> JSON.match(headers);
        };
    }

    private static Headers typed(Headers fields, Way way) {
        return fields.with(
                "content-type", way == Way.XML_TO_JSON ? "application/json" : "application/xml; charset=utf-8");
    }

    private byte[] turned(Way way, byte[] body, @Nullable String charset) throws Exception {
        return WholeBody.work(context, body.length, () -> {
            if (way == Way.XML_TO_JSON) {
                return json.write(reader.read(body, charset));
            }
            try {
                return TreeToXml.write(json.read(body), config);
            } catch (MismatchException e) {
                throw e.told();
            }
        });
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        try {
            String told = config.response() == Way.OFF ? "" : "turns the response where it is of the other type";
            return new Explanation.Passes(onward(request), told);
        } catch (BadContentException e) {
            return new Explanation.Answers(e.problem().status(), e.problem().title());
        }
    }
}
