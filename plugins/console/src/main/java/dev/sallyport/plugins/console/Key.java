package dev.sallyport.plugins.console;

import java.util.Locale;

/**
 * What is counted by itself.
 *
 * @param name of the thing; of two things that belong together, that where requests come from
 * @param to where they go to; empty for one thing
 */
record Key(By by, String name, String to) {

    /** Everything. */
    static final Key ALL = new Key(By.ALL, "all", "");

    /** By what is counted. */
    enum By {
        ALL(1),
        STATUS(6),
        ROUTE(60),
        UPSTREAM(30),
        CONSUMER(30),
        /** Of a listener's requests, those that met a route. */
        LISTENER_ROUTE(0),
        /** Of a route's requests, the attempts at an upstream. */
        ROUTE_UPSTREAM(0),
        /** Of an upstream's attempts, those at a target. */
        UPSTREAM_TARGET(0),
        /** Of a place's steps, what ran; an error is a failure of the step itself. */
        STEP(0),
        /** Of these, the runs that ended there: the step gave the answer. */
        STEP_ANSWERED(0);

        /** Of how many there is a history; 0 for none. */
        final int kept;

        By(int kept) {
            this.kept = kept;
        }

        /** As the query of the API says it. */
        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Key(By by, String name) {
        this(by, name, "");
    }
}
