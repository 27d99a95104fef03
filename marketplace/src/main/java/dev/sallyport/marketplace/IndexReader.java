package dev.sallyport.marketplace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads an index, strictly: whoever signed it may still have been careless, or somebody else by now. Fields that are not
 * named here are passed over.
 */
final class IndexReader {

    static final String PREDICATE_TYPE = "urn:sallyport:marketplace:v1";

    private static final int MOST_PLUGINS = 10_000;
    private static final int MOST_FILES = 50_000;
    private static final int MOST_VERSIONS = 1_000;
    private static final int MOST_ITEMS = 200;
    private static final long MOST_SIZE = 256L << 20;

    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,98}");
    static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    /** After Semantic Versioning 2.0; its numbers are below 10^18, for readers that compute with them. */
    private static final Pattern VERSION = Pattern.compile("(?=.{5,150}$)(0|[1-9]\\d{0,17})(\\.(0|[1-9]\\d{0,17})){2}"
            + "(-(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)(\\.(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*))*)?"
            + "(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern STATUS = Pattern.compile("|alpha|beta|stable");
    private static final Pattern SEVERITY = Pattern.compile("low|medium|high|critical");
    private static final Pattern LINK = Pattern.compile("|https://[!-~]{1,1000}");
    private static final Pattern SOME = Pattern.compile("(?s).{1,300}");

    private final Map<String, String> hashes = new HashMap<>();

    private IndexReader() {}

    static Index read(byte[] json) throws MalformedException {
        JsonNode root = StrictJson.object(json);
        Statement.expect(root, "_type", Statement.TYPE);
        Statement.expect(root, "predicateType", PREDICATE_TYPE);
        return new IndexReader().index(root);
    }

    private Index index(JsonNode root) throws MalformedException {
        for (JsonNode each : IndexFields.list(root, "subject", MOST_FILES, "its top")) {
            String name = StrictJson.text(each, "name");
            if (!IndexFields.isFile(name)) {
                throw new MalformedException("names the file '" + IndexFields.shown(name)
                        + "' (expected: a path below the index, of letters, digits, '.', '_', '+', '-' and '/')");
            }
            String hash = IndexFields.text(each.path("digest"), "sha256", SHA256, name);
            if (hashes.put(name, hash) != null) {
                throw new MalformedException("names the file " + name + " twice");
            }
        }
        JsonNode predicate = root.path("predicate");
        Map<String, Listing> plugins = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each :
                IndexFields.object(predicate, "plugins", MOST_PLUGINS).properties()) {
            String id = each.getKey();
            if (!ID.matcher(id).matches()) {
                throw new MalformedException("has the plugin id '" + IndexFields.shown(id) + "'");
            }
            plugins.put(id, listing(id, each.getValue()));
        }
        Map<String, String> revoked = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each :
                IndexFields.object(predicate, "revoked", MOST_FILES).properties()) {
            if (!SHA256.matcher(each.getKey()).matches()) {
                throw new MalformedException(
                        "revokes '" + IndexFields.shown(each.getKey()) + "' (expected: a SHA-256 in lower-case hex)");
            }
            if (!each.getValue().isString() || each.getValue().asString().isBlank()) {
                throw new MalformedException("revokes " + each.getKey() + " without a reason");
            }
            revoked.put(each.getKey(), IndexFields.checked(each.getValue().asString(), "reason", "revoked"));
        }
        return new Index(
                IndexFields.text(predicate, "name", NAME, "its top"),
                IndexFields.number(predicate, "version", "its top"),
                IndexFields.instant(predicate, "issued", "its top"),
                IndexFields.instant(predicate, "expires", "its top"),
                plugins,
                revoked);
    }

    private Listing listing(String id, JsonNode node) throws MalformedException {
        List<Release> releases = new ArrayList<>();
        Set<String> versions = new HashSet<>();
        for (JsonNode each : IndexFields.list(node, "versions", MOST_VERSIONS, id)) {
            Release release = release(id, each);
            if (!versions.add(release.version())) {
                throw new MalformedException("lists " + id + " " + release.version() + " twice");
            }
            releases.add(release);
        }
        if (releases.isEmpty()) {
            throw new MalformedException("lists no version of " + id);
        }
        List<Advisory> advisories = new ArrayList<>();
        for (JsonNode each : IndexFields.list(node, "advisories", MOST_ITEMS, id)) {
            advisories.add(advisory(id, each));
        }
        return new Listing(
                id,
                IndexFields.text(node, "publisher", SOME, id),
                IndexFields.text(node, "description", id),
                IndexFields.text(node, "docs", LINK, id),
                IndexFields.text(node, "status", STATUS, id),
                IndexFields.text(node, "security", id),
                IndexFields.text(node, "deprecated", id),
                releases,
                advisories);
    }

    private Release release(String id, JsonNode node) throws MalformedException {
        String version = IndexFields.text(node, "version", VERSION, id);
        String where = id + " " + version;
        String file = StrictJson.text(node, "file");
        String sha256 = hashes.get(file);
        if (sha256 == null) {
            throw new MalformedException("names for " + where + " the file '" + IndexFields.shown(file)
                    + "', which is none of its subjects");
        }
        long size = IndexFields.number(node, "size", where);
        if (size > MOST_SIZE) {
            throw new MalformedException(
                    "lists " + where + " with " + size + " bytes (expected: at most " + MOST_SIZE + ")");
        }
        String sbom = IndexFields.text(node, "sbom", where);
        String sbomSha256 = hashes.getOrDefault(sbom, "");
        if (sbomSha256.isEmpty() && !LINK.matcher(sbom).matches()) {
            throw new MalformedException("names for " + where + " the sbom '" + IndexFields.shown(sbom)
                    + "' (expected: one of its subjects, or an https URL)");
        }
        return new Release(
                version,
                file,
                sha256,
                size,
                IndexFields.instant(node, "published", where),
                IndexFields.text(node, "requires", where),
                new TreeSet<>(texts(node, "permissions", where)),
                IndexFields.text(node, "licence", where),
                texts(node, "types", where),
                sbom,
                sbomSha256,
                IndexFields.text(node, "yanked", where));
    }

    private static Advisory advisory(String id, JsonNode node) throws MalformedException {
        return new Advisory(
                IndexFields.text(node, "id", SOME, id),
                IndexFields.text(node, "severity", SEVERITY, id),
                IndexFields.text(node, "summary", id),
                IndexFields.text(node, "affected", SOME, id),
                IndexFields.text(node, "fixed", id),
                IndexFields.text(node, "url", LINK, id));
    }

    private static List<String> texts(JsonNode node, String field, String where) throws MalformedException {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : IndexFields.list(node, field, MOST_ITEMS, where)) {
            if (!each.isString()) {
                throw new MalformedException("has no list of texts in the field " + field + " at " + where);
            }
            texts.add(IndexFields.checked(each.asString(), field, where));
        }
        return texts;
    }
}
