package dev.sallyport.plugins.accesslog;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/** A real rsyslogd that writes what it takes into a file; tests that need one are skipped, and say so, where there is none. */
final class Rsyslog implements AutoCloseable {

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/rsyslogd"), Path.of("/sbin/rsyslogd"), Path.of("/usr/local/sbin/rsyslogd"));

    private final Path folder;
    private final int port;
    private final String driver;
    private Process process;

    /** @param authority a folder with ca.pem, server.pem and server.key for TLS; null for TCP in clear text */
    Rsyslog(Path folder, Path authority, boolean asksForCertificate) throws Exception {
        this.folder = Files.createDirectories(folder);
        Assumptions.assumeTrue(
                PLACES.stream().anyMatch(Files::isExecutable),
                "rsyslogd is missing (the packages rsyslog and rsyslog-openssl of Debian have it): skipped");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        if (authority != null) {
            boolean hasDriver = List.of(
                            "/usr/lib/x86_64-linux-gnu/rsyslog",
                            "/usr/lib/aarch64-linux-gnu/rsyslog",
                            "/usr/lib/rsyslog",
                            "/usr/lib64/rsyslog")
                    .stream()
                    .anyMatch(each -> Files.exists(Path.of(each, "lmnsd_ossl.so")));
            Assumptions.assumeTrue(hasDriver, "rsyslog's lmnsd_ossl.so is missing (Debian: rsyslog-openssl): skipped");
        }
        driver = authority == null
                ? "module(load=\"imtcp\")\n"
                : """
                global(DefaultNetstreamDriverCAFile="%1$s/ca.pem"
                       DefaultNetstreamDriverCertFile="%1$s/server.pem"
                       DefaultNetstreamDriverKeyFile="%1$s/server.key")
                module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode=%2$s)
                """.formatted(
                        authority, asksForCertificate ? "\"x509/name\" PermittedPeer=[\"gateway.test\"]" : "\"anon\"");
        start();
    }

    /** Starts it (again), on the same port. */
    void start() throws Exception {
        Path conf = folder.resolve("rsyslog.conf");
        Files.writeString(
                conf,
                "global(workDirectory=\"" + folder + "\" maxMessageSize=\"64k\")\n" + driver
                        + "template(name=\"all\" type=\"string\""
                        + " string=\"%pri%|%app-name%|%msgid%|%timestamp:::date-rfc3339%|%msg%\\n\")\n"
                        + "input(type=\"imtcp\" port=\"" + port + "\" address=\"127.0.0.1\")\n"
                        + "action(type=\"omfile\" file=\"" + output() + "\" template=\"all\")\n");
        process = new ProcessBuilder(
                        PLACES.stream()
                                .filter(Files::isExecutable)
                                .findFirst()
                                .orElseThrow()
                                .toString(),
                        "-n",
                        "-f",
                        conf.toString(),
                        "-i",
                        folder.resolve("rsyslogd.pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("rsyslogd.log").toFile())
                .start();
        try {
            await().until(this::accepts);
        } catch (ConditionTimeoutException e) {
            kill();
            throw new IllegalStateException("rsyslogd: " + Files.readString(folder.resolve("rsyslogd.log")), e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Kills it without warning. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    private Path output() {
        return folder.resolve("messages");
    }

    /** What it has written so far. */
    List<String> messages() throws IOException {
        return Files.exists(output()) ? Files.readAllLines(output()) : List.of();
    }

    @Override
    public void close() {
        kill();
    }
}
