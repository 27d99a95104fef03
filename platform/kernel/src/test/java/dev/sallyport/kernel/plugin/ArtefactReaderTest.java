package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.zafarkhaja.semver.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArtefactReaderTest {

    private static final ArtefactReader READER =
            new ArtefactReader(Version.parse("0.1.0"), ArtefactReader.Limits.DEFAULT);

    @TempDir
    Path folder;

    private Artefact read(PluginJar jar) throws Exception {
        return read(READER, jar);
    }

    private Artefact read(ArtefactReader reader, PluginJar jar) throws Exception {
        Path file = jar.build(folder.resolve("a.jar"));
        return reader.read(file, "0".repeat(64), file);
    }

    @Test
    void readsAllFactsWithoutRunningCode() throws Exception {
        PluginJar jar = PluginJar.of("stamp", "1.4.0")
                .manifest("Plugin-Requires", ">=0.1.0 & <1.0.0")
                .manifest("Plugin-License", "Apache-2.0")
                .manifest("Plugin-Description", "Sets a header.")
                .manifest("Plugin-Permissions", "exit, native-code")
                .filter("acme/stamp", "x.Stamp", "return null;", "static { if (true) throw new Error(\"it ran\"); }")
                .extension("credential", "acme/stamp", "x.StampCredential")
                .source("x.StampCredential", "package x; public class StampCredential {}");

        Artefact artefact = read(jar);

        assertThat(artefact).hasToString("stamp 1.4.0");
        assertThat(artefact.requires()).isEqualTo(">=0.1.0 & <1.0.0");
        assertThat(artefact.provider()).isEqualTo("acme");
        assertThat(artefact.licence()).isEqualTo("Apache-2.0");
        assertThat(artefact.description()).isEqualTo("Sets a header.");
        assertThat(artefact.permissions()).containsExactlyInAnyOrder("exit", "native-code");
        assertThat(artefact.extensions())
                .extracting(Artefact.Extension::point, Artefact.Extension::type, Artefact.Extension::className)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("filter", "acme/stamp", "x.Stamp"),
                        org.assertj.core.groups.Tuple.tuple("credential", "acme/stamp", "x.StampCredential"));
        assertThat(artefact.extensions().getFirst().schema().path("type").asString())
                .isEqualTo("object");
        assertThat(artefact.extensions().getFirst().doc()).isEqualTo("A test.");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(
                        "no plugin",
                        jar -> PluginJar.empty().file("readme.txt", "hello"),
                        "is not a Sallyport plugin: no Plugin-Id in its manifest; build it with a manifest that has"
                                + " Plugin-Id and Plugin-Version"),
                refusal(
                        "odd id",
                        jar -> jar.manifest("Plugin-Id", "../up"),
                        "has the Plugin-Id ../up (expected: letters, digits, '.', '-' and '_', at most 100); rename"
                                + " it"),
                refusal(
                        "no version",
                        jar -> jar.manifest("Plugin-Version", " "),
                        "has the Plugin-Version '' (expected: a semantic version such as 1.4.0); set it in the"
                                + " manifest"),
                refusal(
                        "no semantic version",
                        jar -> jar.manifest("Plugin-Version", "1.4"),
                        "has the Plugin-Version '1.4' (expected: a semantic version such as 1.4.0); set it in the"
                                + " manifest"),
                refusal(
                        "dependencies",
                        jar -> jar.manifest("Plugin-Dependencies", "other@1.0.0"),
                        "has Plugin-Dependencies other@1.0.0 in its manifest, which this gateway does not follow, since"
                                + " plugins share no classes: put what it needs into its own jar"),
                refusal(
                        "plugin class",
                        jar -> jar.manifest("Plugin-Class", "x.Main"),
                        "has Plugin-Class x.Main in its manifest, which this gateway does not follow, since a plugin is"
                                + " its extensions: move its start into a FilterFactory"),
                refusal(
                        "class path",
                        jar -> jar.manifest("Class-Path", "lib/a.jar"),
                        "has Class-Path lib/a.jar in its manifest, which this gateway does not follow, since a plugin"
                                + " is one jar: shade its libraries into it"),
                refusal(
                        "a newer API",
                        jar -> jar.manifest("Plugin-Requires", ">=9.0.0"),
                        "requires the plugin API >=9.0.0, and this gateway has 0.1.0; take a version of the plugin that"
                                + " is made for it, or another gateway"),
                refusal(
                        "a newer API, bare",
                        jar -> jar.manifest("Plugin-Requires", "0.2.0"),
                        "requires the plugin API 0.2.0, and this gateway has 0.1.0; take a version of the plugin that"
                                + " is made for it, or another gateway"),
                refusal(
                        "npm's form of a range",
                        jar -> jar.manifest("Plugin-Requires", ">=0.1 <2"),
                        "has Plugin-Requires >=0.1 <2 in its manifest (expected: a range such as >=0.1.0 & <1.0.0);"
                                + " write it in that form"),
                refusal(
                        "no index",
                        jar -> PluginJar.of("stamp", "1.0.0").source("x.A", "package x; class A {}"),
                        "has no META-INF/extensions.idx: compile with -proc:full and the plugin API as annotation"
                                + " processor (javac runs none by itself since JDK 23)"),
                refusal(
                        "PF4J's index only",
                        jar -> PluginJar.of("stamp", "1.0.0").file(ExtensionIndex.CLASSES, "x.Stamp\n"),
                        "has no META-INF/sallyport/extensions.json: compile with -proc:full and the plugin API as"
                                + " annotation processor (javac runs none by itself since JDK 23)"),
                refusal(
                        "indexes that differ",
                        jar -> jar.file(ExtensionIndex.CLASSES, "x.Other # old\n"),
                        "has two indexes that do not agree: META-INF/extensions.idx names [x.Other],"
                            + " META-INF/sallyport/extensions.json names [x.Stamp]; build the jar again from clean"),
                refusal(
                        "an index that is no JSON",
                        jar -> jar.file(ExtensionIndex.FACTS, "{"),
                        "has a META-INF/sallyport/extensions.json that is not JSON"),
                refusal(
                        "an index without a point",
                        jar -> jar.file(ExtensionIndex.FACTS, "{\"extensions\":[{\"type\":\"acme/stamp\"}]}"),
                        "has a META-INF/sallyport/extensions.json in which an extension has no 'point'; build the jar"
                                + " again with the annotation processor of the plugin API"),
                refusal(
                        "nothing",
                        jar -> jar.file(ExtensionIndex.CLASSES, "").file(ExtensionIndex.FACTS, "{}"),
                        "offers nothing; annotate a FilterFactory with @Type"),
                refusal(
                        "a class that is not there",
                        jar -> jar.extension("filter", "acme/other", "x.Other"),
                        "names the class x.Other in its index, but does not hold it; build the jar again from clean"),
                refusal(
                        "a type twice",
                        jar -> jar.filter("acme/stamp", "x.Second", "return null;"),
                        "offers the filter type acme/stamp twice; give one of them another name"),
                refusal(
                        "an unknown point",
                        jar -> jar.extension("billing", "acme/redis", "x.Stamp"),
                        "offers acme/redis at the extension point billing, which this gateway does not have (expected:"
                                + " filter, credential, admin-pages, discovery, exporter, secret-source or store);"
                                + " take a version of the plugin that is made for it"),
                refusal(
                        "admin pages that nothing permits",
                        jar -> jar.extension("admin-pages", "acme/panel", "x.Stamp"),
                        "offers the admin pages acme/panel, which have power over the gateway; permit it in the"
                                + " manifest: Plugin-Permissions: admin"),
                refusal(
                        "an odd type",
                        jar -> jar.filter("acme/rateLimit", "x.Second", "return null;"),
                        "offers the type acme/rateLimit (expected: kebab-case, such as acme/rate-limit); rename it in"
                                + " @Type"),
                refusal(
                        "a bare name of a stranger",
                        jar -> jar.filter("rate-limit", "x.Second", "return null;"),
                        "offers the type rate-limit, but bare names belong to the provider sallyport; name it"
                                + " acme/rate-limit"),
                refusal(
                        "a publisher's name of ours",
                        jar -> jar.manifest("Plugin-Provider", "sallyport"),
                        "offers the type acme/stamp as the provider sallyport; name it stamp, or set Plugin-Provider"
                                + " to acme"),
                refusal(
                        "another publisher's name",
                        jar -> jar.manifest("Plugin-Provider", "evil"),
                        "offers the type acme/stamp, but its Plugin-Provider is 'evil' (expected: acme); make the two"
                                + " equal"),
                refusal(
                        "exit",
                        jar -> jar.filter("acme/b", "x.B", "System.exit(1); return null;"),
                        "calls System.exit in x.B, which ends the whole gateway; remove the call, or permit it in the"
                                + " manifest: Plugin-Permissions: exit"),
                refusal(
                        "halt by reference",
                        jar -> jar.filter(
                                "acme/b",
                                "x.B",
                                "java.util.function.IntConsumer c = Runtime.getRuntime()::halt; return null;"),
                        "calls Runtime.halt in x.B, which ends the whole gateway; remove the call, or permit it in the"
                                + " manifest: Plugin-Permissions: exit"),
                refusal(
                        "native code",
                        jar -> jar.filter("acme/b", "x.B", "System.loadLibrary(\"z\"); return null;")
                                .manifest("Plugin-Permissions", "exit"),
                        "calls System.loadLibrary in x.B, which loads native code into the gateway; remove the call, or"
                                + " permit it in the manifest: Plugin-Permissions: native-code"));
    }

    private static Arguments refusal(String what, UnaryOperator<PluginJar> change, String sentence) {
        return Arguments.of(what, change, sentence);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesWithASentence(String what, UnaryOperator<PluginJar> change, String sentence) {
        PluginJar jar = change.apply(PluginJar.stamp("stamp", "1.0.0"));

        assertThatThrownBy(() -> read(jar)).isInstanceOf(RefusedException.class).hasMessageStartingWith(sentence);
    }

    @Test
    void takesPermittedCalls() throws Exception {
        PluginJar jar = PluginJar.of("stamp", "1.0.0")
                .manifest("Plugin-Permissions", "native-code, exit")
                .filter("acme/b", "x.B", "System.loadLibrary(\"z\"); System.exit(1); return null;");

        assertThat(read(jar).id()).isEqualTo("stamp");
    }

    @Test
    void takesShippedTypesByTheirBareNames() throws Exception {
        PluginJar jar = PluginJar.of("stamp", "1.0.0")
                .manifest("Plugin-Provider", "sallyport")
                .filter("stamp", "x.Stamp", "return null;");

        assertThat(read(jar).offers("filter", "stamp")).isTrue();
    }

    @Test
    void passesOverClassesThatThisJavaWouldNotLoad() throws Exception {
        PluginJar jar = PluginJar.stamp("stamp", "1.0.0").file("templates/Type.class", "not a class at all");

        assertThat(read(jar).id()).isEqualTo("stamp");
    }

    @Test
    void refusesADamagedClassFile() {
        PluginJar jar = PluginJar.stamp("stamp", "1.0.0").bytes("x/Bad.class", new byte[] {
            (byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 65, 0, 9, 99
        });

        assertThatThrownBy(() -> read(jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("holds a damaged class file, x/Bad.class");
    }

    @Test
    void saysWhenAJarIsNotWhole() throws Exception {
        byte[] whole = PluginJar.stamp("stamp", "1.0.0").bytes();
        for (int length : List.of(0, 10, whole.length / 2, whole.length - 1)) {
            Path jar = Files.write(folder.resolve(length + ".jar"), java.util.Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> READER.read(jar, "", jar)).isInstanceOf(ZipException.class);
        }
    }

    @Test
    void findsEveryByteThatIsDamaged() throws Exception {
        PluginJar source = PluginJar.stamp("stamp", "1.0.0").file("text", "some text of the plugin");
        byte[] whole = source.bytes();
        int damaged = 0;
        for (int i = 30; i < whole.length - 300; i += 7) {
            byte[] copy = whole.clone();
            copy[i] ^= 0x10;
            Path jar = Files.write(folder.resolve("damaged.jar"), copy);
            try {
                READER.read(jar, "", jar);
            } catch (IOException | RefusedException e) {
                damaged++;
            }
        }
        // What is left are bytes of local headers that nobody reads: times, sizes written twice.
        assertThat(damaged).isGreaterThan((whole.length - 330) / 7 * 8 / 10);
    }

    @Test
    void keepsToItsLimits() {
        PluginJar jar = PluginJar.stamp("stamp", "1.0.0").file("zeros", "0".repeat(200_000));

        assertThatThrownBy(() -> read(limits(1_000, 1 << 30, 100, 1 << 20), jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("(expected: at most 1000); leave out what it does not need");
        assertThatThrownBy(() -> read(limits(1 << 20, 100_000, 100, 1 << 20), jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("is too large unpacked, at zeros");
        assertThatThrownBy(() -> read(limits(1 << 20, 1 << 30, 3, 1 << 20), jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageEndingWith("entries (expected: at most 3); leave out what it does not need");
        assertThatThrownBy(() -> read(limits(1 << 20, 1 << 30, 100, 300), jar))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is too large unpacked");
    }

    private static ArtefactReader limits(long jar, long unpacked, int entries, int kept) {
        return new ArtefactReader(Version.parse("0.1.0"), new ArtefactReader.Limits(jar, unpacked, entries, kept));
    }
}
