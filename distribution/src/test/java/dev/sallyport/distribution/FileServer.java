package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server not written here, as a process that serves a folder: the JDK's own ({@code java -m jdk.httpserver}) or nginx. */
final class FileServer implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("URL http://127\\.0\\.0\\.1:(\\d+)/");

    private final Process process;
    private final URI address;

    private FileServer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    static FileServer jdk(Path folder) {
        Process process = start(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-m",
                "jdk.httpserver",
                "-b",
                "127.0.0.1",
                "-p",
                "0",
                "-d",
                folder.toString());
        Matcher url = URL.matcher(Output.of(process).await("URL http://"));
        if (!url.find()) {
            throw new AssertionError("the JDK's file server did not tell its port");
        }
        return new FileServer(process, URI.create("http://127.0.0.1:" + url.group(1)));
    }

    /** Skips the test where nginx is not installed. */
    static FileServer nginx(Path folder) {
        String nginx = Command.installed("nginx");
        int port = Ports.free();
        Path state = Folders.temporary("nginx");
        try {
            Files.writeString(state.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/nginx.pid; error_log %1$s/error.log;
                events {}
                http {
                  access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  server { listen 127.0.0.1:%2$d; root %3$s; }
                }
                """.formatted(state, port, folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process process = start(nginx, "-c", state.resolve("nginx.conf").toString());
        Ports.awaitOpen(port);
        return new FileServer(process, URI.create("http://127.0.0.1:" + port));
    }

    private static Process start(String... line) {
        try {
            return new ProcessBuilder(line).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
