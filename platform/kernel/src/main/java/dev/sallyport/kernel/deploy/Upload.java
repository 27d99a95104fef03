package dev.sallyport.kernel.deploy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole configuration that somebody sends.
 *
 * @param files what its files say, by name relative to the main file's folder, the main file among them
 * @param scripts all its scripts, by name relative to the scripts folder; null for those that serve now
 * @param bringsCode whether the sender may bring scripts, and say who may do what and whose plugins are taken
 * @param holes whether routes may name upstreams that are not there: they answer 503
 * @param seen the generation that the sender has seen, which must serve yet; null for any
 */
public record Upload(
        Map<String, String> files,
        @Nullable Map<String, byte[]> scripts,
        boolean bringsCode,
        boolean holes,
        @Nullable Integer seen) {

    public Upload {
        files = Map.copyOf(files);
        scripts = scripts == null ? null : Map.copyOf(scripts);
    }
}
