package dev.sallyport.kernel.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code sallyport consumers}. */
@Command(
        name = "consumers",
        description = "Keys for those who call.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConsumersCommand.Add.class, ConsumersList.class, ConsumersRemove.class})
final class ConsumersCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** {@code sallyport consumers add}. */
    @Command(
            name = "add",
            description = "Makes a key, shows it once, and prints the YAML to paste; only the key's hash is in there.",
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {

        private static final int KEY_BYTES = 32;

        @Parameters(paramLabel = "NAME", description = "The consumer's name.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                defaultValue = "key-auth",
                description = "The credential's type; ${DEFAULT-VALUE} if not given.")
        @SuppressWarnings("NullAway.Init")
        private String type;

        @Option(names = "--id", paramLabel = "ID", description = "A name for the key, shown in logs in its place.")
        private @Nullable String id;

        @Option(
                names = "--expires",
                paramLabel = "DATE",
                description = "The first day on which it is refused, such as 2027-01-01.")
        private @Nullable LocalDate expires;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            if (!name.matches("[\\w.@-]+") || (id != null && !id.matches("[\\w.@-]+"))) {
                throw new CommandException(
                        name + (id == null ? "" : ", " + id) + " (expected: letters, digits, '.', '_', '@' and '-')");
            }
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(JsonMapper.shared()
                        .createObjectNode()
                        .put("name", name)
                        .put("key", key)
                        .put("yaml", yaml(key))
                        .toPrettyString());
            } else {
                out.println("The key, which is shown this once:");
                out.println();
                out.println("  " + key);
                out.println();
                out.println("The lines for the configuration:");
                out.println();
                out.print(yaml(key));
            }
            return Sallyport.YES;
        }

        private String yaml(String key) {
            return "consumers:\n"
                    + "  - name: " + name + "\n"
                    + "    credentials: [{" + type + ": {hash: \"sha256:" + sha256(key) + "\""
                    + (id == null ? "" : ", id: " + id)
                    + (expires == null ? "" : ", expires: " + expires)
                    + "}}]\n";
        }

        private static String sha256(String key) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
