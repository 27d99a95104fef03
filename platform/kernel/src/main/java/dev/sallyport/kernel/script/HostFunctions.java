package dev.sallyport.kernel.script;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's functions that our JavaScript calls; scripts themselves never hold one. None throws into JavaScript, where
 * a host's exception would show its class and message: what fails is told to the call, which ends with it.
 */
final class HostFunctions {

    private static final int MAX_LOG_CHARS = 8192;
    /** Stands for an answer where there is none; the same number stands in messages.js. */
    private static final Integer REFUSED = -1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Script script;
    private final Map<String, Object> functions = new HashMap<>();
    private @Nullable ScriptCall call;
    /** Why the last change of a header was refused. */
    private String refusal = "";

    HostFunctions(Script script) {
        this.script = script;
        define("url", arguments -> call == null ? "http://localhost/" : call.url());
        define("empty", arguments -> call().isEmpty(arguments[0].asInt()));
        define("emptyFields", arguments -> new Fields(Headers.empty(), true));
        define("fields", arguments -> new Fields(call().headers(arguments[0].asInt()), false));
        define("sameFields", arguments -> fields(arguments).same());
        define("copyFields", arguments -> new Fields(fields(arguments).headers(), true));
        define("field", arguments -> {
            String name = arguments[1].asString();
            String value = fields(arguments).get(name);
            return value == null && isRefused(() -> Headers.of(name, "")) ? REFUSED : value;
        });
        define("hasField", arguments -> {
            String name = arguments[1].asString();
            boolean found = fields(arguments).has(name);
            return !found && isRefused(() -> Headers.of(name, "")) ? REFUSED : (Object) found;
        });
        define(
                "setField",
                arguments -> changed(() -> fields(arguments).set(arguments[1].asString(), arguments[2].asString())));
        define(
                "addField",
                arguments -> changed(() -> fields(arguments).add(arguments[1].asString(), arguments[2].asString())));
        define(
                "removeField",
                arguments -> changed(() -> {
                    String name = arguments[1].asString();
                    Headers.of(name, "");
                    fields(arguments).remove(name);
                }));
        define("bodyChanged", arguments -> {
            fields(arguments).remove("content-encoding");
            fields(arguments).remove("content-length");
            return null;
        });
        define("lines", arguments -> fields(arguments).lines(arguments[1].isNull() ? null : arguments[1].asString()));
        define("refusal", arguments -> refusal);
        define("next", arguments -> {
            Value target = arguments[2];
            call().asked(new Question.Proceed(
                    arguments[0].asInt(),
                    arguments[1].asString(),
                    target.isNull() ? null : target.asString(),
                    Told.read(arguments, 3)));
            return null;
        });
        define(
                "read",
                arguments -> call().askedToRead(new Question.Read(
                        arguments[0].asInt(), arguments[1].asInt(), arguments[2].asBoolean())));
        define(
                "fetch",
                arguments -> call().askedToFetch(new Question.Fetch(
                        arguments[0].asInt(),
                        arguments[1].asString(),
                        arguments[2].asString(),
                        Told.read(arguments, 3))));
        define("finish", arguments -> {
            call().finished(arguments[0].asInt(), Told.read(arguments, 1));
            return null;
        });
        define("fail", arguments -> {
            call().failed(arguments[0], arguments[1].asInt());
            return null;
        });
        define("fact", arguments -> fact(call().exchange(), arguments[0].asString()));
        define("elapsed", arguments -> call().exchange().elapsed().toNanos() / 1e6);
        define("note", arguments -> {
            if (call != null) {
                call.note(arguments[0].asString(), plain(arguments[1]));
            }
            return null;
        });
        define("log", this::log);
        define("encode", arguments -> ByteBuffer.wrap(arguments[0].asString().getBytes(StandardCharsets.UTF_8)));
        define("decode", HostFunctions::decode);
        define("atob", HostFunctions::atob);
        define("btoa", HostFunctions::btoa);
        define("uuid", arguments -> UUID.randomUUID().toString());
        define("random", arguments -> {
            byte[] bytes = new byte[arguments[0].asInt()];
            RANDOM.nextBytes(bytes);
            return ByteBuffer.wrap(bytes);
        });
        define("digest", HostFunctions::digest);
        define("hmac", HostFunctions::hmac);
        define("same", arguments -> MessageDigest.isEqual(bytes(arguments, 0), bytes(arguments, 3)));
    }

