package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A gateway in a folder of a test, which can be started again in it. */
public final class RunningGateway implements AutoCloseable {

    private final Path home;
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    private RunningGateway(Path home, Gateway gateway) {
        this.home = home;
        this.gateway = gateway;
    }

    public static RunningGateway in(Path home, String yaml) throws Exception {
        OwnerOnly.createFolder(home.resolve("plugins"));
        write(home.resolve("gateway.yaml"), yaml);
        return new RunningGateway(home, start(home));
    }

    private static Gateway start(Path home) throws StartException {
        return Gateway.start(home.resolve("gateway.yaml"), home, GatewayLog.untouched());
    }

    private static void write(Path file, String yaml) throws IOException {
        Files.writeString(file, """
            listeners: [{name: web, address: "127.0.0.1:0"}]
            status: {address: "127.0.0.1:0"}
            """ + (yaml.startsWith("admin:") ? "" : "admin: {address: \"127.0.0.1:0\"}\n") + yaml);
    }

    public Gateway gateway() {
        return gateway;
    }

    public ReloadResult configure(String yaml) throws IOException {
        write(home.resolve("gateway.yaml"), yaml);
        return gateway.reload("test");
    }

    public void startAgain() throws StartException {
        gateway.close();
        gateway = start(home);
    }

    /** The header x-version of the answer to that path, else its status. */
    public String version(String path) {
        return versionOf("127.0.0.1", path);
    }

    /** The same of another name of this machine. */
    public String versionOf(String host, String path) {
        try {
            Address address = gateway.addresses().get("web");
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + host + ":" + address.port() + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.headers().firstValue("x-version").orElse(Integer.toString(response.statusCode()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("has not come about in 30 s");
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
