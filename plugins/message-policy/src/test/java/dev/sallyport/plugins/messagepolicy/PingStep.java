package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.message.Message;
import dev.sallyport.api.message.Messages;
import dev.sallyport.api.message.Sender;

/** The step that docs/guides/messages.md shows. */
final class PingStep {

    private PingStep() {}

    static Filter create(FilterContext context) {
        Messages messages = Messages.of(context, 64 << 10);
        return (request, next) -> messages.handle(request, next, (response, conversation) -> (message, from, same) -> {
            if (message instanceof Message.Text text && text.content().equals("ping")) {
                conversation.send(Sender.UPSTREAM, Message.text("pong"));
                return null;
            }
            return message;
        });
    }
}
