package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.market.Audit;
import dev.sallyport.kernel.market.MarketException;
import dev.sallyport.kernel.market.Marketplace;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Versions;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the marketplaces of the configuration have said, and what is in the way of asking them: one that is down, or is not
 * believed, hides nothing of the others. Thread-safe.
 */
final class MarketBoard {

    /** The most plugins of an answer. */
    static final int MOST = 1000;

    private final Supplier<Marketplaces> open;
    private final Supplier<? extends JsonNode> installed;
    private final UnaryOperator<String> hide;
    private final Duration patience;

    /** By marketplace: why it could not be asked the last time. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    private final ReentrantLock asking = new ReentrantLock();

    /**
     * A board.
     *
     * @param hide a text, with each value that a reference to a secret gave as it was written
     * @param patience how long all of them together have to answer
     */
    MarketBoard(
            Supplier<Marketplaces> open,
            Supplier<? extends JsonNode> installed,
            UnaryOperator<String> hide,
            Duration patience) {
        this.open = open;
        this.installed = installed;
        this.hide = hide;
        this.patience = patience;
    }

    /** All that they offer, as it was said last. */
    ObjectNode shown(@Nullable String find, @Nullable Long limit, @Nullable Long offset) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        try (Marketplaces markets = open.get()) {
            ArrayNode all = JsonMapper.shared().createArrayNode();
            json.set("marketplaces", marketplaces(markets, find == null ? "" : find.toLowerCase(Locale.ROOT), all));
            ArrayNode page = json.put("found", all.size()).putArray("plugins");
            all.valueStream()
                    .skip(offset == null ? 0 : offset)
                    .limit(limit == null ? MOST : Math.min(limit, MOST))
                    .forEach(page::add);
        }
        return json;
    }

    /** What they say of the versions that are here, where they say anything. */
    ObjectNode audit() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        try (Marketplaces markets = open.get()) {
            json.set("installed", audited(markets));
        }
        return json;
    }

    private ArrayNode marketplaces(Marketplaces markets, String find, ArrayNode plugins) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        for (Marketplace each : markets.all()) {
            ObjectNode json = list.addObject().put("name", each.name()).put("place", hide.apply(each.place()));
            String trouble = troubles.get(each.name());
            try {
                Index index = each.kept();
                if (index != null) {
                    json.put("index", index.version())
                            .put("expires", index.expires().toString())
                            .put("stale", each.isStale(index));
                    index.plugins().values().stream()
                            .filter(listing -> has(listing, find))
                            .forEach(listing -> plugins.add(brief(each, index, listing)));
                }
            } catch (MarketException e) {
                trouble = e.getMessage();
            }
            if (trouble != null) {
                json.put("trouble", hide.apply(trouble));
            }
        }
        return list;
    }

    private static boolean has(Listing listing, String find) {
        return (listing.id() + " " + listing.description() + " "
                        + listing.releases().stream().map(Release::types).toList())
                .toLowerCase(Locale.ROOT)
                .contains(find);
    }

    private static ObjectNode brief(Marketplace market, Index index, Listing listing) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("id", listing.id())
                .put("marketplace", market.name())
                .put("publisher", listing.publisher())
                .put("description", listing.description())
                .put("status", listing.status())
                .put("security", listing.security())
                .put("deprecated", listing.deprecated())
                .put("advisories", listing.advisories().size());
        Release newest = Versions.newest(index, listing).orElse(null);
        if (newest != null) {
            json.put("newest", newest.version());
            new TreeSet<>(newest.permissions()).forEach(json.putArray("permissions")::add);
        }
        return json;
    }

    private ArrayNode audited(Marketplaces markets) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        Audit audit = new Audit(markets);
        for (JsonNode each : installed.get()) {
            String version = each.path("version").asString("");
            if (version.isEmpty() || each.path("state").asString("").equals("refused")) {
                continue;
            }
            Audit.Report report = audit.of(
                    each.path("id").asString(""),
                    version,
                    each.path("sha256").asString(""),
                    each.path("publisher").asString(""));
            if (!report.newer().isEmpty() || !report.findings().isEmpty()) {
                ObjectNode json = list.addObject()
                        .put("id", each.path("id").asString(""))
                        .put("version", version)
                        .put("newer", report.newer())
                        .put("serious", report.serious());
                report.findings().stream().map(hide).forEach(json.putArray("findings")::add);
            }
        }
        return list;
    }

    /** Asks all of them, and waits for those that answer in time. */
    ObjectNode refresh() throws RefusedCallException, InterruptedException {
        if (!asking.tryLock()) {
            throw RefusedCallException.overloaded("the marketplaces are being asked already; look in a moment");
        }
        try (Marketplaces markets = open.get()) {
            troubles.clear();
            ask(markets.all());
            ObjectNode json = JsonMapper.shared().createObjectNode();
            json.set(
                    "marketplaces",
                    marketplaces(markets, "", JsonMapper.shared().createArrayNode()));
            return json;
        } finally {
            asking.unlock();
        }
    }

    private void ask(List<Marketplace> markets) throws InterruptedException {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("market ", 1).factory());
        try {
            List<Callable<Index>> calls = new ArrayList<>();
            markets.forEach(each -> calls.add(each::index));
            List<Future<Index>> answers = threads.invokeAll(calls, patience.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < answers.size(); i++) {
                String trouble = trouble(answers.get(i));
                if (trouble != null) {
                    troubles.put(markets.get(i).name(), trouble);
                }
            }
        } finally {
            threads.shutdownNow(); // who has not heeded that it is over is not waited for
        }
    }

    private @Nullable String trouble(Future<Index> answer) throws InterruptedException {
        try {
            answer.get();
            return null;
        } catch (CancellationException e) {
            return "has not answered within " + patience.toSeconds() + " s";
        } catch (ExecutionException e) {
            return e.getCause() instanceof MarketException known ? known.getMessage() : String.valueOf(e.getCause());
        }
    }
}
