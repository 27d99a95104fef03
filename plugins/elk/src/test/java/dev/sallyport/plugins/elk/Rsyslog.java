package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** A real server that takes lines over TCP and writes them to a file, Debian's rsyslog; tests that need it are skipped without it. */
final class Rsyslog implements AutoCloseable {

    private final Path folder;
    private final int port;
    private Process process;

    private Rsyslog(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static Rsyslog start() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/rsyslogd")), "needs rsyslog (Debian's package of that name)");
        try {
            Path folder = Files.createTempDirectory("elk-rsyslog");
            int port = freePort();
            Files.writeString(folder.resolve("rsyslog.conf"), """
                global(workDirectory="%1$s" maxMessageSize="64k")
                module(load="imtcp")
                template(name="raw" type="string" string="%%rawmsg%%\\n")
                ruleset(name="lines") { action(type="omfile" file="%1$s/lines" template="raw") }
                input(type="imtcp" address="127.0.0.1" port="%2$d" ruleset="lines")
                """.formatted(folder, port));
            Rsyslog rsyslog = new Rsyslog(folder, port);
            rsyslog.startAgain();
            return rsyslog;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    void startAgain() throws IOException {
        process = new ProcessBuilder(
                        "/usr/sbin/rsyslogd",
                        "-n",
                        "-f",
                        folder.resolve("rsyslog.conf").toString(),
                        "-i",
                        folder.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new IOException(Files.readString(folder.resolve("log")));
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    URI address() {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    List<String> lines() {
        try {
            Path file = folder.resolve("lines");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
