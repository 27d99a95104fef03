package dev.sallyport.plugins.iplist;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** Passes requests of allowed clients on and answers 403 to the others. */
final class IpListFilter implements Filter {

    private static final Problem DENIED = new Problem(403, "ip-denied", "This address may not use the service");

    private final AddressSet allow;
    private final AddressSet deny;
    private final boolean allowsOnly;

    IpListFilter(IpListConfig config) {
        allow = new AddressSet(config.allow());
        deny = new AddressSet(config.deny());
        allowsOnly = !config.allow().isEmpty();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        byte[] client = request.exchange().client().getAddress();
        String denied = deny.find(client);
        if (denied != null) {
            request.exchange().note("denied", denied);
            return DENIED.toResponse(request);
        }
        if (allowsOnly && allow.find(client) == null) {
            request.exchange().note("denied", "not in allow");
            return DENIED.toResponse(request);
        }
        return next.proceed(request);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
