package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.admin.PluginResources.Brought;
import dev.sallyport.kernel.admin.Resource.Parameter;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.market.Choice;
import dev.sallyport.kernel.market.ListingView;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplace;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The resources of marketplaces, for administrators. Nothing but {@code refresh} and {@code install} leaves the gateway, and
 * both only for places that the configuration names.
 */
public final class MarketResources {

    /** One jar of at most {@value PluginResources#MOST_BYTES} bytes. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** How long what was fetched waits for a plugin that is being installed. */
    private static final Duration TURN = Duration.ofMinutes(1);

    /** How long all of them together have to say what there is. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Marketplaces> open;
    private final MarketBoard board;
    private final PluginResources plugins;
    private final UnaryOperator<String> hide;

    /** What is under way from a marketplace keeps nobody from uploading a jar. */
    private final Bounded fetches = new Bounded("fetch of a plugin", LONGEST);

    /**
     * The resources.
     *
     * @param open makes ready to ask those that the configuration names, and is closed after each use
     * @param installed all versions of all plugins, as they are shown
     * @param hide a text, with each value that a reference to a secret gave as it was written
     */
    public MarketResources(
            Supplier<Marketplaces> open,
            Supplier<? extends JsonNode> installed,
            PluginResources plugins,
            UnaryOperator<String> hide) {
        this.open = open;
        this.plugins = plugins;
        this.hide = hide;
        this.board = new MarketBoard(open, installed, hide, PATIENCE);
    }

    /** Adds them to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                                "showMarket",
                                "GET",
                                "/v1/market",
                                Role.ADMIN,
                                "What the marketplaces said when they were asked last; none is asked.",
                                call -> Answer.json(200, shown(call).toString()))
                        .with(
                                Parameter.flag(
                                        "audit",
                                        "Only what they said of the versions that are installed, in the place of what"
                                                + " they offer."),
                                Parameter.of("find", "Only plugins that have this in their id, description or types."),
                                Parameter.of("limit", "The most plugins to list; at most " + MarketBoard.MOST + "."),
                                Parameter.of("offset", "How many to leave out first."))
                        .slowly())
                .offer(Resource.of(
                                "showMarketPlugin",
                                "GET",
                                "/v1/market/{id}",
                                Role.ADMIN,
                                "All that they said of one plugin: versions, permissions, advisories.",
                                call -> Answer.json(
                                        200, listings(call.path("id")).toString()))
                        .slowly())
                .offer(Resource.of(
                                "refreshMarket",
                                "POST",
                                "/v1/market/refresh",
                                Role.ADMIN,
                                "Asks the marketplaces what there is; one that does not answer in time is named.",
                                call -> Answer.json(200, board.refresh().toString()))
                        .slowly())
                .offer(Resource.of(
                                "installFromMarket",
                                "POST",
                                "/v1/market/{id}/install",
                                Role.ADMIN,
                                "Fetches a version from a marketplace, judges it, installs it, and waits until it"
                                        + " serves.",
                                this::install)
                        .with(
                                PluginResources.DRY_RUN,
                                Parameter.of("version", "Which one."),
                                Parameter.of("from", "The marketplace, where several offer it."),
                                Parameter.of(
                                        "permit",
                                        "The permissions that it asks for, with commas: all of them are to be named."))
                        .slowly());
    }

    private ObjectNode shown(Call call) throws RefusedCallException {
        if (call.flag("audit")) {
            return board.audit();
        }
        return board.shown(call.parameter("find"), call.number("limit"), call.number("offset"))
                .put("upload", AdminApi.lower(plugins.allowed()));
    }

    /** One that cannot be read hides nothing of the others, and is told of where those have nothing. */
    private ArrayNode listings(String id) throws RefusedCallException {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        MarketException trouble = null;
        try (Marketplaces markets = open.get()) {
            for (Marketplace each : markets.offers().mayOffer(id, null)) {
                try {
                    Index index = each.kept();
                    Listing listing = index == null ? null : index.plugins().get(id);
                    if (index != null && listing != null) {
                        list.add(ListingView.of(each, index, listing));
                    }
                } catch (MarketException e) {
                    trouble = e;
                }
            }
        } catch (MarketException e) {
            trouble = e;
        }
        if (list.isEmpty()) {
            throw trouble == null
                    ? RefusedCallException.notFound("no marketplace has said that it offers " + id)
                    : refused(trouble);
        }
        return list;
    }

    private Answer install(Call call) throws Exception {
        String version = call.parameter("version");
        if (version == null) {
            throw RefusedCallException.badRequest("version is not given (expected: one that the marketplace lists)");
        }
        call.details().put("plugin", call.path("id") + " " + version);
        plugins.refuseWhereOff();
        try (Bounded.Turn turn = fetches.turn();
                MarketFetch fetch = new MarketFetch(open.get())) {
            Artefact jar = fetch(call, version, fetch, turn);
            return plugins.brought(call, TURN, () -> new Brought(jar.path(), jar.envelope()), () -> null);
        }
    }

    private Artefact fetch(Call call, String version, MarketFetch fetch, Bounded.Turn turn) throws Exception {
        boolean dryRun = call.flag("dryRun");
        String id = call.path("id");
        String from = call.parameter("from");
        String permit = call.parameter("permit");
        try {
            return turn.run(() -> fetch.run(
                    id,
                    version,
                    from,
                    choice -> {
                        if (!dryRun) {
                            refuseUnlessPermitted(choice, permit);
                        }
                    },
                    !dryRun));
        } catch (MarketException e) {
            throw refused(e);
        } catch (TimeoutException e) {
            throw new RefusedCallException(new Problem(504, "market-timeout", "The marketplace takes too long")
                    .withDetail("the jar has not come within " + LONGEST.toMinutes()
                            + " min; ask again: what has come is kept, and it goes on from there"));
        }
    }

    /** Nobody installs what they have not seen it may do. */
    private static void refuseUnlessPermitted(Choice choice, @Nullable String permit) throws RefusedCallException {
        Set<String> missing = new TreeSet<>(choice.release().permissions());
        missing.removeAll(permit == null ? List.of() : Arrays.asList(permit.split(",", -1)));
        if (!missing.isEmpty()) {
            throw new RefusedCallException(new Problem(409, "permissions-not-permitted", "Permissions not permitted")
                    .with("permissions", List.copyOf(missing))
                    .withDetail(choice + " asks for " + String.join(", ", missing)
                            + " (expected: permit to name them, if you mean to give them)"));
        }
    }

    private RefusedCallException refused(MarketException e) {
        return new RefusedCallException(new Problem(422, "market-refused", "Not taken from a marketplace")
                .withDetail(hide.apply(String.valueOf(e.getMessage()))));
    }
}
