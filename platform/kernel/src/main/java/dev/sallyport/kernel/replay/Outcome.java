package dev.sallyport.kernel.replay;

import org.jspecify.annotations.Nullable;

/**
 * What became of a request, or would become of it.
 *
 * @param route null where none took it, or it is not known
 * @param kind who answered
 * @param step the step that answered; null where none did or it is not known
 * @param status what was answered; of a target, what that answered
 * @param upstream where it went; null where it did not, or it is not known
 */
record Outcome(
        @Nullable String route,
        boolean routeKnown,
        Kind kind,
        @Nullable String step,
        int status,
        @Nullable String upstream) {

    /** Who answered. */
    enum Kind {
        /** A target did, or was to. */
        FORWARDED,
        /** A step did, or the gateway itself. */
        ANSWERED,
        /** Not told by what was recorded. */
        UNKNOWN
    }

    /** For people: {@code forwarded}, {@code 429 by rate-limit}. */
    String verdict() {
        return switch (kind) {
            case FORWARDED -> "forwarded" + (upstream == null ? "" : " to " + upstream);
            case ANSWERED -> status + (step == null ? "" : " by " + step);
            case UNKNOWN -> Integer.toString(status);
        };
    }

    /** For people. */
    String toldRoute() {
        return route == null ? "no route" : route;
    }

    /** Whether another one has the same verdict, as far as both are known. */
    boolean hasVerdictOf(Outcome other) {
        if (kind == Kind.UNKNOWN || other.kind == Kind.UNKNOWN) {
            Outcome known = kind == Kind.UNKNOWN ? other : this;
            return known.kind != Kind.ANSWERED || status == other.status;
        }
        if (kind != other.kind) {
            return false;
        }
        if (kind == Kind.FORWARDED) {
            return upstream == null || other.upstream == null || upstream.equals(other.upstream);
        }
        return status == other.status;
    }
}
