package dev.sallyport.kernel.cli;

import dev.sallyport.marketplace.Signer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code sallyport market keygen}. */
@Command(
        name = "keygen",
        description = "Makes a key to sign plugins with, and prints the YAML for those who are to trust it.",
        mixinStandardHelpOptions = true)
final class MarketKeygen implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The publisher's name; what its plugins' ids begin with.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(names = "--key", paramLabel = "FILE", description = "Where the private key goes; NAME.key if not given.")
    private @Nullable Path file;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,98}")) {
            throw new CommandException(name + " (expected: letters, digits, '.', '_' and '-')");
        }
        Path key = file == null ? Path.of(name + ".key") : file;
        Signer signer = Signer.generate();
        try {
            write(key.toAbsolutePath(), signer.toPem());
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(key + " is there already, and a key is never overwritten; name another file");
        } catch (IOException e) {
            throw new CommandException(key + " cannot be written: " + e);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared()
                    .createObjectNode()
                    .put("name", name)
                    .put("file", key.toString())
                    .put("publicKey", signer.publicKey().toString())
                    .put("keyId", "sha256:" + signer.publicKey().id())
                    .put("yaml", yaml(signer))
                    .toPrettyString());
        } else {
            out.println("The private key is in " + key + ": whoever has it signs as " + name + ", so keep it safe.");
            out.println("Its key id, by which it can be revoked, is sha256:"
                    + signer.publicKey().id() + ".");
            out.println();
            out.println("The lines for the configuration of those who trust it:");
            out.println();
            out.print(yaml(signer));
        }
        return Sallyport.YES;
    }

    private String yaml(Signer signer) {
        return "trust:\n"
                + "  publishers:\n"
                + "    - name: \"" + name + "\"\n"
                + "      keys: [\"" + signer.publicKey() + "\"]\n"
                + "      prefixes: [\"" + name + "-\"]\n";
    }

    /** For its owner's eyes only, from the first byte on. */
    private static void write(Path file, String pem) throws IOException {
        FileAttribute<?>[] attributes = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)
                .close();
        Files.writeString(file, pem, StandardCharsets.US_ASCII);
    }
}
