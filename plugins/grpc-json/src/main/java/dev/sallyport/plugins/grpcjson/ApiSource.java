package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the description of services comes from. Thread-safe. */
interface ApiSource {

    /**
     * What is known now.
     *
     * @param next the way to the services, where they are to be asked
     * @throws UnavailableException where nothing is known yet
     */
    Api get(Request request, Next next) throws UnavailableException, InterruptedException;

    /** What is known without asking anybody; null where nothing is. */
    @Nullable
    Api known();

    /** What people who run the gateway may see. */
    Map<String, ?> state();

    /** Nothing is known of the services yet; its message says why. */
    final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1;

        UnavailableException(String message) {
            super(message);
        }
    }
}
