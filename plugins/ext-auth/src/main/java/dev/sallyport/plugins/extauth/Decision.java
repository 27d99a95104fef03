package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;

/** What a service says about a request. Its headers are those that the settings name. */
sealed interface Decision {

    /** Whether it may be kept for other requests. */
    boolean isKeepable();

    /**
     * It may pass.
     *
     * @param toUpstream what the upstream is told
     * @param toClient what the client is told beside the response
     */
    record Allowed(Headers toUpstream, Headers toClient, boolean isKeepable) implements Decision {}

    /**
     * It may not; this is the answer.
     *
     * @param status 300 to 599
     */
    record Refused(int status, Headers headers, Body body, boolean isKeepable) implements Decision {}
}
