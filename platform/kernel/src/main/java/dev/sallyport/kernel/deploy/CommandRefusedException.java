package dev.sallyport.kernel.deploy;

import java.util.List;

/** A command that is not done: the message says why in one sentence, and nothing has changed. */
public final class CommandRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why a command is refused. */
    public enum Why {
        /** There is no such plugin, or no such version of it. */
        UNKNOWN,
        /** Routes would be left without a step. */
        IN_USE,
        /** There is nothing to go back or up to. */
        NOTHING_TO_TAKE,
        /** A rollback of the configuration holds everything. */
        HELD,
        /** Another generation serves than the one that was looked at. */
        CHANGED_MEANWHILE,
        /** The files own the configuration. */
        OWNED_BY_FILES,
        /** It takes a role that the caller does not have. */
        FORBIDDEN,
        /** Another plugin is in the way. */
        CONFLICT,
        /** It failed when it was tried. */
        FAILED
    }

    private final Why why;
    private final transient List<String> details;

    CommandRefusedException(Why why, String message, List<String> details) {
        super(message);
        this.why = why;
        this.details = List.copyOf(details);
    }

    CommandRefusedException(Why why, String message) {
        this(why, message, List.of());
    }

    /** The kind of reason. */
    public Why why() {
        return why;
    }

    /** What there is to say beside: the steps that use a plugin, or every problem found. */
    public List<String> details() {
        return details;
    }

    /** Always there. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
