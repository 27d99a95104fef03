package dev.sallyport.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves pages on the admin address: everything under {@code /<name of the service>/} there. It is power over the gateway, so
 * its jar is taken only where the manifest says {@code Plugin-Permissions: admin}.
 *
 * <p>There is one instance for each entry under {@code services:}. What it holds is given to {@link ServiceContext#onClose}. One
 * that is an {@link Exporter} too hears of exchanges as such.
 *
 * <ol>
 *   <li>The gateway checks {@code Host} and {@code Origin} and how often is asked, before the pages are. Who asks is told by a
 *       bearer token that the gateway has found to be good; a cookie is nothing to the gateway.
 *   <li>{@link #answer} is called by several threads at once, off the threads that answer {@code /v1}, with a limit of some
 *       seconds. Where it throws or takes longer the caller gets 500.
 *   <li>A {@link Stream} has a thread of its own for as long as it likes. It is {@linkplain Stream#close closed} when its caller
 *       has left, or when other pages take the place of these: it ends then, and its response ends properly.
 * </ol>
 */
@FunctionalInterface
public interface AdminPages {

    /** Answers a call; what it throws is logged as text. */
    Answer answer(Call call) throws Exception;

    /** What does not work now, in a sentence; null where that is nothing. Shown by {@code /readyz} as degraded. */
    default @Nullable String trouble() {
        return null;
    }

    /** What a caller may do: each may what those before it may. */
    enum Role {
        /** Look. */
        READ,
        /** Do what changes nothing that is written: force a circuit open, follow traces. */
        OPERATE,
        /** Everything. */
        ADMIN;

        /** Whether it may do what asks for that role. */
        public boolean may(Role least) {
            return compareTo(least) >= 0;
        }

        /** The one that may less. */
        public Role atMost(Role other) {
            return may(other) ? other : this;
        }
    }

    /**
     * Whom a token names. Immutable.
     *
     * @param name as the audit log has it
     */
    record Caller(String name, Role role) {}

    /** A request to the pages. For the thread that answers it, but for what says otherwise. */
    interface Call {

        /** The method; {@code GET} also for {@code HEAD}. */
        String method();

        /** The path of the service, where its pages begin: {@code /console}. */
        String base();

        /** What follows that: begins with a slash, encoded as it came, without {@code .} and {@code ..} segments. */
        String path();

        /** The parameters of the query, decoded; the last one of a name. */
        Map<String, String> parameters();

        /** The first value of a header field; null where it is not there. */
        @Nullable
        String header(String name);

        /**
         * The body, in memory. Once.
         *
         * @param most bytes to take, 0 or more
         * @throws BodyTooLargeException where it is longer; the caller gets 413 unless it is caught
         */
        byte[] body(int most) throws IOException;

        /** Whether it came over TLS. */
        boolean secure();

        /** The address of the other end of the connection; empty where it has none, as a Unix socket. */
        String peer();

        /** Whose bearer token it carries; null where it carries none that is good. */
        @Nullable
        Caller caller();

        /** Whether the token that it carries is good still; for streams, on any thread. */
        boolean isGoodStill();

        /** What pages may have done by the gateway; works for as long as the pages are open, on any thread. */
        Admin admin();
    }

    /** What the gateway does for pages. Thread-safe. */
    interface Admin {

        /**
         * Whose that token is; null where it is nobody's. Those that were {@linkplain #mint minted} are not found: they are no
         * way to another one.
         */
        @Nullable
        Caller check(String token);

        /**
         * Whose the token is now that has this hash, so that a session which began with it ends with it and need not keep it.
         * Never for a hash that a caller brings.
         *
         * @param sha256 of the token, in lower-case hex
         * @return null where it is nobody's any more
         */
        @Nullable
        Caller checkHash(String sha256);

        /**
         * Makes a bearer token for the admin API, that is known in memory only.
         *
         * @param who for whom; the audit log names {@code <service>:<who>}
         * @param role what it may do
         * @param life how long it is good for; at most an hour
         * @param ground the token that it rests on, as {@link #checkHash} takes it: once that is nobody's it is not good any
         *     more, and it may never more than that may at the time. Null for none
         * @throws IllegalStateException where as many are good already as may be, or where other pages serve in place of these
         */
        String mint(String who, Role role, Duration life, @Nullable String ground);

        /** Ends a token that was minted, at once. */
        void revoke(String token);

        /**
         * Asks the admin API for something to look at, as that caller may.
         *
         * @param path with its query: {@code /v1/upstreams?limit=10}
         */
        Found get(Caller caller, String path);

        /**
         * Adds a line to the audit log.
         *
         * @param who whom it is about; no secret
         * @param action one word: {@code login}
         * @param reason why it was refused; null where it was done
         */
        void audit(String who, String action, @Nullable String reason);
    }

    /**
     * What the admin API has answered. Immutable.
     *
     * @param json a problem where the status is no success
     */
    record Found(int status, String json) {}

    /**
     * An answer. {@code cache-control: no-store} unless a header says otherwise.
     *
     * @param headers with the content's type
     * @param body not copied, and not changed any more
     * @param stream what follows the body; null for nothing. Only a {@code GET} may have one
     */
    record Answer(
            int status,
            Headers headers,
            ByteBuffer body,
            @Nullable Stream stream) {

        /** A text in UTF-8. */
        public Answer(int status, Headers headers, String body) {
            this(status, headers, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), null);
        }
    }

    /** Writes a body piece by piece. */
    @FunctionalInterface
    interface Stream {

        /**
         * Writes all of it, and flushes what is to be seen at once.
         *
         * @throws IOException where the caller is gone
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;

        /** It is to end, or will not be written. Called by any thread, more than once maybe. */
        default void close() {}
    }
}
