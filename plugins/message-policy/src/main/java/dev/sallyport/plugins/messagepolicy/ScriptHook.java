package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts.Isolation;
import dev.sallyport.api.message.Conversation;
import dev.sallyport.api.message.Message;
import dev.sallyport.api.message.Sender;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A script that is called for each message. It is a script like any other: the message is the JSON of a request, and what
 * becomes of it the JSON of the response.
 */
final class ScriptHook implements AutoCloseable {

    /** A message grows where its characters are escaped. */
    private static final long FACTOR = 8;

    private final Filter script;
    private final long most;

    private ScriptHook(Filter script, long most) {
        this.script = script;
        this.most = most;
    }

    static @Nullable ScriptHook of(MessagePolicyConfig config, FilterContext context) {
        String file = config.script();
        if (file == null) {
            return null;
        }
        Filter script = context.scripts().load(file, config.config(), config.limits(), Isolation.REQUEST, List.of());
        return new ScriptHook(script, FACTOR * config.maxMessage().bytes() + 1024);
    }

    /**
     * Asks what becomes of a message.
     *
     * @param handshake the request that opened the connection
     * @return null where it is dropped
     * @throws IOException where the script fails, or answers something else
     */
    @Nullable
    Message apply(Request handshake, Message message, Sender from, Conversation conversation) throws Exception {
        Request question = handshake
                .withMethod("POST")
                .withHeaders(handshake.headers().with("content-type", "application/json"))
                .withBody(Body.of(told(message, from).toString()));
        boolean[] passed = {false};
        Response answer = script.handle(question, _ -> {
            passed[0] = true;
            return Response.of(204, Headers.empty(), Body.empty());
        });
        if (passed[0] && answer.status() == 204) {
            return message;
        }
        if (answer.status() != 200) {
            answer.body().close();
            throw new IOException("the script answered " + answer.status() + " (expected: 200, with JSON)");
        }
        try {
            return read(MessageSchema.JSON.readTree(answer.body().text(most)), message, conversation);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("the script's answer is no message"); // its own words may be the message's
        }
    }

    private static ObjectNode told(Message message, Sender from) {
        ObjectNode json = MessageSchema.JSON.createObjectNode();
        json.put("from", from.name().toLowerCase(Locale.ROOT));
        switch (message) {
            case Message.Text text -> json.put("kind", "text").put("text", text.content());
            case Message.Binary binary ->
                json.put("kind", "binary").put("bytes", Base64.getEncoder().encodeToString(binary.bytes()));
            case Message.Event event -> {
                json.put("kind", "event").put("text", event.data());
                json.put("event", event.event()).put("id", event.id());
            }
            case Message.Ping _, Message.Close _ -> throw new IllegalArgumentException("a control frame");
        }
        return json;
    }

    private static @Nullable Message read(JsonNode answer, Message message, Conversation conversation)
            throws IOException {
        if (answer.isNull()) {
            return null;
        }
        if (answer.has("close")) {
            JsonNode close = answer.path("close");
            conversation.close(
                    close.path("code").asInt(1008), close.path("reason").asString(""));
            return null;
        }
        if (message instanceof Message.Event event && answer.path("text").isString()) {
            return new Message.Event(
                    answer.path("text").asString(), text(answer, "event"), text(answer, "id"), event.retry());
        }
        if (answer.path("text").isString()) {
            return Message.text(answer.path("text").asString());
        }
        if (answer.path("bytes").isString()) {
            return Message.binary(
                    Base64.getDecoder().decode(answer.path("bytes").asString()));
        }
        throw new IOException(
                "the script's answer is no message (expected: null, {close: …}, {text: …} or {bytes: …})");
    }

    private static @Nullable String text(JsonNode answer, String name) {
        return answer.path(name).isString() ? answer.path(name).asString() : null;
    }

    @Override
    public void close() {
        script.close();
    }
}
