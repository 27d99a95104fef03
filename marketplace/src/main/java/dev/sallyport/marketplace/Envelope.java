package dev.sallyport.marketplace;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A DSSE envelope: a payload, its type, and signatures over both. That it could be read says nothing about who signed it,
 * so the payload is given out by {@link TrustStore} only. Immutable.
 */
public final class Envelope {

    /** The most bytes that an envelope may have. */
    public static final int MOST_BYTES = 64 << 10;

    private static final int MOST_SIGNATURES = 16;
    private static final JsonMapper JSON = new JsonMapper();

    private final String payloadType;
    private final byte[] payload;
    private final List<Signed> signatures;

    /** One signature. */
    static final class Signed {

        private final String keyId;
        private final byte[] bytes;

        /** @param keyId a hint, which nobody vouches for; {@code ""} for none */
        Signed(String keyId, byte[] bytes) {
            this.keyId = keyId;
            this.bytes = bytes;
        }

        String keyId() {
            return keyId;
        }

        byte[] bytes() {
            return bytes.clone();
        }
    }

    Envelope(String payloadType, byte[] payload, List<Signed> signatures) {
        this.payloadType = payloadType;
        this.payload = payload.clone();
        this.signatures = List.copyOf(signatures);
    }

    /**
     * Reads an envelope. Fields that the specification does not name are passed over, as it asks.
     *
     * @throws MalformedException where it is too large, no JSON, has a field twice, lacks one, or has too many signatures
     */
    public static Envelope parse(byte[] json) throws MalformedException {
        return parse(json, MOST_BYTES);
    }

    /**
     * The same, of another size.
     *
     * @param most how many bytes it may have
     */
    public static Envelope parse(byte[] json, int most) throws MalformedException {
        if (json.length > most) {
            throw new MalformedException("has more than " + most + " bytes");
        }
        JsonNode root = StrictJson.object(json);
        JsonNode list = root.path("signatures");
        if (!list.isArray() || list.isEmpty()) {
            throw new MalformedException("has no signatures");
        }
        if (list.size() > MOST_SIGNATURES) {
            throw new MalformedException(
                    "has " + list.size() + " signatures (expected: at most " + MOST_SIGNATURES + ")");
        }
        List<Signed> signatures = new ArrayList<>();
        for (JsonNode each : list) {
            signatures.add(new Signed(each.path("keyid").asString(""), base64(StrictJson.text(each, "sig"), "sig")));
        }
        return new Envelope(
                StrictJson.text(root, "payloadType"), base64(StrictJson.text(root, "payload"), "payload"), signatures);
    }

    /** Standard and URL-safe base64: readers must take both. */
    private static byte[] base64(String text, String field) throws MalformedException {
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("has no base64 in the field " + field);
        }
    }

    /** What is signed of a payload and its type: their lengths keep the one from being taken for the other. */
    static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(type);
        bytes.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    byte[] signedBytes() {
        return preAuthenticationEncoding(payloadType, payload);
    }

    String payloadType() {
        return payloadType;
    }

    /** The payload, which means nothing until a signature over {@link #signedBytes} is found good. */
    byte[] payload() {
        return payload.clone();
    }

    List<Signed> signatures() {
        return signatures;
    }

    /** The same with those signatures. */
    Envelope withSignatures(List<Signed> changed) {
        return new Envelope(payloadType, payload, changed);
    }

    /** Its text, which {@link #parse} reads. */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("payloadType", payloadType);
        root.put("payload", Base64.getEncoder().encodeToString(payload));
        ArrayNode list = root.putArray("signatures");
        for (Signed each : signatures) {
            list.addObject()
                    .put("keyid", each.keyId())
                    .put("sig", Base64.getEncoder().encodeToString(each.bytes));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
