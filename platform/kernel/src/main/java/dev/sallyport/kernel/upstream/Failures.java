package dev.sallyport.kernel.upstream;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.RetryableRequestException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Says what a failure of Jetty's client means. */
final class Failures {

    private Failures() {}

    /** No connection within the time for it. */
    static UpstreamException notConnected(Outgoing outgoing, boolean exhausted) {
        String within = text(outgoing.timeouts().connect());
        return new UpstreamException(
                Kind.CONNECT_TIMEOUT,
                exhausted
                        ? "no connection to " + outgoing.target() + " came free within " + within + ": all "
                                + outgoing.link().maxConnections() + " are in use"
                        : "no connection to " + outgoing.target() + " could be made within " + within,
                null);
    }

    /** Neither a connection nor room to wait for one. */
    static UpstreamException tooManyWait(Outgoing outgoing) {
        Link link = outgoing.link();
        String reason = "all " + link.maxConnections() + " connections to " + outgoing.target() + " are in use, and "
                + link.maxPending() + " requests wait for one";
        return new UpstreamException(
                Kind.NO_TARGET, reason, new TargetUnavailableException(reason, Duration.ofSeconds(1)));
    }

    /** No response within the time for it. */
    static UpstreamException notAnswered(Outgoing outgoing) {
        return new UpstreamException(
                Kind.RESPONSE_TIMEOUT,
                outgoing.target() + " sent no response within "
                        + text(outgoing.timeouts().firstByte()) + " of the request",
                null);
    }

    /** A body that neither comes nor goes. */
    static UpstreamException notMoving(Outgoing outgoing) {
        return new UpstreamException(
                Kind.RESPONSE_TIMEOUT,
                "the request to " + outgoing.target() + " did not move for "
                        + text(outgoing.timeouts().idle()),
                null);
    }

    static UpstreamException noTunnel(Outgoing outgoing) {
        return new UpstreamException(
                Kind.PROTOCOL,
                "no " + outgoing.upgrade() + " to " + outgoing.target()
                        + " over HTTP/2: route it to an upstream with protocol: http1",
                null);
    }

    static UpstreamException notHttp(URI target, Throwable reason) {
        return new UpstreamException(Kind.PROTOCOL, "what " + target + " sent is not HTTP: " + text(reason), reason);
    }

    /** A cancellation that says itself neither what it is to the client nor to the upstream. */
    static UpstreamException givenUp(URI target, Throwable reason) {
        return new UpstreamException(Kind.RESET, "the request to " + target + " was given up: " + text(reason), reason);
    }

    /**
     * A failure before the head of the response.
     *
     * @param ended whether the target has ended the connection
     */
    static IOException before(URI target, boolean connected, boolean ended, Throwable reason) {
        if (!connected) {
            return reason instanceof HttpException
                    ? unsendable(reason)
                    : new UpstreamException(
                            Kind.CONNECT, "no connection to " + target + " could be made: " + text(reason), reason);
        }
        if (ended) {
            return reset(target, reason);
        }
        if (reason instanceof HttpResponseException) {
            Throwable cause = reason.getCause();
            return notHttp(target, cause == null ? reason : cause);
        }
        if (reason instanceof HttpException || reason instanceof IllegalArgumentException) {
            return unsendable(reason);
        }
        if (isTimeout(reason)) {
            return new UpstreamException(
                    Kind.RESPONSE_TIMEOUT, target + " sent no response in time: " + text(reason), reason);
        }
        // Jetty's parser also throws what it did not mean to, over a head that is too long for example.
        return reason instanceof IOException ? reset(target, reason) : notHttp(target, reason);
    }

    private static UpstreamException reset(URI target, Throwable reason) {
        return new UpstreamException(
                Kind.RESET, target + " closed the connection before its response: " + text(reason), reason);
    }

    /** A failure to read the body of the request, as it is to be thrown. */
    static IOException ofBody(Throwable reason) {
        return switch (reason) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException("the request's body could not be read", reason);
        };
    }

    /** A failure to read the body of the request, as who reads the response is told of it. */
    static IOException thrownOfBody(Throwable reason) {
        return reason instanceof IOException own
                ? own
                : new IOException("the request's body could not be read", reason);
    }

    /** A failure within the body of the response. */
    static IOException within(URI target, long bytes, Throwable reason) {
        if (reason instanceof ClientGoneException
                || reason instanceof UpstreamException
                || reason instanceof SocketTimeoutException) {
            return (IOException) reason;
        }
        String told = "the response of " + target + " broke off after " + bytes + " bytes: " + text(reason);
        // Where nothing of it has come, the client need not be sent a head that promises something.
        return bytes == 0 ? new UpstreamException(Kind.RESET, told, reason) : new IOException(told, reason);
    }

    /**
     * Whether a body of a response was broken off by its target, or came too slowly, rather than given up by us or by the
     * client.
     *
     * @param met what its reader has met
     * @param first what had failed before that; the same where nothing had
     */
    @SuppressWarnings("ReferenceEquality") // one and the same exception
    static boolean isOfTarget(Outgoing outgoing, Throwable met, Throwable first) {
        return outgoing.cancellation().cause() == null
                && (first == met || first instanceof SocketTimeoutException)
                && !(first instanceof InterruptedIOException && !(first instanceof SocketTimeoutException));
    }

    /** Whether what came is not made of frames of HTTP/2. */
    static boolean isFraming(Throwable reason) {
        return String.valueOf(reason.getMessage()).matches("(frame_size|protocol|compression)_error.*");
    }

    static UpstreamException notHttp2(URI target, Throwable reason) {
        return new UpstreamException(
                Kind.CONNECT,
                "no connection to " + target + " could be made: what it speaks is not HTTP/2 (" + text(reason)
                        + "); protocol: http1 may fit",
                reason);
    }

    /** Whether the target has said that it has done nothing about the request (RFC 9113 §8.7). */
    static boolean wasNotProcessed(@Nullable Throwable reason) {
        return reason instanceof RetryableRequestException
                || (reason != null && ErrorCode.REFUSED_STREAM_ERROR.name().equalsIgnoreCase(reason.getMessage()));
    }

    /** Whether the target, or something on the way to it, has ended the connection. */
    static boolean isBrokenConnection(@Nullable Throwable reason) {
        return reason instanceof IOException
                && (reason instanceof EOFException
                        || reason instanceof ClosedChannelException
                        || reason instanceof java.net.SocketException
                        || reason.getClass() == IOException.class);
    }

    private static IOException unsendable(Throwable reason) {
        return new UnsendableRequestException("request: cannot be sent: " + text(reason), reason);
    }

    /** Whether something took too long. */
    static boolean isTimeout(Throwable reason) {
        return reason instanceof SocketTimeoutException
                || reason instanceof TimeoutException
                || reason instanceof RejectedExecutionException;
    }

    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String text(Throwable reason) {
        Throwable told = reason instanceof SSLException && reason.getCause() != null ? reason.getCause() : reason;
        String message = told.getMessage();
        return switch (root(told)) {
            case CertificateExpiredException expired -> "a certificate has expired: " + expired.getMessage();
            case CertificateNotYetValidException early -> "a certificate is not valid yet: " + early.getMessage();
            default ->
                switch (told) {
                    case EOFException e -> "it ended the stream";
                    case ClosedChannelException e -> "the connection was closed";
                    default -> message == null ? told.getClass().getSimpleName() : message;
                };
        };
    }

    /** What lies below says more than the JDK's {@code validity check failed}. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
