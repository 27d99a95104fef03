package dev.sallyport.plugins.oidclogin;

import java.time.Clock;
import java.time.Duration;

/** What all steps of one client have in common, also over a reload: a session may be used on several routes. */
record Shared(Revocations revocations, Refreshes refreshes) implements AutoCloseable {

    /** What makes two steps have it in common. */
    record Key(String issuer, String clientId, Duration lifetime) {}

    static Shared of(Key key, Clock clock) {
        return new Shared(new Revocations(key.lifetime(), clock), new Refreshes(clock));
    }

    @Override
    public void close() {}
}
