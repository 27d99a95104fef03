package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Role;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Somebody who has logged in. Guarded by {@link Sessions}. */
final class Session {

    /** Whose it is, in words that nobody else's can be, whatever name they have. */
    final String person;

    final String who;
    final Role role;

    /** The hash of the admin token that it began with, and ends with; null for one of a provider. */
    final @Nullable String tokenHash;

    final Instant began;
    Instant renewed;

    /** What pages hold of it, the oldest first: each tab has one of its own. */
    final Deque<String> minted = new ArrayDeque<>();

    Session(String person, String who, Role role, @Nullable String tokenHash, Instant began) {
        this.person = person;
        this.who = who;
        this.role = role;
        this.tokenHash = tokenHash;
        this.began = began;
        this.renewed = began;
    }
}
