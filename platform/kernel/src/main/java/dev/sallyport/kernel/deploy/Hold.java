package dev.sallyport.kernel.deploy;

import java.time.Instant;

/**
 * A rollback that holds: what files and folders say since then waits until it is released, also after a restart.
 *
 * @param generation the number of the generation whose content serves
 * @param author who rolled back
 * @param message what the author said of it; {@code ""} for nothing
 */
public record Hold(int generation, String author, String message, Instant since) {}
