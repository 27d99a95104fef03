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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Passes a request on to another path, query and host, or redirects to them. */
final class RewriteFilter implements Filter {

    private static final Problem NOT_REWRITABLE =
            new Problem(400, "path-not-rewritable", "The path cannot be rewritten");
    private static final Problem NO_HOST = new Problem(400, "bad-host", "The request's host cannot be used");

    private final RewriteConfig config;
    private final StatusChanges statuses;

    RewriteFilter(RewriteConfig config) {
        this.config = config;
        statuses = new StatusChanges(config.status());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (request.path().equals("*")) {
            return next.proceed(request);
        }
        Matcher match = config.regex() == null ? null : config.regex().match(request.path());
        if (!concerns(request.path(), match)) {
            return next.proceed(request);
        }
        Substitution values = new Substitution(request, match);
        String path = path(request.path(), values);
        if (path == null || !NormalPath.isNormal(path)) {
            return NOT_REWRITABLE.toResponse(request);
        }
        HostName host = config.host() == null ? null : config.host().expand(values);
        if (config.host() != null && host == null) {
            return NO_HOST.toResponse(request);
        }
        String query = config.query().apply(request.target().query(), values);
        RequestTarget target = new RequestTarget(path, query);
        if (config.redirect() != null) {
            return redirect(request, target, host, config.redirect(), next);
        }
        Request rewritten = target.equals(request.target()) ? request : request.withTarget(target);
        if (host != null) {
            rewritten = rewritten.withHeader("Host", host.text());
        }
        if (config.method() != null && !request.method().equals(config.method().text())) {
            rewritten = rewritten.withMethod(config.method().text());
        }
        return statuses.apply(next.proceed(rewritten));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    /** Whether it is a request that this step rewrites. */
    private boolean concerns(String path, @Nullable Matcher match) {
        return config.prefix() != null ? config.prefix().rest(path) != null : config.regex() == null || match != null;
    }

    /** The new path; null where an expression of it has no value. */
    private @Nullable String path(String path, Substitution values) {
        if (config.prefix() != null) {
            String to = config.prefix().to().expand(values);
            String rest = Objects.requireNonNull(config.prefix().rest(path));
            return to == null ? null : NormalPath.rooted(Prefix.join(to, rest));
        }
        PathTemplate template = config.path() == null ? config.to() : config.path();
        if (template == null) {
            return config.redirect() == null ? path : NormalPath.rooted(path);
        }
        String expanded = template.expand(values);
        return expanded == null ? null : NormalPath.rooted(expanded);
    }

    private Response redirect(Request request, RequestTarget target, @Nullable HostName given, int status, Next next)
            throws Exception {
        Exchange exchange = request.exchange();
        String host = request.headers().get("host", "");
        String location;
        if (given == null && config.scheme() == null) {
            if (target.equals(request.target())) {
                return next.proceed(request);
            }
            location = target.toString();
        } else {
            String scheme = config.scheme() == null
                    ? exchange.scheme()
                    : config.scheme().text();
            boolean sameScheme = scheme.equals(exchange.scheme());
            String newHost = given == null ? own(host, sameScheme) : given.text();
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
        if (!HostName.isOne(host)) {
            return null;
        }
        HostName name = new HostName(host);
        return (sameScheme ? name : name.withoutPort()).text();
    }
}
