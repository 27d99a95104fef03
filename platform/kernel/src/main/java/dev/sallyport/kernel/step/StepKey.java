package dev.sallyport.kernel.step;

/**
 * What makes a step the same after a reload: where all of this is equal, its filter lives on.
 *
 * @param state {@code <type>/<share>} or {@code <type>/<route>/<id>}
 * @param artefact the SHA-256 of its plugin's jar
 * @param config a digest of its settings, secrets included
 */
public record StepKey(String state, String artefact, String config) {}
