package dev.sallyport.marketplace;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a publisher says about a jar: an in-toto statement, with the facts of the jar's manifest as its predicate.
 *
 * @param name the jar's file name when it was signed; a jar that was renamed is the same jar
 * @param sha256 the hash of its bytes, in lower-case hex
 * @param id the plugin's id
 * @param version the plugin's version
 * @param requires the versions of the plugin API that it works with; {@code ""} for any
 * @param permissions what it asks to be permitted
 */
public record Statement(
        String name, String sha256, String id, String version, String requires, Set<String> permissions) {

    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE_TYPE = "urn:sallyport:plugin:v1";
    private static final JsonMapper JSON = new JsonMapper();

    public Statement {
        permissions = Set.copyOf(permissions);
    }

    byte[] toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("_type", TYPE);
        root.putArray("subject")
                .addObject()
                .put("name", name)
                .putObject("digest")
                .put("sha256", sha256);
        root.put("predicateType", PREDICATE_TYPE);
        ObjectNode predicate = root.putObject("predicate");
        predicate.put("id", id).put("version", version).put("requires", requires);
        new TreeSet<>(permissions).forEach(predicate.putArray("permissions")::add);
        return JSON.writeValueAsBytes(root);
    }

    /** Reads one; fields that are not named here are passed over, as in-toto asks. */
    static Statement parse(byte[] json) throws MalformedException {
        JsonNode root = StrictJson.object(json);
        expect(root, "_type", TYPE);
        expect(root, "predicateType", PREDICATE_TYPE);
        JsonNode subject = root.path("subject");
        if (!subject.isArray() || subject.size() != 1) {
            throw new MalformedException("is not about one subject");
        }
        JsonNode predicate = root.path("predicate");
        Set<String> permissions = new TreeSet<>();
        for (JsonNode each : predicate.path("permissions")) {
            permissions.add(each.asString(""));
        }
        return new Statement(
                StrictJson.text(subject.path(0), "name"),
                StrictJson.text(subject.path(0).path("digest"), "sha256"),
                StrictJson.text(predicate, "id"),
                StrictJson.text(predicate, "version"),
                predicate.path("requires").asString(""),
                permissions);
    }

    static void expect(JsonNode root, String field, String expected) throws MalformedException {
        String found = StrictJson.text(root, field);
        if (!found.equals(expected)) {
            throw new MalformedException("has the " + field + " " + found + " (expected: " + expected + ")");
        }
    }

    /**
     * Whether an envelope speaks of a jar; not who has signed it, which only a {@link TrustStore} tells.
     *
     * @return why it does not, in words that go on where the jar's name stood; null where it does
     */
    public static @Nullable String claims(byte[] envelope, Statement jar) {
        try {
            String difference = parse(Envelope.parse(envelope).payload()).difference(jar);
            return difference == null ? null : "is not what was signed: " + difference;
        } catch (MalformedException e) {
            return "has a signature that cannot be read, since it " + e.getMessage();
        }
    }

    /** What differs between this, which was signed, and what the jar itself says; null where nothing does. */
    @Nullable
    String difference(Statement jar) {
        if (!sha256.equals(jar.sha256)) {
            return difference("sha256", sha256, jar.sha256);
        }
        if (!id.equals(jar.id)) {
            return difference("id", id, jar.id);
        }
        if (!version.equals(jar.version)) {
            return difference("version", version, jar.version);
        }
        if (!requires.equals(jar.requires)) {
            return difference("requires", requires, jar.requires);
        }
        return permissions.equals(jar.permissions)
                ? null
                : difference("permissions", new TreeSet<>(permissions), new TreeSet<>(jar.permissions));
    }

    private static String difference(String fact, Object signed, Object found) {
        return "the signature is over the " + fact + " " + signed + ", and the jar has " + found;
    }
}
