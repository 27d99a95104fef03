package dev.sallyport.kernel.market;

import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What whoever runs a marketplace says of its plugins, beside what the jars say themselves: a JSON file that is kept with
 * its sources. What it says of a plugin replaces what was said of it before.
 */
final class About {

    private static final Set<String> OF_ALL = Set.of("plugins", "revoked");
    private static final Set<String> OF_ONE =
            Set.of("publisher", "description", "docs", "status", "security", "deprecated", "yanked", "advisories");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode root;
    private final String name;

    private About(JsonNode root, String name) {
        this.root = root;
        this.name = name;
    }

    static About nothing() {
        return new About(JSON.createObjectNode(), "");
    }

    static About read(Path file) throws MarketException {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            About about = new About(root, file.toString());
            about.known(root, OF_ALL, "its top");
            for (Map.Entry<String, JsonNode> each : root.path("plugins").properties()) {
                about.known(each.getValue(), OF_ONE, each.getKey());
            }
            return about;
        } catch (IOException e) {
            throw new MarketException(file + " cannot be read (" + e + ")");
        } catch (JacksonException e) {
            throw new MarketException(file + " is no JSON: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr());
        }
    }

    private void known(JsonNode node, Set<String> fields, String where) throws MarketException {
        if (!node.isObject()) {
            throw new MarketException(name + " has no object at " + where);
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            if (!fields.contains(each.getKey())) {
                throw new MarketException(name + " has the field " + each.getKey() + " at " + where + " (expected: "
                        + String.join(", ", new TreeSet<>(fields)) + ")");
            }
        }
    }

    /**
     * The index with all of it.
     *
     * @param index with the plugins that there are
     */
    Index applied(Index index, Instant issued, Instant expires) throws MarketException {
        Map<String, Listing> plugins = new TreeMap<>(index.plugins());
        for (Map.Entry<String, JsonNode> each : root.path("plugins").properties()) {
            Listing listing = plugins.get(each.getKey());
            if (listing == null) {
                throw new MarketException(name + " tells of the plugin " + each.getKey()
                        + ", of which no version is published; publish one, or leave it out");
            }
            plugins.put(each.getKey(), applied(listing, each.getValue()));
        }
        Map<String, String> revoked = new TreeMap<>(index.revoked());
        for (Map.Entry<String, JsonNode> each : root.path("revoked").properties()) {
            String hash = each.getKey().startsWith("sha256:") ? each.getKey().substring(7) : each.getKey();
            if (!each.getValue().isString() || each.getValue().asString().isBlank()) {
                throw new MarketException(name + " revokes " + each.getKey() + " without a reason (expected: a text)");
            }
            revoked.put(hash, each.getValue().asString());
        }
        return new Index(index.name(), index.version() + 1, issued, expires, plugins, revoked);
    }

    private Listing applied(Listing listing, JsonNode node) throws MarketException {
        JsonNode yanked = node.path("yanked");
        List<Release> releases = new ArrayList<>();
        for (Release each : listing.releases()) {
            releases.add(each.withYanked(yanked.path(each.version()).asString("")));
        }
        for (Map.Entry<String, JsonNode> each : yanked.properties()) {
            if (listing.release(each.getKey()).isEmpty()
                    || each.getValue().asString("").isBlank()) {
                throw new MarketException(name + " yanks " + listing.id() + " " + each.getKey()
                        + " (expected: a version that is published, and a reason)");
            }
        }
        List<Advisory> advisories = new ArrayList<>();
        for (JsonNode each : node.path("advisories")) {
            advisories.add(new Advisory(
                    text(each, "id", ""),
                    text(each, "severity", ""),
                    text(each, "summary", ""),
                    text(each, "affected", ""),
                    text(each, "fixed", ""),
                    text(each, "url", "")));
        }
        return new Listing(
                listing.id(),
                text(node, "publisher", listing.publisher()),
                text(node, "description", listing.description()),
                text(node, "docs", ""),
                text(node, "status", ""),
                text(node, "security", ""),
                text(node, "deprecated", ""),
                releases,
                advisories);
    }

    private static String text(JsonNode node, String field, String otherwise) {
        return node.path(field).asString(otherwise);
    }
}
