/** The build cannot go on, for a reason that its user can mend. */
final class BuildException extends Exception {

    private static final long serialVersionUID = 1;

    BuildException(String message) {
        super(message);
    }
}
