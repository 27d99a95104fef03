package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigProblem;
import java.util.List;

/**
 * What came of a change.
 *
 * @param generation the number of the generation that serves now
 * @param applied whether that one is new
 * @param kept how many filters live on in it
 * @param created how many were made for it
 * @param problems why it was refused, or what there is to warn of
 */
public record ReloadResult(int generation, boolean applied, int kept, int created, List<ConfigProblem> problems) {}
