package dev.sallyport.distribution.conformance;

import dev.sallyport.distribution.conformance.Suite.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of the cases when they were last run, a file a peer: the page is made of it. */
public final class Outcomes {

    /** All peers, in the order of the page's columns. */
    public static final List<String> PEERS = List.of("sallyport", "nginx", "haproxy", "spring-cloud-gateway");

    private static final Path RESOURCES = Path.of("src/test/resources");

    private Outcomes() {}

    public static void write(String suite, String peer, Map<String, Result> results) {
        StringBuilder lines = new StringBuilder();
        results.forEach((id, result) ->
                lines.append(id).append('\t').append(cell(result)).append('\n'));
        try {
            Files.createDirectories(folder(suite));
            Files.writeString(folder(suite).resolve(peer + ".tsv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(String suite) {
        return RESOURCES.resolve(suite).resolve("outcomes");
    }

    private static String cell(Result result) {
        if (result.notFor() != null) {
            return result.notFor();
        }
        return result.failed() ? "no: " + String.join("; ", result.wrong()) : "yes";
    }

    /** The cells of a peer by the cases' names; empty where it was not run. */
    public static Map<String, String> read(String suite, String peer) {
        Map<String, String> cells = new LinkedHashMap<>();
        Path file = folder(suite).resolve(peer + ".tsv");
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] parts = line.split("\t", 2);
                cells.put(parts[0], parts[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cells;
    }
}
