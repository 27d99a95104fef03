package dev.sallyport.kernel.deploy;

/**
 * Who changes something, and why.
 *
 * @param author the name of the admin API's token, or {@code files} for what was seen in folders
 * @param reason in a few words: {@code plugins changed}, {@code rollback to 12}
 * @param message what the author says of it; {@code ""} for nothing
 */
public record Change(String author, String reason, String message) {

    /** A change that was seen in files and folders. */
    public static Change ofFiles(String reason) {
        return new Change("files", reason, "");
    }
}
