package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How much a listener takes from clients, and how long it waits for them. */
public record ListenerLimits(
        @Doc("The longest request target; a longer one is answered with 414.") @Default("16KiB") @Min(64)
        Size uri,

        @Doc("Request line and header fields together; more are answered with 431.") @Default("32KiB") @Min(1024)
        Size headers,

        @Doc("The most header fields; more are answered with 431.") @Default("100") @Min(1)
        int headerCount,

        @Doc("The longest body of a request; a longer one is answered with 413. Any length if not given. A route's own"
                + " maxBody takes its place.")
        @Nullable
        Size maxBody,

        @Doc("The most connections; one more is closed at once.") @Default("30000") @Min(1)
        int connections,

        @Doc("The most connections of one address (of IPv6, of one /64), trusted proxies aside; one more is closed at"
                + " once. Behind the PROXY protocol, of the address that its header names. As many as there may be in"
                + " all if not given.")
        @Min(1)
        @Nullable
        Integer connectionsPerAddress,

        @Doc("How long a client may take for the head of a request, and for all that comes before the first one"
                + " (TLS, the preface of HTTP/2): 408, and the connection is closed.")
        @Default("30s")
        @Min(1)
        Duration headerTimeout,

        @Doc("How long a client may pause in the body of a request: 408.") @Default("60s") @Min(1)
        Duration bodyTimeout,

        @Doc("How many bytes a second of a body must come in the long run, once its client was waited for as long as"
                + " bodyTimeout in sum: 408.")
        @Default("240B")
        Size bodyRate,

        @Doc("How long a client may take for 16 KiB of a response; then it is cut off.") @Default("60s") @Min(1)
        Duration sendTimeout,

        @Doc("How long a WebSocket, another tunnel, or a stream whose response has begun may stay silent in both"
                + " directions.")
        @Default("5m")
        @Min(1)
        Duration streamIdle,

        @Doc("What is particular to HTTP/2.") @Default("{}") Http2 http2) {

    /** The limits of one connection over HTTP/2. */
    public record Http2(
            @Doc("The most streams at once; more are refused (REFUSED_STREAM).") @Default("128") @Min(1)
            int streams,

            @Doc("The most frames that bring no request on: SETTINGS, PING, PRIORITY, RST_STREAM, CONTINUATION, empty"
                    + " DATA, malformed and unknown ones. More end the connection (ENHANCE_YOUR_CALM).")
            @Default("128/s")
            Rate controlFrames,

            @Doc("How much of one request's body may wait in the gateway.")
            @Default("256KiB")
            @Min(65535)
            @Max(1L << 30)
            Size streamWindow,

            @Doc("How much of all bodies of a connection may wait in the gateway.")
            @Default("512KiB")
            @Min(65535)
            @Max(1L << 30)
            Size connectionWindow) {}

    /** What holds where nothing is written. */
    public static final ListenerLimits DEFAULT = new ListenerLimits(
            new Size(16 << 10),
            new Size(32 << 10),
            100,
            null,
            30_000,
            null,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            new Size(240),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            new Http2(128, new Rate(128, Duration.ofSeconds(1)), new Size(256 << 10), new Size(512 << 10)));
}