    /** All of them, as JavaScript sees them. */
    ProxyObject all() {
        return ProxyObject.fromMap(functions);
    }

    /** The call that they work for from now on; null for none. */
    void serve(@Nullable ScriptCall next) {
        call = next;
    }

    private void define(String name, ProxyExecutable function) {
        functions.put(name, (ProxyExecutable) arguments -> {
            try {
                return function.execute(arguments);
            } catch (RuntimeException e) {
                if (call != null) {
                    call.broken(e);
                }
                return null;
            }
        });
    }

    private ScriptCall call() {
        if (call == null) {
            throw new IllegalStateException("no call is under way");
        }
        return call;
    }

    private static Fields fields(Value... arguments) {
        return (Fields) arguments[0].asProxyObject();
    }

    /** Does it, and says whether that was refused. */
    private @Nullable Object changed(Runnable change) {
        return isRefused(change) ? REFUSED : null;
    }

    private boolean isRefused(Runnable change) {
        try {
            change.run();
            return false;
        } catch (IllegalArgumentException e) {
            refusal = String.valueOf(e.getMessage());
            return true;
        }
    }

    private static @Nullable Object fact(Exchange exchange, String name) {
        return switch (name) {
            case "id" -> exchange.id();
            case "route" -> exchange.route();
            case "client" -> exchange.client().getHostAddress();
            case "scheme" -> exchange.scheme();
            case "protocol" -> exchange.protocol();
            case "parameters" -> JsonText.of(exchange.parameters());
            case "consumer" -> consumer(exchange.consumer());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String consumer(@Nullable Consumer consumer) {
        if (consumer == null) {
            return "null";
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", consumer.name());
        json.put("groups", consumer.groups());
        json.put("tags", consumer.tags());
        return JsonText.of(json);
    }

    private static Object plain(Value value) {
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isNumber()) {
            return value.fitsInLong() ? (Object) value.asLong() : (Object) value.asDouble();
        }
        return value.asString();
    }

    private @Nullable Object log(Value... arguments) {
        if (call != null && call.isQuiet()) {
            return null;
        }
        System.Logger.Level level = switch (arguments[0].asString()) {
            case "debug" -> System.Logger.Level.DEBUG;
            case "warn" -> System.Logger.Level.WARNING;
            case "error" -> System.Logger.Level.ERROR;
            default -> System.Logger.Level.INFO;
        };
        if (script.log().isLoggable(level)) {
            String text = arguments[1].asString();
            String cut = text.length() <= MAX_LOG_CHARS ? text : text.substring(0, MAX_LOG_CHARS) + "…";
            String request = call == null ? "" : " [" + call.exchange().id() + "]";
            script.log().log(level, script.name(), script.name() + request + ": " + cut);
        }
        return null;
    }

    private static @Nullable Object decode(Value... arguments) {
        byte[] bytes = bytes(arguments, 0);
        if (!arguments[3].asBoolean()) {
            return Contents.text(bytes);
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return Contents.text(bytes);
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The first argument is the algorithm by its name in Java. */
    private static Object digest(Value... arguments) {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance(arguments[0].asString()).digest(bytes(arguments, 1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Object hmac(Value... arguments) {
        try {
            String algorithm = arguments[0].asString();
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(bytes(arguments, 1), algorithm));
            return ByteBuffer.wrap(mac.doFinal(bytes(arguments, 4)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A part of an ArrayBuffer: buffer, offset and length from that argument on. */
    private static byte[] bytes(Value[] arguments, int first) {
        return Told.bytes(arguments[first], arguments[first + 1].asLong(), arguments[first + 2].asInt());
    }

    private static @Nullable Object atob(Value... arguments) {
        String text = arguments[0].asString().replaceAll("[\\t\\n\\f\\r ]", "");
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Object btoa(Value... arguments) {
        String text = arguments[0].asString();
        if (text.chars().anyMatch(c -> c > 0xff)) {
            return null;
        }
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
