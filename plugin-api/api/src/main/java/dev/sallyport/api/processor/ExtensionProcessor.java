package dev.sallyport.api.processor;

import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * Checks the classes that {@link Type} marks and writes what the gateway reads of a plugin's jar:
 *
 * <ul>
 *   <li>{@code META-INF/extensions.idx}, the names of these classes, one a line, as PF4J reads it;
 *   <li>{@code META-INF/sallyport/extensions.json}, their types with the JSON Schema of their settings, so that a
 *       configuration is checked without running the plugin's code.
 * </ul>
 *
 * <p>Classes that an earlier compilation put into the index stay in it for as long as they exist, so that a build may
 * compile only what has changed. Runs on JDK 23 and later only with {@code -proc:full} or {@code -processor}.
 */
public final class ExtensionProcessor extends AbstractProcessor {

    private static final String INDEX = "META-INF/extensions.idx";
    private static final String EXTENSIONS = "META-INF/sallyport/extensions.json";
    private static final Pattern TYPE_NAME =
            Pattern.compile("([a-z][a-z0-9]*(-[a-z0-9]+)*/)?[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Set<String> STEP_KEYS =
            Set.of("id", "mode", "when", "version", "onError", "failOpen", "canary", "share", "required", "use");
    /** The keys that may stand beside a service's type. */
    private static final Set<String> SERVICE_KEYS = Set.of("name", "version");

    private static final Map<String, String> POINTS = Map.of(
            "dev.sallyport.api.FilterFactory",
            "filter",
            "dev.sallyport.api.CredentialType",
            "credential",
            "dev.sallyport.api.AdminPagesFactory",
            "admin-pages",
            "dev.sallyport.api.DiscoveryFactory",
            "discovery",
            "dev.sallyport.api.ExporterFactory",
            "exporter",
            "dev.sallyport.api.SecretSourceFactory",
            "secret-source",
            "dev.sallyport.api.StoreFactory",
            "store");

    private final Map<String, TypeElement> extensions = new TreeMap<>();
    private final Map<String, TypeElement> roots = new TreeMap<>();
    private boolean failed;

    /** Made by the compiler. */
    public ExtensionProcessor() {}

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Type.class.getName(), ConfigRoot.class.getName());
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (Element element : round.getElementsAnnotatedWith(Type.class)) {
            TypeElement type = (TypeElement) element;
            extensions.put(binaryName(type), type);
        }
        for (Element element : round.getElementsAnnotatedWith(ConfigRoot.class)) {
            roots.put(element.getAnnotation(ConfigRoot.class).value(), (TypeElement) element);
        }
        if (round.processingOver() && !round.errorRaised()) {
            write();
        }
        return false;
    }

    private void write() {
        if (!extensions.isEmpty()) {
            addEarlier();
            Map<String, Map<String, Object>> described = new TreeMap<>();
            extensions.values().forEach(type -> describe(type, described));
            if (!failed) {
                write(INDEX, String.join("\n", extensions.keySet()) + "\n");
                write(EXTENSIONS, JsonText.of(Map.of("extensions", List.copyOf(described.values()))));
            }
        }
        roots.forEach((name, type) -> {
            if (type.getKind() != ElementKind.RECORD) {
                error(type, type + " (expected: a record)");
                return;
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.putAll(new Schemas(processingEnv.getTypeUtils(), this::error).of(type));
            if (!failed) {
                write("META-INF/sallyport/schema/" + name + ".json", JsonText.of(schema));
            }
        });
    }

    private void addEarlier() {
        for (String name : read(INDEX).lines().toList()) {
            TypeElement type = processingEnv.getElementUtils().getTypeElement(name.replace('$', '.'));
            if (type != null && type.getAnnotation(Type.class) != null) {
                extensions.putIfAbsent(name, type);
            }
        }
    }

    private void describe(TypeElement type, Map<String, Map<String, Object>> described) {
        String name = type.getAnnotation(Type.class).value();
        checkClass(type);
        TreeSet<String> taken = new TreeSet<>(STEP_KEYS);
        taken.addAll(SERVICE_KEYS);
        if (!TYPE_NAME.matcher(name).matches() || taken.contains(name)) {
            error(
                    type,
                    "@Type(\"" + name
                            + "\") (expected: a name in kebab-case such as rate-limit or acme/rate-limit, none of "
                            + taken + ")");
        }
        List<DeclaredType> points = new ArrayList<>();
        findPoints(type.asType(), points);
        if (points.size() != 1) {
            error(
                    type,
                    type + " (expected: implements FilterFactory, CredentialType, AdminPagesFactory, DiscoveryFactory,"
                            + " ExporterFactory, SecretSourceFactory or StoreFactory, one of them)");
            return;
        }
        String point = String.valueOf(POINTS.get(qualifiedName(points.getFirst())));
        TypeElement config = config(points.getFirst());
        if (config == null) {
            error(type, type + " (expected: implements " + points.getFirst() + " with a record as its settings)");
            return;
        }
        Map<String, Object> extension = new LinkedHashMap<>();
        extension.put("point", point);
        extension.put("type", name);
        extension.put("class", binaryName(type));
        Doc doc = type.getAnnotation(Doc.class);
        extension.put("doc", doc == null ? "" : doc.value());
        putTraits(type, extension);
        extension.put("config", new Schemas(processingEnv.getTypeUtils(), this::error).of(config));
        Map<String, Object> other = described.putIfAbsent(point + " " + name, extension);
        if (other != null) {
            error(type, "@Type(\"" + name + "\") (expected: a name of its own; " + other.get("class") + " has it)");
        }
    }

    private void putTraits(TypeElement type, Map<String, Object> extension) {
        Type traits = type.getAnnotation(Type.class);
        extension.put("decidesAccess", traits.decidesAccess());
        extension.put("replayable", traits.replayable());
        extension.put("provides", List.of(traits.provides()));
        extension.put("reads", List.of(traits.reads()));
        extension.put("caches", traits.caches());
        extension.put("limits", traits.limits());
        for (String[] names : new String[][] {traits.provides(), traits.reads()}) {
            for (String name : names) {
                if (!ATTRIBUTE.matcher(name).matches()) {
                    error(type, "'" + name + "' in @Type (expected: consumer, or the kebab-case name of an attribute)");
                }
            }
        }
    }

    private void checkClass(TypeElement type) {
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                error(type, element + " (expected: a public class); the gateway makes it from outside");
                return;
            }
        }
        boolean nested = type.getEnclosingElement() instanceof TypeElement;
        if (type.getKind() != ElementKind.CLASS
                || type.getModifiers().contains(Modifier.ABSTRACT)
                || (nested && !type.getModifiers().contains(Modifier.STATIC))) {
            error(type, type + " (expected: a class that can be made: not abstract, not inner)");
            return;
        }
        for (ExecutableElement constructor : ElementFilter.constructorsIn(type.getEnclosedElements())) {
            if (constructor.getParameters().isEmpty()
                    && constructor.getModifiers().contains(Modifier.PUBLIC)) {
                return;
            }
        }
        error(type, type + " (expected: a public constructor without parameters)");
    }

    private void findPoints(TypeMirror type, List<DeclaredType> points) {
        for (TypeMirror supertype : processingEnv.getTypeUtils().directSupertypes(type)) {
            if (POINTS.containsKey(qualifiedName(supertype))) {
                if (points.stream().noneMatch(known -> qualifiedName(known).equals(qualifiedName(supertype)))) {
                    points.add((DeclaredType) supertype);
                }
            } else {
                findPoints(supertype, points);
            }
        }
    }

    private static @Nullable TypeElement config(DeclaredType point) {
        return point.getTypeArguments().size() == 1
                        && point.getTypeArguments().getFirst() instanceof DeclaredType config
                        && config.asElement() instanceof TypeElement element
                        && element.getKind() == ElementKind.RECORD
                ? element
                : null;
    }

    private static String qualifiedName(TypeMirror type) {
        return type instanceof DeclaredType declared
                ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
                : "";
    }

    private String binaryName(TypeElement type) {
        return processingEnv.getElementUtils().getBinaryName(type).toString();
    }

    private void error(Element element, String message) {
        failed = true;
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, message, element);
    }

    private String read(String file) {
        try (Reader in = processingEnv
                .getFiler()
                .getResource(StandardLocation.CLASS_OUTPUT, "", file)
                .openReader(true)) {
            StringBuilder text = new StringBuilder();
            char[] buffer = new char[4096];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                text.append(buffer, 0, n);
            }
            return text.toString();
        } catch (NoSuchFileException | FileNotFoundException none) {
            return "";
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.WARNING, file + " is not readable: " + e);
            return "";
        }
    }

    private void write(String file, String text) {
        try (Writer out = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", file)
                .openWriter()) {
            out.write(text);
        } catch (IOException e) {
            processingEnv
                    .getMessager()
                    .printMessage(
                            Diagnostic.Kind.ERROR,
                            file + " cannot be written: " + e + "; is there a second processor?");
        }
    }
}
