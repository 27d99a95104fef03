package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Endpoint;
import dev.sallyport.kernel.config.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Asks name servers, by UDP and where an answer is cut off by TCP. Every question goes out: nothing is kept. That there is
 * no such name is an answer; no answer is an exception.
 */
final class DnsClient {

    /** The same answer gives the same list, in whatever order it came. */
    static final Comparator<Endpoint> ORDER = Comparator.comparing(Endpoint::url);

    /** Until an answer of one server has come. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofMinutes(5);

    /** How long a negative answer is taken for true where it does not say. */
    private static final long NEGATIVE_SECONDS = 5;

    private static final int MOST_ALIASES = 10;

    private final Resolver resolver;
    private final List<Name> search;

    private DnsClient(Resolver resolver, List<Name> search) {
        this.resolver = resolver;
        this.search = search;
        resolver.setTimeout(TIMEOUT);
    }

    /**
     * What a name has of a type.
     *
     * @param records all of them; empty where there are none
     * @param seconds how long that is true
     */
    record Answer(List<Record> records, long seconds) {}

    /** @param server null for those of this machine, with its search list */
    static DnsClient asking(@Nullable Address server) {
        if (server == null) {
            return new DnsClient(
                    new ExtendedResolver(), ResolverConfig.getCurrentConfig().searchPath());
        }
        return new DnsClient(new SimpleResolver(new InetSocketAddress(server.host(), server.port())), List.of());
    }

    /** How long to wait before asking again. */
    static Duration bounded(long seconds) {
        Duration asked = Duration.ofSeconds(seconds);
        return asked.compareTo(SOONEST) < 0 ? SOONEST : asked.compareTo(LATEST) > 0 ? LATEST : asked;
    }

    /**
     * Asks for the records of a name.
     *
     * @throws IOException where no server answers, or answers that it cannot tell
     */
    Answer ask(String written, int type) throws IOException {
        Name name = Name.fromString(written);
        if (name.isAbsolute()) {
            return ask(name, type);
        }
        Answer none = null;
        // As resolvers of other programs do: a name with a dot is tried as it is, others below the search list first.
        List<Name> below = name.labels() > 1 ? List.of(Name.root) : search;
        for (Name suffix : below.isEmpty() ? List.of(Name.root) : below) {
            Answer answer = ask(Name.concatenate(name, suffix), type);
            if (!answer.records().isEmpty()) {
                return answer;
            }
            none = none == null || answer.seconds() < none.seconds() ? answer : none;
        }
        return none == null ? new Answer(List.of(), NEGATIVE_SECONDS) : none;
    }

    private Answer ask(Name name, int type) throws IOException {
        Message answer = resolver.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw new IOException("the name server answers " + Rcode.string(code) + " for " + name);
        }
        long seconds = Long.MAX_VALUE;
        List<Record> found = new ArrayList<>();
        List<Record> all = answer.getSection(Section.ANSWER);
        Name owner = name;
        for (int alias = 0; alias < MOST_ALIASES && found.isEmpty(); alias++) {
            Name next = null;
            for (Record record : all) {
                if (record.getName().equals(owner) && record.getType() == type) {
                    found.add(record);
                    seconds = Math.min(seconds, record.getTTL());
                } else if (record.getName().equals(owner) && record instanceof CNAMERecord other) {
                    next = other.getTarget();
                    seconds = Math.min(seconds, record.getTTL());
                }
            }
            if (next == null) {
                break;
            }
            owner = next;
        }
        return found.isEmpty() ? new Answer(List.of(), negative(answer)) : new Answer(List.copyOf(found), seconds);
    }

    /** RFC 2308: the lesser of the TTL and the minimum of the zone's SOA record. */
    private static long negative(Message answer) {
        return answer.getSection(Section.AUTHORITY).stream()
                .filter(record -> record.getType() == Type.SOA)
                .mapToLong(record -> Math.min(record.getTTL(), ((SOARecord) record).getMinimum()))
                .findFirst()
                .orElse(NEGATIVE_SECONDS);
    }
}
