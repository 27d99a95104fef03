package dev.sallyport.plugins.elk;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A pipeline in a process of its own, which tests kill. Not a test. */
final class KilledPipeline {

    private KilledPipeline() {}

    static Pipeline open(URI elasticsearch, String stream, Path folder) throws Exception {
        Node node = new Node(elasticsearch, null, null, Duration.ofSeconds(20), false);
        return new Pipeline(
                new ElasticsearchOutput(List.of(node), new IndexStream(stream, true, Lifecycle.DEFAULT)),
                folder,
                new Pipeline.Bounds(
                        1 << 20,
                        1 << 30,
                        1 << 20,
                        Sync.EVERY_SECOND,
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        200,
                        1 << 20),
                System.getLogger("elk"));
    }

    static Entry entry(int number) {
        return new Entry(
                "id-" + number,
                ("{\"@timestamp\":\"2026-01-01T00:00:00.000Z\",\"url\":{\"path\":\"/" + number + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Offers records without end, and says each time that all of them are on disk how many there were.
     *
     * @param arguments the address of Elasticsearch, the stream, the folder
     */
    public static void main(String[] arguments) throws Exception {
        Pipeline pipeline = open(URI.create(arguments[0]), arguments[1], Path.of(arguments[2]));
        for (int i = 0; ; ) {
            for (int end = i + 50; i < end; i++) {
                pipeline.offer(entry(i));
            }
            while (pipeline.queueBytes() > 0) {
                Thread.onSpinWait();
            }
            System.out.println(i);
            LockSupport.parkNanos(5_000_000); // so that Elasticsearch keeps up with it
        }
    }
}
