package dev.sallyport.plugins.kubernetes;

import dev.sallyport.api.Discovery;
import dev.sallyport.testkit.DiscoveryContract;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class KubernetesContractTest extends DiscoveryContract {

    /** A slice for each port, as a service whose pods listen on ports of their own has them. */
    private static final class Cluster implements Source {

        private final ApiServer server = ApiServer.start();
        private final List<String> there = new ArrayList<>();

        Cluster() throws IOException {}

        @Override
        public void set(String service, int... ports) {
            List<String> now = new ArrayList<>();
            for (int port : ports) {
                String name = service + "-" + port;
                now.add(name);
                if (!there.contains(name)) {
                    server.put(
                            service,
                            name,
                            List.of(Map.of("port", port)),
                            List.of(Map.of("addresses", List.of("127.0.0.1"))));
                }
            }
            there.stream()
                    .filter(name -> name.matches(service + "-\\d+") && !now.contains(name))
                    .forEach(name -> server.delete(service, name));
            there.removeIf(name -> name.matches(service + "-\\d+"));
            there.addAll(now);
        }

        @Override
        public void stop() {
            server.end();
        }

        @Override
        public void start() throws IOException {
            server.begin();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    protected Source source() throws IOException {
        return new Cluster();
    }

    @Override
    protected Discovery create(Source source, FakeContext context) {
        return context.createDiscovery(
                new KubernetesFactory(), new KubernetesConfig(((Cluster) source).server.address(), null, null, null));
    }
}
