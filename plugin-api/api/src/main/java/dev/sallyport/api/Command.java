package dev.sallyport.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that the people who run the gateway may have a step do while it serves: force a circuit open, begin a
 * maintenance, forget what is kept. A step lists its own by {@link Filter#commands}.
 *
 * {@snippet :
 * new Command("reset", "Forgets what was counted; of one caller, or of all.", on -> "forgot " + counts.reset(on));
 * }
 *
 * @param name what it is called, in kebab-case
 * @param doc what it does, in one sentence
 * @param action does it
 */
public record Command(String name, String doc, Action action) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    public Command {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: " + name + " (expected: kebab-case)");
        }
    }

    /** Does what a command is for. Called seldom, by any thread, with a time limit. */
    @FunctionalInterface
    public interface Action {

        /**
         * Does it.
         *
         * @param on the part of the step's state that is meant, by the name under which {@link Filter#state} shows it; null
         *     for all of it
         * @return what has become of it, in one sentence without a full stop
         * @throws IllegalArgumentException where there is no such part, or it cannot be done; the message is shown
         */
        String run(@Nullable String on);
    }
}
