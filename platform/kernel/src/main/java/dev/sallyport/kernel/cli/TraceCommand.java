package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code sallyport trace}. */
@Command(
        name = "trace",
        description = "Follows live requests step by step: verdicts, times, changes, attempts. Ends with Ctrl-C.",
        mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 250;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminClient admin;

    @Option(names = "--route", paramLabel = "ROUTE", description = "Only requests of that route; - for those of none.")
    private @Nullable String route;

    @Option(
            names = "--match",
            paramLabel = "KEY=VALUE",
            description = "Only requests with consumer=NAME, status=5xx, method=POST, host=…, path=/orders/**,"
                    + " header.NAME=VALUE, query.NAME=VALUE; share=5%% takes only so many. All that is given must"
                    + " hold.")
    private List<String> match = new ArrayList<>();

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many.")
    private @Nullable Integer count;

    @Option(
            names = "--once",
            description = "Prints a header field; the one request that is sent with it is recorded and shown.")
    private boolean once;

    @Option(names = "--json", description = "Prints a line of JSON for each.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if (once) {
            if (route != null || count != null || !match.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--once takes the one request that has the header; leave"
                                + " --route, --match and --count away");
            }
            return once();
        }
        List<String> query = query();
        int[] left = {count == null ? Integer.MAX_VALUE : count};
        admin.follow("traces/live" + (query.isEmpty() ? "" : "?" + String.join("&", query)), line -> {
            JsonNode one = JsonMapper.shared().readTree(line);
            if (one.has("leftOut")) {
                spec.commandLine()
                        .getErr()
                        .println(one.path("leftOut").asString("") + " left out: they came faster than they were read");
                return true;
            }
            print(one, line);
            return --left[0] > 0;
        });
        if (left[0] > 0) {
            throw new UnreachableException("the gateway has ended the stream; does it stop?");
        }
        return Sallyport.YES;
    }

    private List<String> query() {
        List<String> query = new ArrayList<>();
        if (route != null) {
            query.add("route=" + encoded(route));
        }
        if (count != null) {
            query.add("count=" + count);
        }
        for (String one : match) {
            int equals = one.indexOf('=');
            int dot = one.indexOf('.');
            if (equals < 1) {
                throw new ParameterException(spec.commandLine(), "--match " + one + " (expected: KEY=VALUE)");
            }
            boolean named = dot > 0 && dot < equals;
            String key = one.substring(0, named ? dot : equals);
            query.add(encoded(key) + "=" + encoded(one.substring((named ? dot : equals) + 1)));
        }
        return query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int once() throws CommandException, UnreachableException {
        JsonNode made = admin.change("POST", "traces/once");
        PrintWriter out = spec.commandLine().getOut();
        String field =
                made.path("header").asString("") + ": " + made.path("value").asString("");
        if (json) {
            out.println(made);
        } else {
            out.println("send one request with this header field, until "
                    + made.path("expires").asString("") + ":");
            out.println("  curl -H '" + field + "' …");
            out.println();
        }
        out.flush();
        Instant expires = Instant.parse(made.path("expires").asString(""));
        String path = "traces?once=" + encoded(made.path("id").asString(""));
        while (true) {
            // What was sent just before it was too late may still run.
            boolean last = Instant.now().isAfter(expires.plusSeconds(2));
            JsonNode found = admin.get(path);
            if (found != null && !found.isEmpty()) {
                print(found.get(0), found.get(0).toString());
                return Sallyport.YES;
            }
            if (last) {
                throw new CommandException("no request has come with it, or it has not ended yet");
            }
            pause();
        }
    }

    private static void pause() throws UnreachableException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
    }

    private void print(JsonNode trace, String line) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(line);
        } else {
            TraceText.print(trace, out);
        }
        out.flush();
    }
}
