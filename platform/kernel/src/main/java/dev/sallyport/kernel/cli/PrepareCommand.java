package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.plugin.Plugins;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code sallyport prepare}: shows the JVM what a start needs, by a demo that is started, asked and stopped. The launcher
 * has told that JVM to write down at its end what it loaded, linked and ran most: an ahead-of-time cache (JEP 483, 514 and
 * 515), with which the launcher starts every later JVM of this installation. It does so twice, once without scripts.
 */
@Command(
        name = "prepare",
        description = "Makes later starts several times as fast, by an ahead-of-time cache for the Java that is here.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Once after an installation, and again after another Java or other settings of its memory: a cache that"
                    + " does not fit is left aside. It is lib/sallyport.aot, of some 65 MB, and for gateways that run"
                    + " scripts lib/sallyport-scripts.aot, of some 105 MB; nothing breaks without them."
        })
final class PrepareCommand implements Callable<Integer> {

    /** Set by the launcher where the JVM that runs this writes a cache at its end: {@code plain} or {@code scripts}. */
    static final String PROPERTY = "sallyport.prepares";

    /** Few: with more, methods are compiled at the next start that it does not need yet, for more memory. */
    private static final int REQUESTS = 5;

    @Override
    public Integer call() throws CommandException {
        String kind = System.getProperty(PROPERTY);
        if (kind == null) {
            throw new CommandException("this JVM was not told to write a cache (expected: it was started by the"
                    + " launcher); run bin/sallyport prepare");
        }
        try (SampleBackend backend = new SampleBackend();
                DemoHome home = DemoHome.make(Installation.home(), backend.address(), kind.equals("scripts"));
                Gateway gateway = RunCommand.start(home.config(), home.folder());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            String status = "http://" + gateway.statusAddress();
            HttpRequest request = home.request();
            for (int i = 0; i < REQUESTS; i++) {
                client.send(request, HttpResponse.BodyHandlers.discarding());
            }
            client.send(
                    HttpRequest.newBuilder(URI.create(status + "/metrics")).build(),
                    HttpResponse.BodyHandlers.discarding());
            Plugins.share(home.folder().resolve("data"), Installation.home());
            return Sallyport.YES;
        } catch (IOException e) {
            throw new CommandException("the demo cannot run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }
}
