package dev.sallyport.plugins.elk;

/**
 * Why records did not arrive, and what that means for the next try.
 *
 * @param kind what sort of trouble
 * @param reason for people, in a few words; no secrets
 */
record Trouble(Kind kind, String reason) {

    /** Sorts of trouble. */
    enum Kind {
        /** Nobody answers, or the answer broke off. */
        AWAY,
        /** It answers, and has no room now. */
        BUSY,
        /** It answers, and will not have us: somebody must mend that, so it is asked seldom. */
        REFUSED
    }

    @Override
    public String toString() {
        return reason;
    }
}
