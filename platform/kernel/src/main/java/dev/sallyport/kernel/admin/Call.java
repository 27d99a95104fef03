package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.http.SideServer.Query;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call of a resource, by a caller who may: its parameters and its body. For one thread. */
public final class Call {

    private final Resource resource;
    private final Caller caller;
    private final Map<String, String> path;
    private final Query query;
    private final ObjectNode details = JsonMapper.shared().createObjectNode();

    Call(Resource resource, Caller caller, Map<String, String> path, Query query) {
        this.resource = resource;
        this.caller = caller;
        this.path = path;
        this.query = query;
    }

    /** Who calls. */
    public Caller caller() {
        return caller;
    }

    /** What stands in the path for a name in braces. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is not in " + resource.path());
        }
        return value;
    }

    /** A parameter of the query; null where it is not given. */
    public @Nullable String parameter(String name) {
        return query.parameters().get(name);
    }

    /** The parameters of the query that the resource has no names for. */
    public Map<String, String> others() {
        Map<String, String> others = new TreeMap<>(query.parameters());
        resource.parameters().forEach(known -> others.remove(known.name()));
        return others;
    }

    /** Whether a flag is set. */
    public boolean flag(String name) throws RefusedCallException {
        String value = parameter(name);
        return switch (value) {
            case null -> false;
            case "true", "" -> true;
            case "false" -> false;
            default -> throw RefusedCallException.badRequest(name + ": " + value + " (expected: true or false)");
        };
    }

    /** A number from 1 on; null where it is not given. */
    public @Nullable Long number(String name) throws RefusedCallException {
        String value = parameter(name);
        if (value == null) {
            return null;
        }
        if (!value.matches("[1-9]\\d{0,17}")) {
            throw RefusedCallException.badRequest(name + ": " + value + " (expected: a number from 1 on)");
        }
        return Long.valueOf(value);
    }

    /** A header field; its name in lower case. */
    public @Nullable String header(String name) {
        return query.header(name);
    }

    /** The generation that must serve for this to be done, from {@code If-Match}; null for any. */
    public @Nullable Integer generation() throws RefusedCallException {
        String value = query.header("if-match");
        if (value == null || value.strip().equals("*")) {
            return null;
        }
        if (!value.strip().matches("\"\\d{1,9}\"")) {
            throw RefusedCallException.badRequest(
                    "If-Match: " + value + " (expected: the ETag of an earlier answer, such as \"12\")");
        }
        return Integer.valueOf(value.strip().replace("\"", ""));
    }

    /**
     * Writes the body into a file.
     *
     * @throws RefusedCallException where it is longer than the resource takes
     */
    public void receive(Path file) throws IOException, RefusedCallException {
        Resource.Body body = resource.body();
        long left = body == null ? 0 : body.limit();
        try (InputStream in = query.body();
                OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left -= read;
                if (left < 0) {
                    throw tooLarge(body == null ? 0 : body.limit());
                }
                out.write(buffer, 0, read);
            }
        }
    }

    /**
     * The body, in memory.
     *
     * @throws RefusedCallException where it is longer than the resource takes
     */
    public byte[] body() throws IOException, RefusedCallException {
        Resource.Body body = resource.body();
        long most = body == null ? 0 : body.limit();
        try (InputStream in = query.body()) {
            byte[] bytes = in.readNBytes((int) most + 1);
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            return bytes;
        }
    }

    /** The media type of the body, in lower case, without parameters. */
    public String mediaType() {
        String given = query.header("content-type");
        return given == null ? "" : given.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The body as a text in UTF-8.
     *
     * @throws RefusedCallException where it is longer than the resource takes
     */
    public String text() throws IOException, RefusedCallException {
        return new String(body(), StandardCharsets.UTF_8);
    }

    static RefusedCallException tooLarge(long limit) {
        return new RefusedCallException(
                413, "body-too-large", "Body too large", "the body is longer than " + limit + " bytes");
    }

    /** What it is about: the path, with what tells apart the versions of a plugin. */
    String subject() {
        return query.path() + (parameter("version") == null ? "" : "?version=" + parameter("version"));
    }

    /** What the audit log says of it besides; never a secret. */
    public ObjectNode details() {
        return details;
    }
}
