package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.deploy.GenerationRecord.PluginUsed;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What waits while a rollback holds: how the folders differ from what serves. */
final class Pending {

    private Pending() {}

    /** The differences, in a few words each; empty where the folders say what serves. */
    static List<String> changes(GenerationRecord serves, Reading reading, Catalogue catalogue, Path scripts)
            throws IOException {
        ResolvedConfig config = reading.config();
        if (config == null) {
            return List.of("the files are not valid: "
                    + reading.errors().stream()
                            .findFirst()
                            .map(Object::toString)
                            .orElse(""));
        }
        GenerationRecord now = new GenerationRecord(
                serves.number(),
                serves.at(),
                serves.author(),
                serves.reason(),
                serves.message(),
                null,
                Hashes.ofTexts(reading.texts()),
                scripts(serves.scripts(), scripts),
                plugins(config, catalogue),
                Parts.withHeldBack(Parts.of(config), reading.heldBack()),
                serves.verdicts(),
                List.of());
        return now.changes(serves);
    }

    private static Map<String, String> scripts(Map<String, String> used, Path folder) throws IOException {
        Map<String, String> now = new TreeMap<>();
        for (String name : used.keySet()) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                now.put(name, History.hash(Files.readAllBytes(file)));
            }
        }
        return now;
    }

    private static List<PluginUsed> plugins(ResolvedConfig config, Catalogue catalogue) {
        Stream<Artefact> artefacts = config.allSteps().stream()
                .map(ResolvedStep::step)
                .flatMap(step -> Stream.of(Optional.of(step), Optional.ofNullable(step.canary())))
                .flatMap(Optional::stream)
                .map(step -> catalogue.artefact("filter", step.type(), step.version()))
                .filter(Objects::nonNull);
        Stream<Artefact> ofServices = config.config().services().stream()
                .map(service ->
                        catalogue.artefact(catalogue.servicePoint(service.type()), service.type(), service.version()))
                .filter(Objects::nonNull);
        return Stream.concat(artefacts, ofServices)
                .distinct()
                .map(one -> new PluginUsed(one.id(), one.version(), one.sha256(), false))
                .toList();
    }
}
