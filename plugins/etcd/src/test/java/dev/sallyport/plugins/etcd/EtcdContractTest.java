package dev.sallyport.plugins.etcd;

import dev.sallyport.api.Discovery;
import dev.sallyport.testkit.DiscoveryContract;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

final class EtcdContractTest extends DiscoveryContract {

    private static final class Etcd implements Source {

        private final EtcdServer server = EtcdServer.start();

        Etcd() throws IOException {}

        @Override
        public void set(String service, int... ports) throws IOException {
            // What stays is written first, so that the list is never empty in between.
            for (int port : ports) {
                server.put("/services/" + service + "/" + port, "{\"url\": \"http://127.0.0.1:" + port + "\"}");
            }
            for (int port : List.of(7001, 7002)) {
                if (Arrays.stream(ports).noneMatch(kept -> kept == port)) {
                    server.delete("/services/" + service + "/" + port);
                }
            }
        }

        @Override
        public void stop() throws InterruptedException {
            server.kill();
        }

        @Override
        public void start() throws IOException {
            server.run();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Override
    protected Source source() throws IOException {
        return new Etcd();
    }

    @Override
    protected Discovery create(Source source, FakeContext context) {
        return context.createDiscovery(
                new EtcdFactory(), new EtcdConfig(List.of(((Etcd) source).server.address()), "/services/", null, null));
    }
}
