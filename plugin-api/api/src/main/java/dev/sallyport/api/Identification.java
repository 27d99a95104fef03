package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How a step that knows callers says who one is: to later steps, to the upstream by a header, and to people who look at
 * traces. It is made once, in {@code create}, and used by any thread.
 *
 * <ol>
 *   <li>The header is the step's own: what a client sends of that name never reaches the upstream.
 *   <li>A request without a credential is nobody's. Only where the configuration names a consumer for such requests are
 *       they that consumer's, or his whom an earlier step has named. What carries a credential that is not good is never
 *       passed on this way: the step refuses it.
 * </ol>
 *
 * {@snippet :
 * Identification identification = Identification.of(context, config.consumerHeader(), config.anonymous());
 * …
 * if (password == null) {
 *     Response passed = identification.proceedWithout(request, next);
 *     return passed != null ? passed : missing.toResponse(request);
 * }
 * return identification.proceed(request.withoutHeader("authorization"), consumer, next);
 * }
 */
public final class Identification {

    private final @Nullable String header;
    private final @Nullable Consumer anonymous;

    private Identification(@Nullable String header, @Nullable Consumer anonymous) {
        this.header = header;
        this.anonymous = anonymous;
    }

    /**
     * Makes it from two keys that every such step has.
     *
     * @param context of the step, while it is created
     * @param consumerHeader the request header that tells the upstream the consumer's name; {@code none} for no such header
     * @param anonymous the configured consumer whose requests without a credential are; null refuses them
     * @throws ConfigException where the header's name is none, or no consumer has that name
     */
    public static Identification of(FilterContext context, String consumerHeader, @Nullable String anonymous) {
        String header = consumerHeader.equals("none") ? null : consumerHeader;
        if (header != null) {
            if (!isField(header, "")) {
                throw new ConfigException(
                        "consumerHeader", "'" + consumerHeader + "' (expected: the name of a header, or none)");
            }
            context.ownHeader(header);
        }
        Consumer consumer = anonymous == null ? null : context.consumer(anonymous);
        if (anonymous != null && consumer == null) {
            throw new ConfigException(
                    "anonymous", anonymous + " (expected: the name of a consumer); add it under consumers");
        }
        Identification made = new Identification(header, consumer);
        if (consumer != null) {
            made.check(consumer);
        }
        return made;
    }

    /**
     * Refuses a consumer whose name the header cannot tell.
     *
     * @throws ConfigException at {@code consumerHeader}
     */
    public void check(Consumer consumer) {
        if (header != null && !isField(header, consumer.name())) {
            throw new ConfigException(
                    "consumerHeader",
                    header + " cannot tell the name of consumer " + consumer.name()
                            + " (expected: names of ISO 8859-1 characters, or consumerHeader: none)");
        }
    }

    /** Says that the request is that consumer's, and passes it on; a name that the header cannot tell, without the header. */
    public Response proceed(Request request, Consumer consumer, Next next) throws Exception {
        request.exchange().note("consumer", consumer.name());
        request.exchange().authenticated(consumer);
        Request passed = request;
        if (header != null) {
            passed = isField(header, consumer.name())
                    ? request.withHeader(header, consumer.name())
                    : request.withoutHeader(header);
        }
        return next.proceed(passed);
    }

    /**
     * Passes on a request that carries no credential, where the configuration says whose it is.
     *
     * @return null where it does not: the step refuses it
     */
    public @Nullable Response proceedWithout(Request request, Next next) throws Exception {
        if (anonymous == null) {
            return null;
        }
        request.exchange().note("anonymous", true);
        return request.exchange().consumer() == null ? proceed(request, anonymous, next) : next.proceed(request);
    }

    private static boolean isField(String name, String value) {
        try {
            Headers.of(name, value);
            return true;
        } catch (IllegalArgumentException notAField) {
            return false;
        }
    }
}
