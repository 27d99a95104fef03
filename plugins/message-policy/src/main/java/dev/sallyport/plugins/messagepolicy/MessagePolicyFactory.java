package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Makes the step {@code message-policy}. */
@Type("message-policy")
@Doc("Holds the messages of WebSockets and event streams to rules: origin, size, kind, rate, schema, a script.")
public final class MessagePolicyFactory implements FilterFactory<MessagePolicyConfig> {

    @Override
    public Filter create(MessagePolicyConfig config, FilterContext context) {
        return new MessagePolicyFilter(config, context);
    }
}
