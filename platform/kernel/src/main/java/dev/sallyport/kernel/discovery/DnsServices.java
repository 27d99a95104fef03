package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * Targets are what the SRV records of a name tell (RFC 2782): those of the lowest priority number, with their weights; the
 * others are backups.
 */
final class DnsServices implements Discovery {

    /** Weights of SRV records go up to 65535, those of targets to this. */
    private static final int MOST = 1000;

    private final DnsClient client;
    private final Vanished vanished;

    /** @param hold how long what was found stays where nothing is found any more */
    DnsServices(DnsClient client, Duration hold) {
        this.client = client;
        vanished = new Vanished(hold);
    }

    @Override
    public void watch(Query query, Listener listener) throws Exception {
        while (true) {
            DnsClient.Answer answer = client.ask(query.service(), Type.SRV);
            // The target "." says that there is no such service: an answer, where no record at all may be an accident.
            vanished.look(query.service(), !answer.records().isEmpty());
            List<SRVRecord> records = answer.records().stream()
                    .map(SRVRecord.class::cast)
                    .filter(record -> record.getTarget().labels() > 1 && record.getPort() > 0)
                    .toList();
            listener.endpoints(endpoints(query.scheme(), records));
            Thread.sleep(DnsClient.bounded(answer.seconds()));
        }
    }

    private static List<Endpoint> endpoints(String scheme, List<SRVRecord> records) {
        int first = records.stream().mapToInt(SRVRecord::getPriority).min().orElse(0);
        int heaviest = Math.max(
                1, records.stream().mapToInt(SRVRecord::getWeight).max().orElse(1));
        return records.stream()
                .map(record -> Endpoint.of(scheme, record.getTarget().toString(true), record.getPort())
                        .withWeight(weight(record.getWeight(), heaviest))
                        .withBackup(record.getPriority() > first))
                .distinct()
                .sorted(DnsClient.ORDER)
                .toList();
    }

    /** In proportion to the heaviest; one of weight 0 is chosen least, though not never. */
    private static int weight(int written, int heaviest) {
        int scaled = heaviest <= MOST ? written : (int) Math.round((double) written * MOST / heaviest);
        return Math.max(1, scaled);
    }
}
