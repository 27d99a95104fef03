package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.oauth.OpenIdProvider;
import dev.sallyport.oauth.Sender;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The console: what a path under its name means, and what it hears of exchanges. Thread-safe. */
final class Console implements AdminPages, Exporter {

    private static final Duration PATIENCE =
            Duration.ofSeconds(4); // two calls of a login are within the gateway's limit

    private final StaticFiles files = new StaticFiles();
    private final Counters counters = new Counters();
    private final Limits limits = new Limits();
    private final @Nullable RecentRequests requests;
    private final SessionPages sessions;
    private final DataPages data;
    private final Ticker ticker;

    Console(ConsoleConfig config, ServiceContext context) {
        requests = config.keepRequests() == 0 ? null : new RecentRequests(config.keepRequests());
        sessions = new SessionPages(config, context.clock(), oidc(config, context));
        History history = new History();
        HistoryFile file = config.history()
                ? new HistoryFile(context.dataFolder(), history, context.clock(), context.logger())
                : null;
        Live live = new Live();
        ticker = new Ticker(counters, history, file, live, context::allMetrics, context.clock(), context.logger());
        data = new DataPages(config.links(), counters, limits, ticker, history, live, requests, context.clock());
        if (file != null) {
            var _ = context.onClose(file::write);
        }
        var _ = context.scheduler().scheduleAtFixedRate(ticker::tick, 1, 1, TimeUnit.SECONDS);
    }

    private static @Nullable OidcLogin oidc(ConsoleConfig config, ServiceContext context) {
        OidcConfig oidc = config.oidc();
        if (oidc == null) {
            return null;
        }
        OpenIdProvider provider = new OpenIdProvider(
                oidc.issuer(),
                new Sender(context.http(), PATIENCE),
                context.clock(),
                context.logger(),
                "service " + context.name());
        return new OidcLogin(oidc, provider, context.clock(), context.logger());
    }

    @Override
    public Answer answer(Call call) throws IOException {
        ticker.look();
        String path = call.path();
        if (path.startsWith("/api/")) {
            return data.answer(call, path);
        }
        Answer session = sessions.answer(call, path);
        if (session != null) {
            return session;
        }
        return call.method().equals("GET") ? files.answer(call, path) : Answers.methodNotAllowed("GET, HEAD");
    }

    @Override
    public ExchangeObserver begins(Request request) {
        ticker.use();
        return new Watching(counters, requests, limits, request);
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }
}
