package dev.sallyport.kernel.cli;

/** The gateway has understood a call and does not do it. */
final class RefusedException extends CommandException {

    private static final long serialVersionUID = 1;

    private final String type;

    /** @param type of the problem */
    RefusedException(String type, String message) {
        super(message);
        this.type = type;
    }

    String type() {
        return type;
    }
}
