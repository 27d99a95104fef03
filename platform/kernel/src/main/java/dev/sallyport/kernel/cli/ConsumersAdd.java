package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.WrittenJson;
import dev.sallyport.kernel.config.YamlEdit;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport consumers add}. */
@Command(
        name = "add",
        description = {
            "Makes a key for a consumer and shows it once; only its hash leaves this command. Where the admin API owns"
                + " the configuration of the gateway that runs, the key is good when the command ends; a consumer that"
                + " is there keeps its other keys. Else it prints the YAML to paste.",
            "With --password it asks for a password instead."
        },
        mixinStandardHelpOptions = true)
final class ConsumersAdd implements Callable<Integer> {

    private static final String OWNED_BY_FILES = ":files-own-config";

    @Parameters(paramLabel = "NAME", description = "The consumer's name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "The credential's type; key-auth, or basic-auth with --password, if not given.")
    private @Nullable String type;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "A name for the key, shown in traces and lists in its place; random if not given.")
    private @Nullable String id;

    @Option(
            names = "--expires",
            paramLabel = "DATE",
            description = "The first day on which the key is refused, such as 2027-01-01.")
    private @Nullable LocalDate expires;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "A group of the consumer, where it is made; may be given several times.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description = "A tag of the consumer, where it is made; may be given several times.")
    private Map<String, String> tags = new TreeMap<>();

    @Option(
            names = "--password",
            description =
                    "Asks for a password, twice, or reads it from the standard input where that is no terminal, and"
                            + " hashes it by bcrypt.")
    private boolean password;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "The name that goes with the password; the consumer's if not given.")
    private @Nullable String user;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private AdminClient admin;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, UnreachableException {
        if (!name.matches("[\\w.@-]+")) {
            throw new CommandException(name + " (expected: letters, digits, '.', '_', '@' and '-')");
        }
        if (id != null && !id.matches("[A-Za-z0-9.-]{1,32}")) {
            throw new CommandException("--id " + id + " (expected: up to 32 letters, digits, '.' and '-')");
        }
        if (password ? expires != null : user != null) {
            throw new CommandException(
                    password
                            ? "--expires with --password (expected: one of them; passwords do not expire)"
                            : "--user (expected: together with --password)");
        }
        NewCredential made = password ? NewCredential.ofPassword(id) : NewCredential.ofKey(id, expires);
        String credentialType = type != null ? type : password ? "basic-auth" : "key-auth";
        if (user != null) {
            made.settings().put("user", user);
        }
        ObjectNode credential = JsonMapper.shared().createObjectNode();
        credential.set(credentialType, made.settings());
        ObjectNode answer =
                JsonMapper.shared().createObjectNode().put("name", name).put("id", made.id());
        if (made.key() != null) {
            answer.put("key", made.key());
        }
        Integer generation = bring(credential);
        if (generation != null) {
            answer.put("generation", generation);
        } else {
            answer.put("yaml", yaml(credential));
        }
        tell(answer);
        return Sallyport.YES;
    }

    /** Has the gateway that runs take it, and says in which generation; null where that is for its files to say. */
    private @Nullable Integer bring(ObjectNode credential) throws CommandException, UnreachableException {
        String path = "consumers/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        try {
            boolean exists = admin.get(path) != null;
            if (exists && !(groups.isEmpty() && tags.isEmpty())) {
                throw new CommandException("consumer " + name
                        + " is there, with its groups and tags (expected: neither --group nor --tag)");
            }
            JsonNode done = exists
                    ? admin.change("POST", path + "/credentials", credential, null)
                    : admin.change("PUT", path, consumer(credential), null);
            return done.path("generation").asInt(0);
        } catch (RefusedException e) {
            if (e.type().endsWith(OWNED_BY_FILES)) {
                return null;
            }
            throw e;
        } catch (UnreachableException e) {
            if (admin.isNamed()) {
                throw e;
            }
            return null; // nobody has said that there is one
        }
    }

    private ObjectNode consumer(ObjectNode credential) {
        ObjectNode consumer = JsonMapper.shared().createObjectNode().put("name", name);
        groups.forEach(group -> consumer.withArray("groups").add(group));
        tags.forEach((tag, value) -> consumer.withObject("/tags").put(tag, value));
        consumer.putArray("credentials").add(credential);
        return consumer;
    }

    private String yaml(ObjectNode credential) {
        return new YamlEdit("consumers", name).put("", WrittenJson.node(consumer(credential)));
    }

    private void tell(ObjectNode answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer.toPrettyString());
            return;
        }
        if (answer.has("key")) {
            out.println("The key, which is shown this once:");
            out.println();
            out.println("  " + answer.path("key").asString(""));
            out.println();
        }
        if (answer.has("generation")) {
            out.println("generation " + answer.path("generation").asString("") + " serves: " + name + " may enter with "
                    + answer.path("id").asString(""));
        } else {
            out.println("The lines for the configuration; a consumer that is there gets the credential alone:");
            out.println();
            out.print(answer.path("yaml").asString(""));
        }
    }
}
