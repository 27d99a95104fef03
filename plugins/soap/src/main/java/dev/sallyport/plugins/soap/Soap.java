package dev.sallyport.plugins.soap;

import dev.sallyport.xml.XmlInput;
import org.jspecify.annotations.Nullable;

/** The versions of SOAP. */
enum Soap {
    /** SOAP 1.1, W3C Note of 8 May 2000. */
    V1_1(
            "http://schemas.xmlsoap.org/soap/envelope/",
            "http://schemas.xmlsoap.org/wsdl/soap/",
            "text/xml",
            "http://schemas.xmlsoap.org/soap/actor/next"),

    /** SOAP 1.2, W3C Recommendation of 27 April 2007. */
    V1_2(
            "http://www.w3.org/2003/05/soap-envelope",
            "http://schemas.xmlsoap.org/wsdl/soap12/",
            "application/soap+xml",
            "http://www.w3.org/2003/05/soap-envelope/role/next");

    private final String envelope;
    private final String binding;
    private final String mediaType;
    private final String next;

    Soap(String envelope, String binding, String mediaType, String next) {
        this.envelope = envelope;
        this.binding = binding;
        this.mediaType = mediaType;
        this.next = next;
    }

    /** The namespace of its envelopes. */
    String envelope() {
        return envelope;
    }

    /** The namespace of its bindings in a WSDL. */
    String binding() {
        return binding;
    }

    String mediaType() {
        return mediaType;
    }

    /** Whether the block of a header at that start tag is for who receives the message, and not for others on its way. */
    boolean isForUs(XmlInput input) {
        String role = input.attribute(envelope, this == V1_1 ? "actor" : "role");
        return role == null
                || role.isBlank()
                || role.strip().equals(next)
                || role.strip().equals(V1_2.envelope + "/role/ultimateReceiver");
    }

    /** The version of that namespace; null for none. */
    static @Nullable Soap ofEnvelope(String namespace) {
        for (Soap version : values()) {
            if (version.envelope.equals(namespace)) {
                return version;
            }
        }
        return null;
    }
}
