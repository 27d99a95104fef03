package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Something that the people who run the gateway may ask a step: how much it has seen of what, over which time. A step lists
 * its own by {@link Filter#queries}; what is short and has no parameters is better shown by {@link Filter#state}.
 *
 * {@snippet :
 * new Query("top", "The callers that come most often.", List.of(new Query.Parameter("limit", "How many.")), given -> Map.of("top", …));
 * }
 *
 * @param name what it is called, in kebab-case
 * @param doc what it answers, in one sentence
 * @param parameters what may be given; anything else is refused before it is asked
 * @param action answers it
 */
public record Query(String name, String doc, List<Parameter> parameters, Action action) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Copies the list. */
    public Query {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: " + name + " (expected: kebab-case)");
        }
        parameters = List.copyOf(parameters);
    }

    /**
     * Something that may be given with a question.
     *
     * @param name in camelCase; neither {@code step} nor {@code query}
     * @param doc what it is, and what counts where it is not given, in one sentence
     */
    public record Parameter(String name, String doc) {

        private static final Pattern FORM = Pattern.compile("[a-z][a-zA-Z0-9]*");

        public Parameter {
            if (!FORM.matcher(name).matches() || name.equals("step") || name.equals("query")) {
                throw new IllegalArgumentException("parameter: " + name + " (expected: camelCase, not step or query)");
            }
        }
    }

    /** A step cannot answer just now, but may later: it answers others, or something that it needs is away. */
    public static final class BusyException extends Exception {

        private static final long serialVersionUID = 1;

        /** @param reason why, in words for whoever asks */
        public BusyException(String reason) {
            super(reason);
        }
    }

    /**
     * Answers. Called seldom, by any thread; it changes nothing. Where it takes longer than the gateway waits, its thread is
     * interrupted: it ends then, since nobody has its answer any more.
     */
    @FunctionalInterface
    public interface Action {

        /**
         * Answers.
         *
         * @param given the parameters that were given, by their names
         * @return an object of JSON shapes, see {@link Json#write}, of at most a few megabytes; no secrets
         * @throws ConfigException where a parameter is not what it should be: it names the parameter and says what is
         *     expected
         * @throws BusyException where it cannot answer just now
         */
        Map<String, ?> answer(Map<String, String> given) throws Exception;
    }
}
