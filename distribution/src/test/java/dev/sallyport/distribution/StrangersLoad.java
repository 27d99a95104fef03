package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Load by clients that are not ours, as far as they are installed: wrk, and h2load over HTTP/1.1 and h2c. */
final class StrangersLoad implements AutoCloseable {

    private static final Pattern NO_FAILURE = Pattern.compile("0 failed, 0 errored, 0 timeout");

    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Map<String, Path> outputs = new LinkedHashMap<>();

    StrangersLoad(URI address, Duration length) {
        String seconds = Long.toString(length.toSeconds());
        String url = address + "/";
        start("wrk", List.of("wrk", "-t1", "-c8", "-d" + seconds + "s", "--latency", url));
        start("h2load http/1.1", List.of("h2load", "--h1", "-t1", "-c8", "-D", seconds, url));
        start("h2load h2c", List.of("h2load", "-t1", "-c2", "-m4", "-D", seconds, url));
    }

    private void start(String name, List<String> command) {
        try {
            Path output = Files.createTempFile("load", ".txt");
            processes.put(
                    name,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start());
            outputs.put(name, output);
        } catch (IOException e) {
            System.out.println(command.getFirst() + " is not installed: this part of the proof is left out");
        }
    }

    void await() {
        for (Process process : processes.values()) {
            try {
                process.waitFor(2, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What each printed. */
    String report() {
        StringBuilder report = new StringBuilder();
        outputs.forEach((name, output) ->
                report.append("--- ").append(name).append('\n').append(text(output)));
        return report.toString();
    }

    /** The clients that saw an error, and what they printed. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        outputs.forEach((name, output) -> {
            String text = text(output);
            boolean fine = name.equals("wrk")
                    ? text.contains("requests in") && !text.contains("Socket errors") && !text.contains("Non-2xx")
                    : NO_FAILURE.matcher(text).find() && text.contains(" 0 3xx, 0 4xx, 0 5xx");
            if (!fine) {
                failures.add(name + ": " + text);
            }
        });
        return failures;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroy);
    }
}
