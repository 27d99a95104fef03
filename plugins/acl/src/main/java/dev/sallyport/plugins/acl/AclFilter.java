package dev.sallyport.plugins.acl;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.Map;

/** Judges each request by the rules: those that deny first, then those that allow. */
final class AclFilter implements Filter {

    private static final Problem UNIDENTIFIED =
            new Problem(403, "caller-unidentified", "Nobody has said who sends the request");
    private static final Problem DENIED = new Problem(403, "access-denied", "The caller may not do this");

    private final AclConfig config;

    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private final Attribute<Map> claimsFrom;

    AclFilter(AclConfig config) {
        this.config = config;
        this.claimsFrom = Attribute.of(config.claimsFrom(), Map.class);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Caller caller = Caller.of(request, claimsFrom);
        if (!caller.isIdentified() && config.unidentified() == AclConfig.Unidentified.REFUSE) {
            return refuse(request, UNIDENTIFIED, "unidentified");
        }
        for (Rule rule : config.deny()) {
            if (rule.fits(caller)) {
                return refuse(request, DENIED, "denied: " + rule);
            }
        }
        if (config.allow().isEmpty()) {
            return next.proceed(request);
        }
        for (Rule rule : config.allow()) {
            if (rule.fits(caller)) {
                request.exchange().note("allowed", rule.toString());
                return next.proceed(request);
            }
        }
        return refuse(request, DENIED, "no rule allows it");
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    private static Response refuse(Request request, Problem problem, String why) {
        request.exchange().note("refused", why);
        return problem.toResponse(request);
    }
}
