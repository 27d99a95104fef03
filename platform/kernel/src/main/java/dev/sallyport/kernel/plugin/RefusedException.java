package dev.sallyport.kernel.plugin;

/**
 * A whole jar that is not taken. The message goes on where the file's name stood: {@code is not a Sallyport plugin: no
 * Plugin-Id in its manifest; …}.
 */
final class RefusedException extends Exception {

    RefusedException(String message) {
        super(message);
    }
}
