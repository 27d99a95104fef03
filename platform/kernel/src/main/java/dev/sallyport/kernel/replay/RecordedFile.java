package dev.sallyport.kernel.replay;

import dev.sallyport.api.Headers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what was recorded, each line by its form: traces (of {@code sallyport trace --json}, or the list of the admin API), or
 * the lines of an access log, JSON or the combined format of Apache and nginx.
 *
 * @param requests in the order of their times
 * @param unread how many lines are none of these
 */
record RecordedFile(List<Recorded> requests, int unread) {

    private static final String MASKED = "***";

    /** At the end of what was too long to be recorded. */
    private static final String CUT = "…";

    private static final Pattern COMBINED = Pattern.compile("(\\S+) \\S+ (\\S+) \\[([^\\]]+)\\] \"(\\S+) (\\S+) \\S+\""
            + " (\\d{3}) \\S+(?: \"([^\"]*)\" \"([^\"]*)\")?.*");

    private static final DateTimeFormatter COMBINED_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH);

    static RecordedFile read(Path file) throws IOException {
        List<Recorded> requests = new ArrayList<>();
        int unread = 0;
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && !read(line.strip(), number, requests)) {
                    unread++;
                }
            }
        }
        requests.sort(Comparator.comparing(Recorded::at));
        return new RecordedFile(List.copyOf(requests), unread);
    }

    /** Read as ISO-8859-1, so that no byte is in the way; JSON is UTF-8. */
    private static boolean read(String line, int number, List<Recorded> to) {
        try {
            if (!line.startsWith("{") && !line.startsWith("[")) {
                Recorded one = combined(line, number);
                return one != null && to.add(one);
            }
            JsonNode json = JsonMapper.shared().readTree(line.getBytes(StandardCharsets.ISO_8859_1));
            if (json.isArray()) {
                for (JsonNode each : json) {
                    to.add(json(each, number));
                }
                return true;
            }
            return json.has("leftOut") || to.add(json(json, number));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    /** The traces that a gateway keeps, the oldest first; those of another form are left out. */
    static List<Recorded> ofTraces(List<JsonNode> traces) {
        List<Recorded> requests = new ArrayList<>();
        traces.forEach(each -> addTrace(each, requests.size() + 1, requests));
        return requests;
    }

    private static boolean addTrace(JsonNode json, int number, List<Recorded> to) {
        try {
            return to.add(trace(json, number));
        } catch (IllegalArgumentException | DateTimeException e) {
            return false; // what was cut off is no address any more, say
        }
    }

    private static Recorded json(JsonNode json, int number) {
        return json.has("steps") ? trace(json, number) : accessLog(json, number);
    }

    private static Recorded trace(JsonNode json, int number) {
        JsonNode request = json.path("request");
        Headers.Builder headers = Headers.builder(16);
        String target = text(request, "target");
        boolean masked = isMasked(target);
        for (var field : request.path("headers").properties()) {
            for (JsonNode value : field.getValue().isArray() ? field.getValue() : List.of(field.getValue())) {
                masked |= isMasked(value.asString(""));
                if (!field.getKey().equals(CUT)) {
                    add(headers, field.getKey(), value.asString(""));
                }
            }
        }
        return new Recorded(
                number,
                Instant.parse(text(json, "at")),
                text(request, "method"),
                target.replace(CUT, ""),
                headers.build(),
                true,
                masked,
                text(json, "scheme"),
                address(text(json, "client")),
                request.path("bodyBytes").asLong(0),
                orNull(json, "consumer"),
                outcome(json));
    }

    private static Outcome outcome(JsonNode trace) {
        return ofTrace(trace, trace.path("response").path("status").asInt(0));
    }

    /** What a trace says of an outcome. */
    static Outcome ofTrace(JsonNode trace, int status) {
        String route = orNull(trace, "route");
        JsonNode attempts = trace.path("attempts");
        if (!attempts.isEmpty()) {
            JsonNode last = attempts.get(attempts.size() - 1);
            return new Outcome(
                    route,
                    true,
                    Outcome.Kind.FORWARDED,
                    null,
                    last.path("status").asInt(status),
                    orNull(last, "upstream"));
        }
        String step = null;
        for (JsonNode each : trace.path("steps")) {
            if (text(each, "verdict").equals("answered") && !each.has("mode")) {
                step = text(each, "id");
            }
        }
        return new Outcome(route, true, Outcome.Kind.ANSWERED, step, status, null);
    }

    private static Recorded accessLog(JsonNode json, int number) {
        String path = text(json, "path");
        if (!path.startsWith("/") && !path.equals("*")) {
            throw new IllegalArgumentException("no path");
        }
        String query = orNull(json, "query");
        Headers.Builder headers = Headers.builder(4);
        add(headers, "host", orNull(json, "host"));
        add(headers, "user-agent", orNull(json, "userAgent"));
        add(headers, "referer", orNull(json, "referer"));
        json.path("headers")
                .properties()
                .forEach(field -> add(headers, field.getKey(), field.getValue().asString("")));
        int status = json.path("status").asInt(0);
        String upstream = orNull(json, "upstream");
        return new Recorded(
                number,
                Instant.parse(text(json, "time")),
                text(json, "method"),
                query == null ? path : path + "?" + query,
                headers.build(),
                false,
                true,
                text(json, "scheme"),
                address(text(json, "client")),
                json.path("requestBytes").asLong(0),
                orNull(json, "consumer"),
                new Outcome(
                        orNull(json, "route"),
                        true,
                        upstream == null ? Outcome.Kind.ANSWERED : Outcome.Kind.FORWARDED,
                        null,
                        status,
                        upstream));
    }

    private static @Nullable Recorded combined(String line, int number) {
        Matcher parts = COMBINED.matcher(line);
        if (!parts.matches()) {
            return null;
        }
        Headers.Builder headers = Headers.builder(2);
        add(headers, "referer", dash(parts.group(7)));
        add(headers, "user-agent", dash(parts.group(8)));
        return new Recorded(
                number,
                OffsetDateTime.parse(parts.group(3), COMBINED_TIME).toInstant(),
                parts.group(4),
                parts.group(5),
                headers.build(),
                false,
                true,
                "http",
                address(parts.group(1)),
                0,
                dash(parts.group(2)),
                new Outcome(null, false, Outcome.Kind.UNKNOWN, null, Integer.parseInt(parts.group(6)), null));
    }

    private static boolean isMasked(String value) {
        return value.contains(MASKED) || value.endsWith(CUT);
    }

    private static void add(Headers.Builder headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value.replaceAll("[^\\t -~\\x80-\\xff]", "?"));
        }
    }

    private static @Nullable String dash(@Nullable String text) {
        return text == null || text.equals("-") || text.isEmpty() ? null : text;
    }

    /** Never a name, which would be looked up. */
    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static String text(JsonNode json, String key) {
        return json.path(key).asString("");
    }

    private static @Nullable String orNull(JsonNode json, String key) {
        String text = text(json, key);
        return text.isEmpty() ? null : text;
    }
}
