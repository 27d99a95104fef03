package dev.sallyport.plugins.soap;

import org.jspecify.annotations.Nullable;

/** The versions of SOAP. */
enum Soap {
    /** SOAP 1.1, W3C Note of 8 May 2000. */
    V1_1("http://schemas.xmlsoap.org/soap/envelope/", "http://schemas.xmlsoap.org/wsdl/soap/", "text/xml"),

    /** SOAP 1.2, W3C Recommendation of 27 April 2007. */
    V1_2("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/wsdl/soap12/", "application/soap+xml");

    private final String envelope;
    private final String binding;
    private final String mediaType;

    Soap(String envelope, String binding, String mediaType) {
        this.envelope = envelope;
        this.binding = binding;
        this.mediaType = mediaType;
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
