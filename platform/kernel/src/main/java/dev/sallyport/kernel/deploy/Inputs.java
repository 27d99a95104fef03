package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.plugin.Catalogue;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a generation is made of.
 *
 * @param reader reads the configuration
 * @param catalogue gives the plugins
 * @param scripts the folder that scripts are loaded from
 * @param verdicts what was decided of canaries
 * @param record the generation that it was recorded from; null where it is the folders as they are now
 */
record Inputs(
        ConfigReader reader,
        Supplier<Catalogue> catalogue,
        Path scripts,
        Supplier<Map<String, Verdict>> verdicts,
        @Nullable GenerationRecord record) {}
