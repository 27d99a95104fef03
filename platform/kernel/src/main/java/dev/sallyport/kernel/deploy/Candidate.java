package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.plugin.Catalogue;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that might serve, and what it would serve with.
 *
 * @param config null where it is not valid
 * @param errors why it is not
 * @param scripts the folder that scripts would be loaded from
 */
public record Candidate(
        @Nullable ResolvedConfig config, List<ConfigProblem> errors, Catalogue catalogue, Path scripts) {

    public Candidate {
        errors = List.copyOf(errors);
    }
}
