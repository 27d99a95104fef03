package dev.sallyport.kernel.cli;

/** A command cannot do what it was asked; the message says why, in one sentence for whoever asked. */
class CommandException extends Exception {

    private static final long serialVersionUID = 1;

    CommandException(String message) {
        super(message);
    }
}
