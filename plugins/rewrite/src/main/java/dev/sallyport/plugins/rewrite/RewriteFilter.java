package dev.sallyport.plugins.rewrite;

import com.google.re2j.Matcher;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/** Passes a request on to another path, query and host, or redirects to them. */
final class RewriteFilter implements Filter {

    private static final Problem NOT_REWRITABLE =
            new Problem(400, "path-not-rewritable", "The path cannot be rewritten");
    private static final Problem NO_HOST = new Problem(400, "bad-host", "The request's host cannot be used");

    private final RewriteConfig config;

    RewriteFilter(RewriteConfig config) {
        this.config = config;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (request.path().equals("*")) {
            return next.proceed(request);
        }
        Matcher match = config.regex() == null ? null : config.regex().match(request.path());
        Substitution values = new Substitution(request, match);
        String path = path(request.path(), match, values);
        if (path == null) {
            return next.proceed(request);
        }
        if (!NormalPath.isNormal(path)) {
            return NOT_REWRITABLE.toResponse(request);
        }
        String query = config.query().apply(request.target().query(), values);
        RequestTarget target = new RequestTarget(path, query);
        if (config.redirect() != null) {
            return redirect(request, target, config.redirect(), next);
        }
        Request rewritten = target.equals(request.target()) ? request : request.withTarget(target);
        return next.proceed(
                config.host() == null
                        ? rewritten
                        : rewritten.withHeader("Host", config.host().text()));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    /** The new path; null where the request is none that this step rewrites. */
    private @Nullable String path(String path, @Nullable Matcher match, Substitution values) {
        if (config.path() != null) {
            return NormalPath.rooted(config.path().expand(values));
        }
        if (config.prefix() != null) {
            String rest = config.prefix().rest(path);
            return rest == null
                    ? null
                    : NormalPath.rooted(Prefix.join(config.prefix().to().expand(values), rest));
        }
        if (config.to() != null) {
            return match == null ? null : NormalPath.rooted(config.to().expand(values));
        }
        return config.redirect() == null ? path : NormalPath.rooted(path);
    }

    private Response redirect(Request request, RequestTarget target, int status, Next next) throws Exception {
        Exchange exchange = request.exchange();
        String host = request.headers().get("host", "");
        String location;
        if (config.host() == null && config.scheme() == null) {
            if (target.equals(request.target())) {
                return next.proceed(request);
            }
            location = target.toString();
        } else {
            String scheme = config.scheme() == null
                    ? exchange.scheme()
                    : config.scheme().text();
            boolean sameScheme = scheme.equals(exchange.scheme());
            String newHost = config.host() == null
                    ? own(host, sameScheme)
                    : config.host().text();
            if (newHost == null) {
                return NO_HOST.toResponse(request);
            }
            if (sameScheme && newHost.equalsIgnoreCase(host) && target.equals(request.target())) {
                return next.proceed(request);
            }
            location = scheme + "://" + newHost + target;
        }
        return Response.of(status).withHeader("Location", location);
    }

    /** The host that the client asked, without the port where that belongs to another scheme; null where it is none. */
    private static @Nullable String own(String host, boolean sameScheme) {
        try {
            HostName name = HostName.parse(host);
            return (sameScheme ? name : name.withoutPort()).text();
        } catch (IllegalArgumentException notAHost) {
            return null;
        }
    }
}
