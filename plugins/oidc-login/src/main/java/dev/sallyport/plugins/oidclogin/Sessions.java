package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.oauth.ProviderUnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;

/** Judges the sessions that browsers carry, and keeps their tokens new. Thread-safe. */
final class Sessions {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

    private final OidcLoginConfig config;
    private final KeptSessions kept;
    private final Revocations revocations;
    private final Refreshes refreshing;
    private final Client client;
    private final Clock clock;
    private final Executor threads;
    private final Logger log;
    private final LongCounter refreshes;
    private final Duration accuracy;

    Sessions(
            OidcLoginConfig config,
            KeptSessions kept,
            Revocations revocations,
            Refreshes refreshing,
            Client client,
            Clock clock,
            Executor threads,
            Logger log,
            LongCounter refreshes) {
        this.config = config;
        this.kept = kept;
        this.revocations = revocations;
        this.refreshing = refreshing;
        this.client = client;
        this.clock = clock;
        this.threads = threads;
        this.log = log;
        this.refreshes = refreshes;
        // A cookie with each response would be a waste; and a session that ends a tenth early is no loss.
        Duration tenth = config.idle().dividedBy(10);
        this.accuracy = tenth.compareTo(Duration.ofMinutes(1)) < 0 ? tenth : Duration.ofMinutes(1);
    }

    /** Who sends a request with those cookies; the provider is asked where tokens are old. */
    Current judge(Map<String, String> carried) throws InterruptedException {
        Current here = here(carried);
        if (!(here instanceof Current.Somebody somebody) || !needsRefresh(somebody.session())) {
            return here;
        }
        Session session = somebody.session();
        try {
            Tokens newer = refreshing.after(session.tokens(), client, threads);
            refreshes.add(1, Attributes.of(OUTCOME, "refreshed"));
            return new Current.Somebody(session.with(newer).usedAt(clock.instant()), true);
        } catch (RefusedException e) {
            refreshes.add(1, Attributes.of(OUTCOME, "refused"));
            log.log(Level.DEBUG, "a session was not renewed: {0}", e.getMessage());
            return new Current.Nobody("the provider has ended the session");
        } catch (ProviderUnavailableException alreadyLogged) {
            refreshes.add(1, Attributes.of(OUTCOME, "unavailable"));
            Instant expires = session.tokens().expires();
            return expires != null && clock.instant().isBefore(expires) ? here : new Current.Unknown();
        }
    }

    /** The same as far as it can be said without the provider. */
    Current here(Map<String, String> carried) {
        Session session;
        try {
            session = kept.read(carried);
        } catch (StoreUnavailableException e) {
            log.log(Level.DEBUG, "a session cannot be read: {0}", e.getMessage());
            return new Current.Away();
        }
        if (session == null) {
            boolean carriesOne = carried.keySet().stream().anyMatch(kept::owns);
            return new Current.Nobody(carriesOne ? "the session cookie is not ours, or over" : "no session");
        }
        Instant now = clock.instant();
        if (session.hasEnded(now, config.idle(), config.lifetime())) {
            return new Current.Nobody("the session is over");
        }
        if (revocations.hasEnded(session)) {
            return new Current.Nobody("the session was ended by a logout");
        }
        Instant expires = session.tokens().expires();
        boolean spent = config.forward()
                && (session.tokens().accessToken() == null
                        || (session.tokens().refreshToken() == null && expires != null && !now.isBefore(expires)));
        if (spent) {
            return new Current.Nobody("the access token is over");
        }
        boolean seen = now.isBefore(session.used().plus(accuracy));
        return new Current.Somebody(seen ? session : session.usedAt(now), !seen);
    }

    /** Whether the provider is asked before this session serves on. */
    boolean needsRefresh(Session session) {
        Instant refreshAt = session.tokens().refreshAt();
        return session.tokens().refreshToken() != null
                && refreshAt != null
                && !clock.instant().isBefore(refreshAt);
    }
}
