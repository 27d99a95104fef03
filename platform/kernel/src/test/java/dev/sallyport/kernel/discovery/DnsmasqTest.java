package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Discovery;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.testkit.WatchedEndpoints;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real name server, where it is on the path. */
final class DnsmasqTest {

    @TempDir
    Path folder;

    private Path hosts;
    private int port;
    private Process dnsmasq;

    @BeforeEach
    void start() throws IOException {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        Path program = Arrays.stream(path.split(File.pathSeparator, -1))
                .map(each -> Path.of(each, "dnsmasq"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(program != null, "no dnsmasq on the path (Debian: apt-get install dnsmasq-base)");
        hosts = Files.createFile(folder.resolve("hosts"));
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        dnsmasq = new ProcessBuilder(
                        program.toString(),
                        "--keep-in-foreground",
                        "--no-resolv",
                        "--no-hosts",
                        "--addn-hosts=" + hosts,
                        "--port=" + port,
                        "--listen-address=127.0.0.1",
                        "--bind-interfaces",
                        "--user=" + System.getProperty("user.name"),
                        "--pid-file=",
                        "--conf-file=/dev/null",
                        "--local=/test/",
                        "--local-ttl=1",
                        "--srv-host=_http._tcp.orders.test,a.test,8443,0,5",
                        "--srv-host=_http._tcp.orders.test,b.test,8444,9,5")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @AfterEach
    void stop() {
        if (dnsmasq != null) {
            dnsmasq.destroyForcibly();
        }
    }

    private DnsClient client() {
        return DnsClient.asking(Address.parse("127.0.0.1:" + port));
    }

    private void hosts(String... lines) throws Exception {
        Files.write(hosts, List.of(lines));
        new ProcessBuilder("kill", "-HUP", Long.toString(dnsmasq.pid())).start().waitFor();
    }

    @Test
    void addressesComeAndGo() throws Exception {
        Discovery.Query query = new Discovery.Query("orders.test", null, "http");
        try (WatchedEndpoints watched = WatchedEndpoints.of(new DnsAddresses(8080, client(), Duration.ZERO), query)) {
            watched.await();

            hosts("127.0.0.1 orders.test", "127.0.0.2 orders.test");
            watched.await("http://127.0.0.1:8080", "http://127.0.0.2:8080");
            hosts("127.0.0.2 orders.test");
            watched.await("http://127.0.0.2:8080");
            hosts();
            watched.await();
        }
    }

    @Test
    void serviceRecordsAreRead() {
        Discovery.Query query = new Discovery.Query("_http._tcp.orders.test", null, "http");
        try (WatchedEndpoints watched = WatchedEndpoints.of(new DnsServices(client(), Duration.ZERO), query)) {
            watched.await("http://a.test:8443", "http://b.test:8444");
        }
    }
}
