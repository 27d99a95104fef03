package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;

/** Tells each side that the gateway stands between (RFC 9110 §7.6.3), under one name that says nothing about the host. */
public final class Via {

    private static final String NAME = "Via";
    private static final String PSEUDONYM = "sallyport";
    private static final String HTTP_1_1 = "1.1 " + PSEUDONYM;

    private Via() {}

    /**
     * The fields with the gateway put last in {@code Via}.
     *
     * @param protocol by which the message came, such as {@code HTTP/1.1} or {@code HTTP/2}
     */
    public static Headers added(Headers headers, String protocol) {
        return headers.withAdded(NAME, entry(protocol));
    }

    static String entry(String protocol) {
        if (protocol.equals("HTTP/1.1")) {
            return HTTP_1_1;
        }
        String version = protocol.startsWith("HTTP/") ? protocol.substring(5) : protocol;
        return (version.indexOf('.') < 0 ? version + ".0" : version) + " " + PSEUDONYM;
    }
}
