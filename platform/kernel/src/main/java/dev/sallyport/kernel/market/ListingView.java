package dev.sallyport.kernel.market;

import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a marketplace says of a plugin, as commands and the admin API tell it. */
public final class ListingView {

    private ListingView() {}

    /** All of it, its versions newest first. */
    public static ObjectNode of(Marketplace market, Index index, Listing listing) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", listing.id())
                .put("marketplace", market.name())
                .put("index", index.version())
                .put("expires", index.expires().toString())
                .put("publisher", listing.publisher())
                .put("description", listing.description())
                .put("docs", listing.docs())
                .put("status", listing.status())
                .put("security", listing.security())
                .put("deprecated", listing.deprecated());
        ArrayNode advisories = json.putArray("advisories");
        listing.advisories()
                .forEach(each -> advisories
                        .addObject()
                        .put("id", each.id())
                        .put("severity", each.severity())
                        .put("summary", each.summary())
                        .put("affected", each.affected())
                        .put("fixed", each.fixed())
                        .put("url", each.url()));
        ArrayNode versions = json.putArray("versions");
        for (Release each : Versions.newestFirst(listing)) {
            ObjectNode version = versions.addObject()
                    .put("version", each.version())
                    .put("sha256", each.sha256())
                    .put("size", each.size())
                    .put("published", each.published().toString())
                    .put("requires", each.requires())
                    .put("licence", each.licence())
                    .put("sbom", each.sbom())
                    .put("yanked", each.yanked())
                    .put("revoked", index.revoked().getOrDefault(each.sha256(), ""));
            new TreeSet<>(each.permissions()).forEach(version.putArray("permissions")::add);
            each.types().forEach(version.putArray("types")::add);
        }
        return json;
    }
}
