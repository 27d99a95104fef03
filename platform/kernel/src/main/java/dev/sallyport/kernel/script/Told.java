package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a script says of a message that it gives to the gateway: only what differs from the one that it got.
 *
 * @param source the message that it got and that this one is made of; -1 for one that it made itself
 * @param content what has become of the body
 * @param body the body that the script gives, text or bytes; else empty
 * @param stream the message whose body this one takes over as it flows
 * @param headers all fields; null where they are those of the source
 */
record Told(
        int source,
        Content content,
        Body body,
        int stream,
        @Nullable Headers headers) {

    private static final Content[] CONTENTS = Content.values();

    /** What has become of a body, in the order of the numbers in messages.js. */
    enum Content {
        UNCHANGED,
        EMPTY,
        TEXT,
        BYTES,
        STREAM
    }

    /** Reads source, kind, data and headers, which start at that argument; inside the script's context. */
    static Told read(Value[] arguments, int first) {
        Content content = CONTENTS[arguments[first + 1].asInt()];
        Value data = arguments[first + 2];
        Value headers = arguments[first + 3];
        return new Told(
                arguments[first].asInt(),
                content,
                switch (content) {
                    case TEXT -> Body.of(data.asString());
                    case BYTES -> Body.of(bytes(data, 0, (int) data.getBufferSize()));
                    case UNCHANGED, EMPTY, STREAM -> Body.empty();
                },
                content == Content.STREAM ? data.asInt() : -1,
                headers.isNull() ? null : ((Fields) headers.asProxyObject()).told());
    }

    /**
     * Checks the limit of what a script makes.
     *
     * @throws ScriptException where it is too large
     */
    void check(Script script) {
        if (body.length() > script.limits().output().bytes()) {
            throw new ScriptException(
                    script.name(), "body: more than " + script.limits().output() + " (limits.output)", List.of());
        }
    }

    /** Copies a part of an ArrayBuffer. */
    static byte[] bytes(Value buffer, long offset, int length) {
        byte[] bytes = new byte[length];
        buffer.readBuffer(offset, bytes, 0, length);
        return bytes;
    }
}
