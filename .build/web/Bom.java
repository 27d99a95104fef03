import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adds the packages that are bundled into the console's pages to what Maven's plugins, which know nothing of npm, have written
 * of what ships: a bill of materials (CycloneDX, in JSON and XML) and a list of licences. It runs as the JDK runs sources:
 *
 * <pre>java .build/web/Bom.java LOCK_FILE SBOM_FOLDER LICENCE_LIST</pre>
 *
 * Done twice it adds them once.
 */
final class Bom {

    private static final String IN_JSON = "\n  \"components\" : [\n";
    private static final String IN_XML = "\n  <components>\n";

    private Bom() {}

    /** A package, as a bill of materials tells it. */
    private record Component(String group, String name, String version, String licence, String sha512) {

        static Component of(Lock.Package each) {
            int slash = each.name().indexOf('/');
            byte[] hash = Base64.getDecoder().decode(each.integrity().substring("sha512-".length()));
            return new Component(
                    slash < 0 ? "" : each.name().substring(0, slash),
                    each.name().substring(slash + 1),
                    each.version(),
                    each.licence(),
                    HexFormat.of().formatHex(hash));
        }

        String purl() {
            String scope = group.isEmpty() ? "" : group.replace("@", "%40") + "/";
            return "pkg:npm/" + scope + name + "@" + version;
        }

        String whole() {
            return group.isEmpty() ? name : group + "/" + name;
        }

        String json() {
            return """
                    {
                      "type" : "library",
                      "bom-ref" : "%1$s",%2$s
                      "name" : "%3$s",
                      "version" : "%4$s",
                      "scope" : "required",
                      "hashes" : [ { "alg" : "SHA-512", "content" : "%5$s" } ],
                      "licenses" : [ { "license" : { "id" : "%6$s" } } ],
                      "purl" : "%1$s"
                    },
                """.formatted(
                            purl(),
                            group.isEmpty() ? "" : "\n      \"group\" : \"" + group + "\",",
                            name,
                            version,
                            sha512,
                            licence);
        }

        String xml() {
            return """
                    <component type="library" bom-ref="%1$s">%2$s
                      <name>%3$s</name>
                      <version>%4$s</version>
                      <scope>required</scope>
                      <hashes>
                        <hash alg="SHA-512">%5$s</hash>
                      </hashes>
                      <licenses>
                        <license>
                          <id>%6$s</id>
                        </license>
                      </licenses>
                      <purl>%1$s</purl>
                    </component>
                """.formatted(
                            purl(),
                            group.isEmpty() ? "" : "\n      <group>" + group + "</group>",
                            name,
                            version,
                            sha512,
                            licence);
        }

        String line() {
            return "     (" + licence + ") " + whole() + " (npm:" + whole() + ":" + version
                    + " - https://www.npmjs.com/package/" + whole() + ")\n";
        }
    }

    static void main(String[] arguments) throws Exception {
        List<Component> shipped = Lock.read(Path.of(arguments[0])).stream()
                .filter(each -> !each.dev())
                .map(Component::of)
                .toList();
        Path sbom = Path.of(arguments[1]);
        insert(
                sbom.resolve("sbom.json"),
                IN_JSON,
                shipped.stream().map(Component::json).collect(Collectors.joining()));
        insert(
                sbom.resolve("sbom.xml"),
                IN_XML,
                shipped.stream().map(Component::xml).collect(Collectors.joining()));
        append(
                Path.of(arguments[2]),
                "\nIn the console's pages:\n\n"
                        + shipped.stream().map(Component::line).collect(Collectors.joining()));
    }

    private static void insert(Path file, String after, String text) throws IOException, BuildException {
        String all = Files.readString(file);
        int at = all.indexOf(after);
        if (at < 0) {
            throw new BuildException(file + " has no list of components at its top (expected: one that"
                    + " cyclonedx-maven-plugin has written); see to it that this runs after that plugin");
        }
        if (!all.contains(text)) {
            int place = at + after.length();
            write(file, all.substring(0, place) + text + all.substring(place));
        }
    }

    private static void append(Path file, String text) throws IOException {
        String all = Files.readString(file);
        if (!all.contains(text)) {
            write(file, all + text);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
