package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Json;
import dev.sallyport.api.Request;
import dev.sallyport.api.message.Conversation;
import dev.sallyport.api.message.Message;
import dev.sallyport.api.message.MessageFilter;
import dev.sallyport.api.message.Sender;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Operations that come over a WebSocket: {@code subscribe} of the protocol graphql-transport-ws, {@code start} of the older
 * one. One that does not pass is answered by an error of its id, and the others go on.
 */
final class Subscriptions implements MessageFilter {

    private static final int BAD_REQUEST = 4400;

    /** Those of both protocols that ask for nothing. */
    private static final Set<String> OTHERS =
            Set.of("connection_init", "ping", "pong", "complete", "stop", "connection_terminate");

    private static final List<String> ENVELOPE = List.of("id", "type", "payload");

    private final GraphqlFilter step;
    private final Request handshake;

    Subscriptions(GraphqlFilter step, Request handshake) {
        this.step = step;
        this.handshake = handshake;
    }

    @Override
    public @Nullable Message message(Message message, Sender from, Conversation conversation) {
        if (from == Sender.UPSTREAM) {
            return message;
        }
        String id = null;
        String type = "";
        try {
            if (!(message instanceof Message.Text text)
                    || !(Call.read("the message", text.bytes()) instanceof ObjectNode json)) {
                return malformed(conversation);
            }
            Call.exact(json, ENVELOPE);
            type = json.path("type").asString("");
            if (OTHERS.contains(type)) {
                return message;
            }
            JsonNode named = json.path("id");
            if (!named.isString() || !(type.equals("subscribe") || type.equals("start"))) {
                return malformed(conversation);
            }
            id = named.asString();
            Call call = Call.of(json.path("payload"));
            Call judged = step.judge(call, handshake);
            if (judged.equals(call)) {
                return message;
            }
            json.set("payload", judged.json());
            return Message.text(json.toString());
        } catch (RefusedException refusal) {
            if (id == null) {
                return malformed(conversation);
            }
            conversation.send(Sender.UPSTREAM, Message.text(error(id, type, refusal)));
            return null;
        }
    }

    private @Nullable Message malformed(Conversation conversation) {
        step.malformed();
        conversation.close(BAD_REQUEST, "not a message of the subprotocol");
        return null;
    }

    private static String error(String id, String type, RefusedException refusal) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("type", "error");
        Map<String, Object> error = Answers.error(refusal);
        message.put("payload", type.equals("start") ? error : List.of(error));
        return Json.write(message);
    }
}
