package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * A request of Jetty's client that is written exactly as it was given: Jetty's own would put the method in capitals,
 * take path and query apart and tell its steps to listeners that are to be made for each request.
 */
final class WireRequest extends HttpRequest {

    /** What Jetty's constructor takes its facts from; all of them are overridden. */
    private static final URI ANY = URI.create("http://target");

    private final Outgoing outgoing;
    private final JettyCall call;

    private String host;
    private int port;

    WireRequest(HttpClient client, Outgoing outgoing, JettyCall call) throws UnsendableRequestException {
        super(client, new HttpConversation(), ANY);
        this.outgoing = outgoing;
        this.call = call;
        Target target = Target.of(outgoing.target());
        host = target.host();
        port = target.port();
        check(outgoing);
        tag(outgoing.link());
        idleTimeout(0, TimeUnit.MILLISECONDS); // each wait has its own limit
        addFields(outgoing);
    }

    JettyCall call() {
        return call;
    }

    /** Jetty works out the canonical path of whatever it sends, and fails where it cannot; so that is tried before. */
    private static void check(Outgoing outgoing) throws UnsendableRequestException {
        String path = outgoing.requestTarget().path();
        if (path.indexOf('%') >= 0) {
            try {
                URIUtil.canonicalPath(path);
            } catch (RuntimeException e) {
                throw new UnsendableRequestException("path: " + path + " (expected: % and two hexadecimal digits)", e);
            }
        }
        if (outgoing.method().equalsIgnoreCase("CONNECT")) {
            throw new UnsendableRequestException("method: CONNECT (expected: one that asks for a resource)", null);
        }
    }

    private void addFields(Outgoing request) {
        Headers fields = request.headers();
        boolean http2 = request.link().protocol() == Protocol.H2;
        for (int i = 0; i < fields.size(); i++) {
            if (http2 && fields.name(i).equalsIgnoreCase("host")) {
                authority(fields.value(i));
            } else if (!Fields.isMadeByTheWire(fields.name(i))) {
                add(fields.name(i), fields.value(i));
            }
        }
        String upgrade = request.upgrade();
        if (upgrade != null) {
            add("Connection", "Upgrade");
            add("Upgrade", upgrade);
            attribute(HttpUpgrader.Factory.class.getName(), (HttpUpgrader.Factory) version -> call);
        } else if (request.acceptsTrailers()) {
            add("TE", "trailers");
            if (!http2) {
                add("Connection", "TE");
            }
        }
        if (request.method().equals("PATCH") && request.body().isEmpty()) {
            add("Content-Length", "0"); // for POST and PUT Jetty does it
        }
    }

    private void add(String name, String value) {
        addHeader(Fields.raw(name, value));
    }

    void sendTrailers() {
        trailersSupplier(() -> {
            Headers trailers = outgoing.body().trailers();
            if (trailers.isEmpty()) {
                return null;
            }
            HttpFields.Mutable fields = HttpFields.build();
            for (int i = 0; i < trailers.size(); i++) {
                fields.add(Fields.raw(trailers.name(i), trailers.value(i)));
            }
            return fields;
        });
    }

    @Override
    public String getMethod() {
        return outgoing.method();
    }

    @Override
    public String getScheme() {
        return "https".equalsIgnoreCase(outgoing.target().getScheme()) ? "https" : "http";
    }

    @Override
    public String getHost() {
        return host;
    }

    @Override
    public int getPort() {
        return port;
    }

    /** HTTP/2 tells the Host as {@code :authority}, which Jetty makes of host and port. */
    private void authority(String value) {
        int colon = value.lastIndexOf(':');
        boolean hasPort =
                colon > value.lastIndexOf(']') && value.substring(colon + 1).matches("\\d{1,5}");
        host = hasPort ? value.substring(0, colon) : value;
        port = hasPort ? Integer.parseInt(value.substring(colon + 1)) : -1;
    }

    @Override
    public String getPath() {
        return outgoing.requestTarget().path();
    }

    @Override
    public @Nullable String getQuery() {
        return outgoing.requestTarget().query();
    }

    /** Only asked for where there are cookies, credentials or no Host. */
    @Override
    public @Nullable URI getURI() {
        return null;
    }

    @Override
    public void notifyBegin() {
        call.begun(getConnection());
    }

    @Override
    public void notifyCommit() {
        call.committed();
    }

    @Override
    public void notifySuccess() {
        call.sent();
    }
}
