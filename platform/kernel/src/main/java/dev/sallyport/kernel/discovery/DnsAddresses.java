package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Targets are the addresses of a name, asked for again when the answer is too old. */
final class DnsAddresses implements Discovery {

    private final int port;
    private final DnsClient client;
    private final Vanished vanished;

    /** @param hold how long what was found stays where nothing is found any more */
    DnsAddresses(int port, DnsClient client, Duration hold) {
        this.port = port;
        this.client = client;
        vanished = new Vanished(hold);
    }

    @Override
    public void watch(Query query, Listener listener) throws Exception {
        while (true) {
            DnsClient.Answer four = client.ask(query.service(), Type.A);
            DnsClient.Answer six = client.ask(query.service(), Type.AAAA);
            List<Endpoint> found = new ArrayList<>();
            for (DnsClient.Answer answer : List.of(four, six)) {
                for (Record record : answer.records()) {
                    found.add(Endpoint.of(query.scheme(), address(record).getHostAddress(), port));
                }
            }
            vanished.look(query.service(), !found.isEmpty());
            listener.endpoints(found.stream().distinct().sorted(DnsClient.ORDER).toList());
            // A name with addresses of one kind only has a negative answer for the other, which says nothing of its
            // age.
            long seconds = four.records().isEmpty()
                    ? six.seconds()
                    : six.records().isEmpty() ? four.seconds() : Math.min(four.seconds(), six.seconds());
            Thread.sleep(DnsClient.bounded(seconds));
        }
    }

    private static InetAddress address(Record record) {
        return switch (record) {
            case ARecord four -> four.getAddress();
            case AAAARecord six -> six.getAddress();
            default -> throw new IllegalStateException(String.valueOf(record));
        };
    }
}
