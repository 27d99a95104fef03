package dev.sallyport.kernel.upstream;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** Says what a failure of Jetty's client means. */
final class Failures {

    private Failures() {}

    /** A failure before the head of the response. */
    static IOException before(URI target, boolean connected, Throwable reason) {
        if (!connected) {
            return reason instanceof HttpException
                    ? unsendable(reason)
                    : new UpstreamException(
                            Kind.CONNECT, "no connection to " + target + " could be made: " + text(reason), reason);
        }
        if (reason instanceof HttpResponseException) {
            Throwable cause = reason.getCause();
            if (cause instanceof HttpException cutOff && "Early EOF".equals(cutOff.getReason())) {
                return reset(target, cause);
            }
            return new UpstreamException(
                    Kind.PROTOCOL,
                    "what " + target + " sent is not HTTP: " + text(cause == null ? reason : cause),
                    reason);
        }
        if (reason instanceof HttpException || reason instanceof IllegalArgumentException) {
            return unsendable(reason);
        }
        if (isTimeout(reason)) {
            return new UpstreamException(
                    Kind.RESPONSE_TIMEOUT, target + " sent no response in time: " + text(reason), reason);
        }
        return reset(target, reason);
    }

    private static UpstreamException reset(URI target, Throwable reason) {
        return new UpstreamException(
                Kind.RESET, target + " closed the connection before its response: " + text(reason), reason);
    }

    /** A failure to read the body of the request, as it is to be thrown. */
    static IOException ofBody(Throwable reason) {
        switch (reason) {
            case IOException e -> {
                return e;
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> {
                return new IOException("the request's body could not be read", reason);
            }
        }
    }

    /** A failure within the body of the response. */
    static IOException within(URI target, long bytes, Throwable reason) {
        if (reason instanceof ClientGoneException || reason instanceof UpstreamException || reason instanceof SocketTimeoutException) {
            return (IOException) reason;
        }
        return new IOException(
                "the response of " + target + " broke off after " + bytes + " bytes: " + text(reason), reason);
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

    private static String text(Throwable reason) {
        Throwable told = reason instanceof SSLException && reason.getCause() != null ? reason.getCause() : reason;
        String message = told.getMessage();
        return switch (told) {
            case EOFException e -> "it ended the stream";
            case ClosedChannelException e -> "the connection was closed";
            default -> message == null ? told.getClass().getSimpleName() : message;
        };
    }
}
