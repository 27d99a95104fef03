package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.plugin.Artefact;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Sends jars to the gateway that runs, telling what they are before. */
final class Sending {

    /** The most bytes of a jar. */
    static final long MOST_BYTES = 64L << 20;

    private final PluginChange change;

    Sending(PluginChange change) {
        this.change = change;
    }

    /** Sends a jar and the signature beside it, and waits until it serves; the gateway's answer. */
    JsonNode send(Path file) throws CommandException, UnreachableException {
        return send(MarketSign.inspect(file), "");
    }

    /**
     * The same, where it is known already what it is.
     *
     * @param market where it comes from; {@code ""} for a file
     */
    JsonNode send(Artefact artefact, String market) throws CommandException, UnreachableException {
        Path file = artefact.path();
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage());
        }
        if (size > MOST_BYTES) {
            throw new CommandException(
                    file + " has " + size + " bytes (expected: at most " + (MOST_BYTES >> 20) + " MiB)");
        }
        // What is installed is told before it is: beside JSON, where nobody parses it.
        describe(artefact, market, change.isJson() ? change.err() : change.out());
        return change.admin().upload("plugins" + change.query(), body(file, size), artefact.envelope());
    }

    static void describe(Artefact artefact, String market, PrintWriter out) {
        line(out, "plugin", artefact.toString());
        if (!market.isEmpty()) {
            line(out, "from", market);
        }
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
                return new Told(Files.newInputStream(file), size, new ProgressBar(change.err()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return HttpRequest.BodyPublishers.fromPublisher(bytes, size);
    }

    /** Tells how far an upload is. */
    private static final class Told extends FilterInputStream {

        private final long size;
        private final ProgressBar bar;
        private long sent;

        Told(InputStream in, long size, ProgressBar bar) {
            super(in);
            this.size = size;
            this.bar = bar;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            sent += Math.max(read, 0);
            bar.at("sent", Math.min(sent, size), size);
            return read;
        }
    }
}
