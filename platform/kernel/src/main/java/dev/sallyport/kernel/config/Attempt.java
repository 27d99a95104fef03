package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import dev.sallyport.kernel.config.ConfigReader.HeldBack;
import dev.sallyport.kernel.config.GatewayConfig.Include;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One reading of all files, in which some includes may be held back. */
final class Attempt {

    private static final Set<String> MAIN_ONLY = mainOnly();

    /** Made once: with a hundred files it counts. */
    private static final ObjectShape INCLUDED = RecordShapes.of(IncludedConfig.class);

    private final SourceFiles files;
    private final TypeCatalog catalog;
    private final SecretLookup lookup;
    private final ConfigReader.Options options;
    private final boolean holes;
    private final Map<String, HeldBack> held;
    private final Sources sources = new Sources();
    private final Binding binding;
    private final Map<Include, Map<String, String>> texts = new LinkedHashMap<>();
    private final Redaction redaction = new Redaction();
    private final Map<String, String> used = new LinkedHashMap<>();
    private final Set<Include> broken = new HashSet<>();
    private final Map<Path, Include> included = new HashMap<>();
    private final Map<String, BoundFiles.Bound> bound = new HashMap<>();
    private final Map<String, Boolean> judged = new HashMap<>();
    private final Resolver.Declared declared = new Resolver.Declared(new LinkedHashMap<>(), new LinkedHashMap<>());

    /** What gives secrets; known once the main file has been looked at. */
    private @Nullable SecretServices secrets;

    /** Knows what is to be remembered of files; null before the files are bound. */
    private @Nullable Resolver resolver;

    /** @param holes whether an upstream that a route names may be missing */
    Attempt(
            SourceFiles files,
            TypeCatalog catalog,
            SecretLookup lookup,
            ConfigReader.Options options,
            boolean holes,
            Map<String, HeldBack> held) {
        this.holes = holes;
        this.files = files;
        this.catalog = catalog;
        this.lookup = lookup;
        this.options = options;
        this.held = held;
        this.binding = new Binding(files.folder(), true, files::report, sources);
    }

