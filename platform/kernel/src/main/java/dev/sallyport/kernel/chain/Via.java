package dev.sallyport.kernel.chain;

import dev.sallyport.api.Headers;

/** Says in messages that they passed through here (RFC 9110 §7.6.3). */
final class Via {

    private Via() {}

    /** @param version the protocol version in which the message was received: {@code 1.1} */
    static Headers add(Headers headers, String version) {
        return headers.withAdded("Via", version + " sallyport");
    }
}
