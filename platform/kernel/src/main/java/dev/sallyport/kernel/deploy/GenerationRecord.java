package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.canary.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a generation was made of, and how it came about: enough to make it again. Immutable.
 *
 * @param author who brought it about: see {@link Change}
 * @param message what the author said of it; {@code ""} for nothing
 * @param rollbackTo the generation whose content it has again; null where it is no rollback
 * @param files the SHA-256 of each file of the configuration, by name relative to the main file's folder
 * @param scripts the SHA-256 of each script that a step runs or imports, by name relative to the scripts folder
 * @param plugins the artefacts that its steps run
 * @param parts a digest of each route, upstream and the like, by {@code route orders}: what a difference is told by
 * @param verdicts what was decided of the canaries in it, by {@code <route>/<id of the step>}
 * @param changes how it differs from the generation before it, in a few words each
 */
public record GenerationRecord(
        int number,
        Instant at,
        String author,
        String reason,
        String message,
        @Nullable Integer rollbackTo,
        Map<String, String> files,
        Map<String, String> scripts,
        List<PluginUsed> plugins,
        Map<String, String> parts,
        Map<String, Verdict> verdicts,
        List<String> changes) {

    /** What the name of a part begins with that says of an include that its last good content stands in it. */
    static final String HELD_BACK = "include ";

    public GenerationRecord {
        files = Map.copyOf(files);
        scripts = Map.copyOf(scripts);
        plugins = List.copyOf(plugins);
        parts = FlatMap.copyOf(parts);
        verdicts = Map.copyOf(verdicts);
        changes = List.copyOf(changes);
    }

    /**
     * An artefact that steps of a generation run.
     *
     * @param serving whether it is the one that steps without a version get
     */
    public record PluginUsed(String id, String version, String sha256, boolean serving) {}

    GenerationRecord withChangesSince(@Nullable GenerationRecord before) {
        return with(parts, before == null ? List.of("the first generation") : changes(before));
    }

    /** The same, of the same texts in memory as another one as far as they are equal. */
    GenerationRecord sharing(GenerationRecord other) {
        return with(FlatMap.copyOf(parts).sharing(other.parts), changes);
    }

    private GenerationRecord with(Map<String, String> itsParts, List<String> itsChanges) {
        return new GenerationRecord(
                number,
                at,
                author,
                reason,
                message,
                rollbackTo,
                files,
                scripts,
                plugins,
                itsParts,
                verdicts,
                itsChanges);
    }

    /** How it differs from an earlier one, in a few words each: {@code route orders changed}. */
    public List<String> changes(GenerationRecord before) {
        List<String> changes = new ArrayList<>();
        compare("", before.parts, parts, changes);
        compare("plugin ", versions(before), versions(this), changes);
        compare("canary ", told(before), told(this), changes);
        compare("script ", before.scripts, scripts, changes);
        compare("file ", before.files, files, changes);
        return changes;
    }

    private static Map<String, String> versions(GenerationRecord record) {
        Map<String, String> versions = new TreeMap<>();
        for (PluginUsed plugin : record.plugins) {
            versions.merge(
                    plugin.id(), plugin.version() + " " + plugin.sha256().substring(0, 8), (a, b) -> a + " and " + b);
        }
        return versions;
    }

    private static Map<String, String> told(GenerationRecord record) {
        Map<String, String> told = new TreeMap<>();
        record.verdicts.forEach((step, verdict) -> told.put(step, verdict.version() + " " + verdict.told()));
        return told;
    }

    private static void compare(
            String kind, Map<String, String> before, Map<String, String> after, List<String> changes) {
        for (String name : FlatMap.copyOf(after).differences(before)) {
            String old = before.get(name);
            String now = after.get(name);
            if (name.startsWith(HELD_BACK)) {
                changes.add(name + (now == null ? " no longer held back" : " held back: its last good content serves"));
            } else if (old == null) {
                changes.add(kind + name + " added" + (kind.equals("plugin ") ? ": " + now : ""));
            } else if (now == null) {
                changes.add(kind + name + " removed");
            } else {
                changes.add(kind + name + " changed" + (kind.equals("plugin ") ? ": " + old + " to " + now : ""));
            }
        }
    }
}
