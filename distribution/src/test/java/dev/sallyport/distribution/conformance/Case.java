package dev.sallyport.distribution.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One case, as its file has it; what the keys mean stands in {@code resources/conformance/README.md}. */
public record Case(String area, Map<String, Object> keys) {

    /** The areas in the order that the page shows them. */
    public static final List<String> AREAS =
            List.of("framing", "heads", "targets", "semantics", "responses", "websocket", "http2", "grpc");

    static final String OK = "HTTP/1.1 200 OK¶Content-Length: 2¶¶ok";

    /** All cases of all files. */
    public static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (String area : AREAS) {
            try (InputStream file =
                    Objects.requireNonNull(Case.class.getResourceAsStream("/conformance/" + area + ".yaml"))) {
                Load load = new Load(LoadSettings.builder()
                        .setAllowDuplicateKeys(false)
                        .setLabel(area)
                        .build());
                for (Object one : (List<?>) load.loadFromInputStream(file)) {
                    all.add(new Case(area, strings(one)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Its name. */
    public String id() {
        return text("id");
    }

    /** The section that it comes from. */
    public String rfc() {
        return text("rfc");
    }

    /** The sentence. */
    public String says() {
        return text("says");
    }

    /** Why a peer cannot do it by nature; null where it can. */
    public String notFor(String peer) {
        return keys.get("notFor") instanceof Map<?, ?> peers ? (String) peers.get(peer) : null;
    }

    /** Why a peer does otherwise on purpose; null where it does not. */
    public String deviates(String peer) {
        return keys.get("deviates") instanceof Map<?, ?> peers ? (String) peers.get(peer) : null;
    }

    boolean isHttp2() {
        return keys.containsKey("frames");
    }

    boolean isGrpc() {
        return keys.containsKey("answerFrames");
    }

    boolean answersEarly() {
        return Boolean.TRUE.equals(keys.get("answerEarly"));
    }

    /** What the client sends. */
    List<String> sends() {
        return steps(isHttp2() ? keys.get("frames") : keys.get("send"));
    }

    /** What the target does with its request of that number, from 0. */
    List<String> answers(int number) {
        if (isGrpc()) {
            return steps(keys.get("answerFrames"));
        }
        Object first = keys.getOrDefault("answer", OK);
        return steps(number == 0 ? first : keys.getOrDefault("answerNext", first));
    }

    /** What is expected on a side, {@code client} or {@code target}; null for {@code none}. */
    Map<String, Object> expected(String side, boolean here) {
        Object base = keys.get(side);
        Map<String, Object> expected = base instanceof Map ? new HashMap<>(strings(base)) : null;
        if (here && keys.get("here") instanceof Map<?, ?> more && more.get(side) != null) {
            if (!(more.get(side) instanceof Map)) {
                return null;
            }
            expected = expected == null ? new HashMap<>() : expected;
            expected.putAll(strings(more.get(side)));
        }
        return expected;
    }

    private List<String> steps(Object value) {
        List<String> steps = new ArrayList<>();
        for (Object step : value instanceof List<?> list ? list : List.of(value)) {
            steps.add(expand((String) step));
        }
        return steps;
    }

    private String expand(String text) {
        String all = text;
        if (all.contains("$repeat")) {
            Map<String, Object> repeat = strings(keys.get("repeat"));
            all = all.replace("$repeat", ((String) repeat.get("text")).repeat((Integer) repeat.get("times")));
        }
        return all.replace("$next", "GET /next HTTP/1.1¶$h¶")
                .replace("$h", "Host: a¶Case: $id¶")
                .replace("$ok", OK)
                .replace("$get", ":method GET | :scheme http | :path /x | :authority a | case $id")
                .replace("$post", ":method POST | :scheme http | :path /x | :authority a | case $id")
                .replace(
                        "$grpc",
                        ":method POST | :scheme http | :path /g.S/M | :authority a | te trailers"
                                + " | content-type application/grpc | case $id")
                .replace("$id", id())
                .replace("¶", "\r\n");
    }

    private String text(String key) {
        return (String) Objects.requireNonNull(keys.get(key), key);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> strings(Object map) {
        return (Map<String, Object>) map;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return id();
    }
}
