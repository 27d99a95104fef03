package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.config.Traits;
import dev.sallyport.kernel.plugin.Artefact.Extension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two files by which a jar says what it offers: PF4J's index and ours, which must agree. */
final class ExtensionIndex {

    /** PF4J's index: a class name a line. */
    static final String CLASSES = "META-INF/extensions.idx";
    /** Ours: point, type, class, doc and schema of each. */
    static final String FACTS = "META-INF/sallyport/extensions.json";

    private static final String SHIPPED = "sallyport";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final String MEND = ": compile with -proc:full and the plugin API as annotation processor"
            + " (javac runs none by itself since JDK 23)";
    private static final JsonMapper JSON = new JsonMapper();

    private ExtensionIndex() {}

    /**
     * Reads both files and compares them.
     *
     * @param provider the Plugin-Provider of the manifest
     * @param entries the names of all entries in the jar
     */
    static List<Extension> read(
            byte @Nullable [] classes, byte @Nullable [] facts, String provider, Set<String> entries)
            throws RefusedException {
        if (classes == null) {
            throw new RefusedException("has no " + CLASSES + MEND);
        }
        if (facts == null) {
            throw new RefusedException("has no " + FACTS + MEND);
        }
        List<Extension> extensions = extensions(facts);
        Set<String> indexed = lines(classes);
        Set<String> described =
                extensions.stream().map(Extension::className).collect(Collectors.toCollection(TreeSet::new));
        if (!indexed.equals(described)) {
            throw new RefusedException("has two indexes that do not agree: " + CLASSES + " names " + indexed + ", "
                    + FACTS + " names " + described + "; build the jar again from clean");
        }
        if (extensions.isEmpty()) {
            throw new RefusedException("offers nothing; annotate a FilterFactory with @Type");
        }
        Set<String> seen = new HashSet<>();
        for (Extension extension : extensions) {
            check(extension, provider);
            if (!seen.add(extension.point() + " " + extension.type())) {
                throw new RefusedException("offers the " + extension.point() + " type " + extension.type()
                        + " twice; give one of them another name");
            }
            if (!entries.contains(extension.className().replace('.', '/') + ".class")) {
                throw new RefusedException("names the class " + extension.className()
                        + " in its index, but does not hold it; build the jar again from clean");
            }
        }
        return extensions;
    }

    private static Set<String> lines(byte[] classes) {
        return new String(classes, StandardCharsets.UTF_8)
                .lines()
                .map(line -> (line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#'))).strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Extension> extensions(byte[] facts) throws RefusedException {
        JsonNode root;
        try {
            root = JSON.readTree(facts);
        } catch (JacksonException e) {
            throw new RefusedException("has a " + FACTS + " that is not JSON (" + e.getOriginalMessage()
                    + "); build the jar again from clean");
        }
        List<Extension> extensions = new ArrayList<>();
        for (JsonNode each : root.path("extensions")) {
            JsonNode schema = each.path("config");
            extensions.add(new Extension(
                    text(each, "point"),
                    text(each, "type"),
                    text(each, "class"),
                    each.path("doc").asString(""),
                    Traits.of(each),
                    schema.isObject() ? schema : JSON.createObjectNode()));
        }
        return extensions;
    }

    private static String text(JsonNode extension, String key) throws RefusedException {
        String value = extension.path(key).asString("");
        if (value.isBlank()) {
            throw new RefusedException("has a " + FACTS + " in which an extension has no '" + key
                    + "'; build the jar again with the annotation processor of the plugin API");
        }
        return value;
    }

    private static void check(Extension extension, String provider) throws RefusedException {
        if (Point.of(extension.point()) == null) {
            throw new RefusedException("offers " + extension.type() + " at the extension point " + extension.point()
                    + ", which this gateway does not have (expected: " + Point.all()
                    + "); take a version of the plugin that is made for it");
        }
        String type = extension.type();
        int slash = type.indexOf('/');
        String publisher = slash < 0 ? "" : type.substring(0, slash);
        if (!NAME.matcher(type.substring(slash + 1)).matches()
                || (slash >= 0 && !NAME.matcher(publisher).matches())) {
            throw new RefusedException("offers the type " + type + " (expected: kebab-case, such as acme/rate-limit);"
                    + " rename it in @Type");
        }
        if (provider.equals(SHIPPED) != publisher.isEmpty()) {
            throw new RefusedException(
                    publisher.isEmpty()
                            ? "offers the type " + type + ", but bare names belong to the provider sallyport; name it "
                                    + (NAME.matcher(provider).matches() ? provider : "<publisher>") + "/" + type
                            : "offers the type " + type + " as the provider sallyport; name it "
                                    + type.substring(slash + 1) + ", or set Plugin-Provider to " + publisher);
        }
        if (!publisher.isEmpty() && !publisher.equals(provider)) {
            throw new RefusedException("offers the type " + type + ", but its Plugin-Provider is '" + provider
                    + "' (expected: " + publisher + "); make the two equal");
        }
    }
}
