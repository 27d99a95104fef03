package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.message.Conversation;
import dev.sallyport.api.message.Message;
import dev.sallyport.api.message.MessageFilter;
import dev.sallyport.api.message.Sender;
import dev.sallyport.plugins.messagepolicy.MessagePolicyConfig.Breach;
import dev.sallyport.plugins.messagepolicy.MessagePolicyConfig.Kind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules for one connection. */
final class Policy implements MessageFilter {

    private static final int GOING_AWAY = 1001;
    private static final int UNSUPPORTED = 1003;
    private static final int POLICY = 1008;

    private final MessagePolicyFilter step;
    private final MessagePolicyConfig config;
    private final Request handshake;
    private final Map<Sender, Bucket> buckets = new EnumMap<>(Sender.class);
    private final Lifetime lifetime;

    Policy(MessagePolicyFilter step, Request handshake, Conversation conversation) {
        this.step = step;
        config = step.config();
        this.handshake = handshake;
        Rate rate = config.rate();
        if (rate != null) {
            config.from().forEach(sender -> buckets.put(sender, new Bucket(rate, step.nanos())));
        }
        lifetime = new Lifetime(step, verdict -> {
            step.counts().add(Sender.CLIENT, verdict);
            conversation.close(GOING_AWAY, verdict == Verdict.IDLE ? "idle" : "open for too long");
        });
        step.counts().open.increment();
    }

    @Override
    public @Nullable Message message(Message message, Sender from, Conversation conversation) throws Exception {
        lifetime.touched();
        if (!config.from().contains(from)) {
            step.counts().add(from, Verdict.PASSED);
            return message;
        }
        Verdict breach = null;
        String why = "";
        int code = POLICY;
        if (!isAllowed(message)) {
            breach = Verdict.KIND;
            why = message instanceof Message.Text ? "text is not taken" : "only text is taken";
            code = UNSUPPORTED;
        } else if (isTooFast(from)) {
            breach = Verdict.RATE;
            why = "too many messages";
        } else {
            String wrong = wrong(message);
            if (wrong != null) {
                breach = Verdict.SCHEMA;
                why = wrong;
            }
        }
        if (breach != null) {
            step.counts().add(from, breach);
            step.log(handshake, from, breach, why);
            if (config.onBreach() == Breach.CLOSE) {
                conversation.close(code, why);
            }
            if (config.onBreach() != Breach.REPORT) {
                return null;
            }
        }
        return scripted(message, from, conversation, breach);
    }

    private @Nullable Message scripted(
            Message message, Sender from, Conversation conversation, @Nullable Verdict breach) throws Exception {
        ScriptHook hook = step.hook();
        Message result = hook == null ? message : hook.apply(handshake, message, from, conversation);
        if (result == null) {
            step.counts().add(from, Verdict.SCRIPT);
        } else if (breach == null) {
            step.counts().add(from, result.equals(message) ? Verdict.PASSED : Verdict.CHANGED);
        }
        return result;
    }

    private boolean isAllowed(Message message) {
        return switch (message) {
            case Message.Text _ -> config.kinds().contains(Kind.TEXT);
            case Message.Binary _ -> config.kinds().contains(Kind.BINARY);
            default -> true;
        };
    }

    private boolean isTooFast(Sender from) {
        Bucket bucket = buckets.get(from);
        return bucket != null && !bucket.take(step.nanos());
    }

    private @Nullable String wrong(Message message) {
        MessageSchema schema = step.schema();
        if (schema == null) {
            return null;
        }
        return switch (message) {
            case Message.Text text -> schema.check(text.content());
            case Message.Event event -> schema.check(event.data());
            default -> null;
        };
    }

    @Override
    public Message.@Nullable Ping ping(Message.Ping ping, Sender from, Conversation conversation) {
        lifetime.touched();
        if (!isTooFast(from)) {
            return ping;
        }
        step.counts().add(from, Verdict.RATE);
        if (config.onBreach() == Breach.CLOSE) {
            conversation.close(POLICY, "too many messages");
        }
        return config.onBreach() == Breach.REPORT ? ping : null;
    }

    @Override
    public void broken(Sender by, Message.Close told) {
        step.counts().add(by, told.code() == 1009 ? Verdict.SIZE : Verdict.PROTOCOL);
        step.log(handshake, by, told.code() == 1009 ? Verdict.SIZE : Verdict.PROTOCOL, told.reason());
    }

    @Override
    public void ended() {
        lifetime.ended();
        step.counts().open.decrement();
    }
}