    private static Set<String> mainOnly() {
        Set<String> names = Stream.of(GatewayConfig.class.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        for (RecordComponent component : IncludedConfig.class.getRecordComponents()) {
            names.remove(component.getName());
        }
        return names;
    }

    /** How an include is named in messages and in the data folder. */
    static String name(Include include) {
        return String.join(", ", include.files());
    }

    Reading read() {
        ResolvedConfig config = resolve();
        List<ConfigProblem> problems = files.problems().stream()
                .sorted(Comparator.comparing((ConfigProblem problem) ->
                                problem.place().file().equals(files.name(files.main()))
                                        ? ""
                                        : problem.place().file())
                        .thenComparingInt(problem -> problem.place().line())
                        .thenComparingInt(problem -> problem.place().column()))
                .toList();
        boolean valid = !hasErrors();
        Map<Boolean, List<ConfigProblem>> found =
                problems.stream().collect(Collectors.partitioningBy(problem -> problem.rule() != null));
        if (valid) {
            Set<String> told =
                    problems.stream().map(problem -> problem.place().file()).collect(Collectors.toSet());
            bound.forEach((name, file) -> {
                file.foundValid();
                file.judgedBy(told.contains(name) ? null : catalog);
            });
            if (resolver != null) {
                resolver.foundValid();
            }
        }
        Map<String, Map<String, String>> good = new LinkedHashMap<>();
        texts.forEach((include, text) -> {
            if (include.onError() == GatewayConfig.IncludeError.KEEP_LAST && !held.containsKey(name(include))) {
                good.put(name(include), Map.copyOf(text));
            }
        });
        return new Reading(
                valid ? config : null,
                found.getOrDefault(false, List.of()),
                found.getOrDefault(true, List.of()),
                sources,
                Set.copyOf(files.seen()),
                List.copyOf(held.keySet()),
                Collections.unmodifiableMap(used),
                valid ? good : Map.of());
    }

    private boolean hasErrors() {
        return files.problems().stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** The includes that ask to be held back, and are not, where something is wrong with them. */
    List<Include> toBlame() {
        return texts.entrySet().stream()
                .filter(entry -> entry.getKey().onError() == GatewayConfig.IncludeError.KEEP_LAST
                        && !held.containsKey(name(entry.getKey()))
                        && (broken.contains(entry.getKey())
                                || !errorsIn(entry.getKey()).isEmpty()
                                || entry.getValue().keySet().stream().anyMatch(options.distrusted()::contains)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is wrong with an include, or stands in its way in another file. */
    List<ConfigProblem> errorsIn(Include include) {
        Set<String> names = textsOf(include).keySet();
        return files.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR
                        && (names.contains(problem.place().file())
                                || sources.clashes(problem.place()).stream().anyMatch(names::contains)))
                .toList();
    }

    /** What an include says now, by file. */
    Map<String, String> textsOf(Include include) {
        return texts.getOrDefault(include, Map.of());
    }

    private @Nullable ResolvedConfig resolve() {
        String text = files.text(files.main());
        if (text != null) {
            used.put(files.name(files.main()), text);
        }
        ConfigNode written = text == null ? null : files.parse(files.name(files.main()), text);
        if (written == null) {
            return null;
        }
        Path data = files.data();
        SecretServices secrets =
                SecretServices.of(written, service -> files.resolve(service, null, data, null), catalog, lookup);
        this.secrets = secrets;
        ConfigNode root = files.resolve(written, null, data, secrets);
        redaction.add(root);
        if (!(RecordShapes.of(GatewayConfig.class).bind(root, "", binding) instanceof GatewayConfig main)) {
            return null;
        }
        sources.add("", root);
        declare(root);
        List<BoundFiles.Bound> parts = new ArrayList<>();
        for (Include include : main.include()) {
            include(include, data, parts);
        }
        GatewayConfig config = merged(main, parts);
        GatewayCheck check = new GatewayCheck(config, root.place(), binding, this::isKnownValid, declared.upstreams());
        check.run();
        new TeamRoutes(main.routes(), parts, binding).run();
        ServiceCheck services = new ServiceCheck(config, catalog, binding);
        services.run();
        new StepCheck(catalog, options.tolerateMissingTypes(), check, binding, this::isJudged).run();
        Set<String> stores = new StoreCheck(config, catalog, binding).run();
        Resolver resolver = new Resolver(config, declared, binding, holes, new NamedUpstreams(catalog));
        this.resolver = resolver;
        ResolvedConfig resolved = resolver.resolve(main.routes(), parts);
        if (!hasErrors()) {
            resolver.warnOfUnused();
            stores.addAll(secrets.used());
            services.warnOfUnused(stores);
        }
        return resolved.with(redaction);
    }

    private void include(Include include, Path data, List<BoundFiles.Bound> parts) {
        HeldBack instead = held.get(name(include));
        Set<Path> found = new TreeSet<>();
        for (int i = 0; i < include.files().size(); i++) {
            find(include, i, found);
        }
        Map<String, String> contents = new TreeMap<>();
        texts.put(include, contents);
        for (Path path : found) {
            contents.put(files.name(path), "");
            String text = instead == null ? files.text(path) : null;
            if (text != null) {
                contents.put(files.name(path), text);
            }
            files.seen().add(path);
        }
        if (instead != null) {
            contents.clear();
            contents.putAll(instead.texts());
            warnHeldBack(include, instead);
        }
        used.putAll(contents);
        contents.forEach((name, text) -> part(include, name, text, data, parts));
    }

    private boolean isKnownValid(Place place) {
        BoundFiles.Bound file = bound.get(place.file());
        return file != null && file.isValid();
    }

    private boolean isJudged(Place place) {
        return judged.computeIfAbsent(place.file(), name -> {
            BoundFiles.Bound file = bound.get(name);
            return file != null && file.isJudgedLikeBy(catalog);
        });
    }

    private void warnHeldBack(Include include, HeldBack instead) {
        int errors = instead.causes().size();
        binding.warning(
                include.place(),
                sources.key(include.place()),
                name(include) + " is held back, its last good content serves (expected: no error in it); "
                        + (errors == 0 ? "mend it" : "mend the " + errors + " named in it"));
        instead.causes().stream().map(ConfigProblem::asWarning).forEach(files::report);
    }

    private void find(Include include, int index, Set<Path> found) {
        String pattern = include.files().get(index);
        try {
            if (!IncludeFiles.isPattern(pattern)) {
                Path path = files.folder().resolve(pattern).toAbsolutePath().normalize();
                files.seen().add(path);
                if (files.exists(path)) {
                    take(include, index, path, found);
                } else {
                    refuse(include, index, " (expected: a file at " + path + "); write it, or mend the name");
                }
                return;
            }
            for (Path path : files.find(pattern)) {
                take(include, index, path, found);
            }
        } catch (PatternSyntaxException | InvalidPathException e) {
            refuse(include, index, " (expected: a file or a pattern such as conf.d/*.yaml); mend the pattern");
        } catch (IncludeFiles.TooManyException e) {
            refuse(include, index, ", " + e.getMessage() + " (expected: fewer); begin it with the folder of the files");
        } catch (IOException e) {
            refuse(include, index, " (expected: a readable folder); mend its rights");
        }
    }

    private void take(Include include, int index, Path path, Set<Path> found) {
        if (path.equals(files.main())) {
            return;
        }
        Include other = included.putIfAbsent(path, include);
        if (other != null && !found.contains(path)) {
            refuse(
                    include,
                    index,
                    " (expected: each file once; " + files.name(path) + " is included at " + other.place()
                            + "); narrow one of the two");
            return;
        }
        found.add(path);
    }

    private void refuse(Include include, int index, String rest) {
        broken.add(include);
        boolean list = sources.node(include.place(), "files[" + index + "]") != null;
        binding.refuse(
                include.place(),
                list ? "files[" + index + "]" : "",
                include.files().get(index),
                rest);
    }

    private void part(Include include, String name, String text, Path data, List<BoundFiles.Bound> parts) {
        BoundFiles.Bound known = files.bound().get(name, text);
        BoundFiles.Bound bound = known == null ? bind(include, name, text, data) : known;
        if (bound != null) {
            this.bound.put(name, bound);
            sources.add(name, bound.sources);
            declare(bound.root);
            GatewayCheck.hosts(include, bound.part.routes(), binding);
            parts.add(bound);
        }
    }

    private BoundFiles.@Nullable Bound bind(Include include, String name, String text, Path data) {
        int before = files.problems().size();
        ConfigNode written = files.parse(name, text);
        if (written == null) {
            return null;
        }
        ConfigNode resolved = written;
        if (!BoundFiles.standsAlone(text)) {
            resolved = files.resolve(written, include, data, secrets);
            redaction.add(resolved);
        }
        if (resolved instanceof ConfigNode.Mapping mapping) {
            resolved = withoutMainOnly(mapping);
        }
        Sources own = new Sources();
        Binding apart = new Binding(files.folder(), true, files::report, own);
        if (!(INCLUDED.bind(resolved, "", apart) instanceof IncludedConfig part)) {
            sources.add(name, own);
            return null;
        }
        BoundFiles.Bound bound = new BoundFiles.Bound(text, resolved, part, own);
        if (BoundFiles.standsAlone(text) && files.problems().size() == before) {
            files.bound().keep(name, bound);
        }
        return bound;
    }

    private ConfigNode withoutMainOnly(ConfigNode.Mapping mapping) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            if (MAIN_ONLY.contains(key)) {
                binding.error(
                        entry.key(),
                        key,
                        "given in an include (expected: only in " + files.name(files.main()) + "); move it there");
            } else {
                entries.put(key, entry);
            }
        });
        return new ConfigNode.Mapping(entries, mapping.place());
    }

    /** Notes names that are keys, and refuses those that another file has defined. */
    private void declare(ConfigNode root) {
        if (root instanceof ConfigNode.Mapping mapping) {
            declare("chains", mapping, declared.chains());
            declare("upstreams", mapping, declared.upstreams());
        }
    }

    private void declare(String section, ConfigNode.Mapping root, Map<String, Place> names) {
        if (root.get(section) instanceof ConfigNode.Mapping mapping) {
            mapping.entries().forEach((name, entry) -> {
                Place first = names.putIfAbsent(name, entry.key());
                if (first != null) {
                    binding.error(
                            entry.key(),
                            section + "." + name,
                            name + " (expected: defined once; it is at " + first + " too); rename one of the two");
                    sources.clash(entry.key(), first);
                }
            });
        }
    }

    private static GatewayConfig merged(GatewayConfig main, List<BoundFiles.Bound> parts) {
        List<ServiceConfig> services = new ArrayList<>(main.services());
        List<GatewayConfig.ConsumerConfig> consumers = new ArrayList<>(main.consumers());
        Map<String, UpstreamConfig> upstreams = new LinkedHashMap<>(main.upstreams());
        Map<String, List<Step>> chains = new LinkedHashMap<>(main.chains());
        List<GatewayConfig.Route> routes = new ArrayList<>(main.routes());
        for (BoundFiles.Bound file : parts) {
            IncludedConfig part = file.part;
            services.addAll(part.services());
            consumers.addAll(part.consumers());
            part.upstreams().forEach(upstreams::putIfAbsent);
            part.chains().forEach(chains::putIfAbsent);
            routes.addAll(part.routes());
        }
        return new GatewayConfig(
                main.version(),
                main.source(),
                main.listeners(),
                main.admin(),
                main.status(),
                main.requestId(),
                main.log(),
                main.drain(),
                main.limits(),
                main.trace(),
                main.folders(),
                main.trust(),
                main.include(),
                List.copyOf(services),
                List.copyOf(consumers),
                upstreams,
                chains,
                main.plugins(),
                main.defaults(),
                List.copyOf(routes));
    }
}
