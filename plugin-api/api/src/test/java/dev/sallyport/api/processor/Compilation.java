package dev.sallyport.api.processor;

import dev.sallyport.api.Type;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources with the processor as a plugin author's build does: {@code javac -proc:full}. */
record Compilation(Path out, List<String> messages) {

    private static final Pattern NAME =
            Pattern.compile("(?m)public (?:abstract |final )*(?:class|record|interface|enum) (\\w+)");

    /** @param sources each holds one public top-level class of the package {@code x} */
    static Compilation of(Path out, String... sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            String text = "package x;\nimport dev.sallyport.api.*;\nimport dev.sallyport.api.config.*;\n"
                    + "import java.util.*;\nimport java.time.*;\nimport org.jspecify.annotations.Nullable;\n" + source;
            files.add(new SourceText(text));
        }
        String api = Path.of(URI.create(Type.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
        String classPath = api + File.pathSeparator + out;
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            compiler.getTask(
                            new StringWriter(),
                            manager,
                            found,
                            // By name: PF4J's own processor, visible here to the compiler, would write the index too.
                            List.of(
                                    "-processor",
                                    ExtensionProcessor.class.getName(),
                                    "-cp",
                                    classPath,
                                    "-d",
                                    out.toString(),
                                    "-Xlint:all,-processing,-serial"),
                            null,
                            files)
                    .call();
        }
        return new Compilation(
                out,
                found.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() != Diagnostic.Kind.NOTE)
                        .map(problem -> (problem.getLineNumber() - 6) + ": " + problem.getMessage(Locale.ROOT))
                        .toList());
    }

    String file(String name) {
        try {
            return Files.readString(out.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class SourceText extends SimpleJavaFileObject {

        private final String text;

        SourceText(String text) {
            super(URI.create("mem:///x/" + name(text) + ".java"), Kind.SOURCE);
            this.text = text;
        }

        private static String name(String text) {
            Matcher name = NAME.matcher(text);
            if (!name.find()) {
                throw new IllegalArgumentException("no public class in " + text);
            }
            return name.group(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
