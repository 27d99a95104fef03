package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Signatures;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sallyport plugins install}. */
@Command(
        name = "install",
        description = "Installs a plugin in the gateway that runs, and waits until it serves.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The gateway takes it where its configuration says admin: {pluginUpload: trusted} or any.",
            "A signature that lies beside the jar, with .dsse.json after its name, is sent along.",
            "A plugin can do all that the gateway can: install only what you trust."
        })
final class PluginsInstall implements Callable<Integer> {

    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_SIGNATURE_BYTES = 64L << 10;
    private static final long LARGE = 8L << 20;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginChange change;

    @Parameters(paramLabel = "FILE|URL|ID[@VERSION]", description = "A jar, or where to fetch it.")
    @SuppressWarnings("NullAway.Init")
    private String what;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        Path file = Path.of(what);
        if (Files.isRegularFile(file)) {
            return install(file);
        }
        if (what.toLowerCase(Locale.ROOT).matches("https?://.*")) {
            return fetchAndInstall();
        }
        if (!what.endsWith(".jar") && PluginId.parse(what) != null) {
            throw new CommandException("no marketplace is configured, so " + what
                    + " cannot be looked up there (expected: a jar, or the URL of one)");
        }
        throw new CommandException(what + ": no such file (expected: a jar, the URL of one, or a plugin's id)");
    }

    private int fetchAndInstall() throws CommandException, UnreachableException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("sallyport-install");
            Path file = folder.resolve("download.jar");
            Download.to(file, URI.create(what), MOST_BYTES);
            Download.ifThere(Signatures.of(file), URI.create(what + Signatures.SUFFIX), MOST_SIGNATURE_BYTES);
            return install(file);
        } catch (IllegalArgumentException e) {
            throw new CommandException(what + " (expected: a URL such as https://example.com/plugin.jar)");
        } catch (IOException e) {
            throw new CommandException("a temporary folder cannot be made: " + e.getMessage());
        } finally {
            delete(folder);
        }
    }

    private static void delete(@Nullable Path folder) throws CommandException {
        try {
            if (folder != null) {
                Path file = folder.resolve("download.jar");
                Files.deleteIfExists(Signatures.of(file));
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new CommandException(folder + " cannot be deleted: " + e.getMessage());
        }
    }

    private int install(Path file) throws CommandException, UnreachableException {
        Artefact artefact;
        long size;
        try {
            artefact = MarketSign.inspect(file);
            size = Files.size(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage());
        }
        if (size > MOST_BYTES) {
            throw new CommandException(
                    file + " has " + size + " bytes (expected: at most " + (MOST_BYTES >> 20) + " MiB)");
        }
        // What is installed is told before it is: beside JSON, where nobody parses it.
        describe(artefact, change.isJson() ? change.err() : change.out());
        return change.tell(change.admin().upload("plugins" + change.query(), body(file, size), artefact.envelope()));
    }

    private static void describe(Artefact artefact, PrintWriter out) {
        line(out, "plugin", artefact.toString());
        line(out, "sha256", artefact.sha256());
        line(out, "provider", artefact.provider());
        line(out, "licence", artefact.licence());
        line(out, "signature", artefact.envelope() == null ? "" : "sent along, for the gateway to judge");
        line(out, "permissions", artefact.permissions().stream().sorted().collect(Collectors.joining(", ")));
        line(
                out,
                "types",
                artefact.extensions().stream()
                        .map(each -> each.type() + (each.point().equals("filter") ? "" : " (" + each.point() + ")"))
                        .collect(Collectors.joining(", ")));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format("%-12s %s", name, value.isEmpty() ? "none" : value));
    }

    private HttpRequest.BodyPublisher body(Path file, long size) {
        HttpRequest.BodyPublisher bytes = HttpRequest.BodyPublishers.ofInputStream(() -> {
            try {
                return new Progress(Files.newInputStream(file), size, change.err());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return HttpRequest.BodyPublishers.fromPublisher(bytes, size);
    }

    /** Tells how far an upload is that takes a while. */
    private static final class Progress extends FilterInputStream {

        private final long size;
        private final PrintWriter err;
        private long sent;
        private long told;

        Progress(InputStream in, long size, PrintWriter err) {
            super(in);
            this.size = size;
            this.err = err;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            sent += Math.max(read, 0);
            long tenth = sent * 10 / size;
            if (size >= LARGE && tenth > told) {
                told = tenth;
                err.println("sent " + tenth * 10 + "% of " + (size >> 20) + " MiB");
                err.flush();
            }
            return read;
        }
    }
}
