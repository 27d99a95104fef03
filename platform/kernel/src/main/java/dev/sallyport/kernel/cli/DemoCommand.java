package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.Gateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sallyport demo}: a gateway with a sample configuration and a sample backend, in a folder that goes away with it. */
@Command(
        name = "demo",
        description = "Serves a sample configuration with a sample backend, and tells what to try.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--once", description = "Ends after its own first request.")
    private boolean once;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        PrintWriter out = spec.commandLine().getOut();
        try (SampleBackend backend = new SampleBackend();
                DemoHome home = DemoHome.make(Installation.home(), backend.address(), true);
                Stopping stopping = new Stopping();
                Gateway gateway = RunCommand.start(home.config(), home.folder())) {
            Announcement.print(gateway, home.config(), out);
            out.println("backend         http://" + backend.address());
            boolean served = serveOne(home, out);
            if (once) {
                Announcement.ready(out);
                return served ? Sallyport.YES : Sallyport.NO;
            }
            out.println(home.tour());
            Announcement.ready(out);
            stopping.await();
            return Sallyport.YES;
        } catch (IOException e) {
            throw new CommandException("the demo cannot run: " + e.getMessage());
        }
    }

    /** Sends the request of {@code demo/first-request.txt} and shows it with its answer. */
    private static boolean serveOne(DemoHome home, PrintWriter out) throws IOException, CommandException {
        List<String> lines = home.firstRequest();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trustingNobody())
                .build()) {
            HttpResponse<String> response = client.send(home.request(), HttpResponse.BodyHandlers.ofString());
            out.println();
            lines.forEach(line -> out.println("> " + line));
            out.println("< " + response.statusCode());
            response.headers()
                    .map()
                    .forEach((name, values) ->
                            out.println("< " + name + ": " + values.stream().collect(Collectors.joining(", "))));
            out.println();
            return response.statusCode() == 200;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }

    /** There is no TLS in the demo's own request; what is usual would read all certificates that the JDK trusts first. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has TLS", e);
        }
    }
}
