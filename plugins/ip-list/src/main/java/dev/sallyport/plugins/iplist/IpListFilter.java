package dev.sallyport.plugins.iplist;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes requests of allowed clients on and answers 403 to the others; 503 while a list is missing that must be there. */
final class IpListFilter implements Filter {

    private static final Problem DENIED = new Problem(403, "ip-denied", "This address may not use the service");
    private static final Problem UNAVAILABLE =
            new Problem(503, "ip-list-unavailable", "Addresses cannot be judged at present");

    private final List<AddressList> allow = new ArrayList<>();
    private final List<AddressList> deny = new ArrayList<>();
    private final List<Feed> feeds;
    private final boolean allowsOnly;

    IpListFilter(IpListConfig config, List<Feed> feeds, @Nullable Countries countries) {
        this.feeds = List.copyOf(feeds);
        addWritten(config.allow(), allow);
        addWritten(config.deny(), deny);
        for (Feed feed : feeds) {
            (feed.effect() == Effect.ALLOW ? allow : deny).add(feed);
        }
        CountriesConfig listed = config.countries();
        if (countries != null && listed != null) {
            addCountries(Set.copyOf(listed.allow()), countries, allow);
            addCountries(Set.copyOf(listed.deny()), countries, deny);
        }
        allowsOnly = !allow.isEmpty();
    }

    private static void addWritten(Collection<Cidr> written, List<AddressList> lists) {
        if (!written.isEmpty()) {
            lists.add(new AddressList.Written(AddressSet.of(written)));
        }
    }

    private static void addCountries(Set<String> codes, Countries countries, List<AddressList> lists) {
        if (!codes.isEmpty()) {
            lists.add(new AddressList.InCountries(codes, countries));
        }
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        InetAddress client = request.exchange().client();
        byte[] bytes = client.getAddress();
        AddressList denied = first(deny, client, bytes);
        if (denied != null) {
            request.exchange().note("denied", denied.told(client, bytes));
            return DENIED.toResponse(request);
        }
        for (Feed feed : feeds) {
            if (!feed.isThere() && feed.whenMissing() == WhenMissing.CLOSED) {
                request.exchange().note("missing", "feed " + feed.name());
                return UNAVAILABLE.toResponse(request).withHeader("retry-after", "30");
            }
        }
        if (allowsOnly && !isOpen() && first(allow, client, bytes) == null) {
            request.exchange().note("denied", "not in allow");
            return DENIED.toResponse(request);
        }
        return next.proceed(request);
    }

    private static @Nullable AddressList first(List<AddressList> lists, InetAddress client, byte[] bytes) {
        for (AddressList list : lists) {
            if (list.holds(client, bytes)) {
                return list;
            }
        }
        return null;
    }

    /** Whether a list of those who may pass is missing, and is not to hold anybody up for it. */
    private boolean isOpen() {
        for (AddressList list : allow) {
            if (!list.isThere()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }
}
