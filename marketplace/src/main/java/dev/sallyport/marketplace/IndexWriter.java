package dev.sallyport.marketplace;

import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an index as an in-toto statement about all its files. */
final class IndexWriter {

    private static final JsonMapper JSON = new JsonMapper();

    private IndexWriter() {}

    static byte[] write(Index index) {
        ObjectNode root = JSON.createObjectNode();
        root.put("_type", Statement.TYPE);
        ArrayNode subjects = root.putArray("subject");
        root.put("predicateType", IndexReader.PREDICATE_TYPE);
        ObjectNode predicate = root.putObject("predicate");
        predicate.put("name", index.name()).put("version", index.version());
        predicate
                .put("issued", index.issued().toString())
                .put("expires", index.expires().toString());
        ObjectNode plugins = predicate.putObject("plugins");
        index.plugins().forEach((id, listing) -> write(listing, plugins.putObject(id), subjects));
        ObjectNode revoked = predicate.putObject("revoked");
        index.revoked().forEach(revoked::put);
        return JSON.writeValueAsBytes(root);
    }

    private static void write(Listing listing, ObjectNode to, ArrayNode subjects) {
        to.put("publisher", listing.publisher());
        put(to, "description", listing.description());
        put(to, "docs", listing.docs());
        put(to, "status", listing.status());
        put(to, "security", listing.security());
        put(to, "deprecated", listing.deprecated());
        ArrayNode versions = to.putArray("versions");
        for (Release each : listing.releases()) {
            ObjectNode release = versions.addObject();
            release.put("version", each.version()).put("file", each.file()).put("size", each.size());
            release.put("published", each.published().toString());
            put(release, "requires", each.requires());
            new TreeSet<>(each.permissions()).forEach(release.putArray("permissions")::add);
            put(release, "licence", each.licence());
            each.types().forEach(release.putArray("types")::add);
            put(release, "sbom", each.sbom());
            put(release, "yanked", each.yanked());
            subject(subjects, each.file(), each.sha256());
            if (!each.sbomSha256().isEmpty()) {
                subject(subjects, each.sbom(), each.sbomSha256());
            }
        }
        ArrayNode advisories = to.putArray("advisories");
        for (Advisory each : listing.advisories()) {
            ObjectNode advisory = advisories.addObject();
            advisory.put("id", each.id()).put("severity", each.severity()).put("affected", each.affected());
            put(advisory, "summary", each.summary());
            put(advisory, "fixed", each.fixed());
            put(advisory, "url", each.url());
        }
    }

    private static void subject(ArrayNode subjects, String name, String sha256) {
        subjects.addObject().put("name", name).putObject("digest").put("sha256", sha256);
    }

    private static void put(ObjectNode to, String field, String text) {
        if (!text.isEmpty()) {
            to.put(field, text);
        }
    }
}
