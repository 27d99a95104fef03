package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Trust;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code sallyport market verify}. */
@Command(
        name = "verify",
        description = "Tells whether jars are trusted by a configuration, and by whose signature.",
        mixinStandardHelpOptions = true)
final class MarketVerify implements Callable<Integer> {

    @Parameters(paramLabel = "JAR", arity = "1..*", description = "Jars of plugins.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<Path> jars;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Installation installation;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** @param said one sentence that goes on where the jar's name stood */
    private record Verified(Path jar, Artefact artefact, boolean trusted, String said) {}

    @Override
    public Integer call() throws CommandException {
        Trust trust = trust();
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode list = JsonMapper.shared().createArrayNode();
        boolean all = true;
        for (Path jar : jars) {
            Verified verified = verify(trust, jar);
            all &= verified.trusted();
            if (json) {
                list.addObject()
                        .put("file", jar.toString())
                        .put("id", verified.artefact().id())
                        .put("version", verified.artefact().version())
                        .put("sha256", verified.artefact().sha256())
                        .put("trusted", verified.trusted())
                        .put("reason", verified.said());
            } else {
                out.println(jar.getFileName() + " " + verified.said());
            }
        }
        if (json) {
            out.println(list.toPrettyString());
        }
        return all ? Sallyport.YES : Sallyport.NO;
    }

    private Trust trust() throws CommandException {
        Path config = installation.config();
        TrustConfig trust = new ConfigReader(config, Installation.home(), System::getenv).trust();
        if (trust == null) {
            throw new CommandException(config + " does not say validly whom it trusts; `sallyport check` tells more");
        }
        return Trust.of(trust);
    }

    private static Verified verify(Trust trust, Path jar) throws CommandException {
        Artefact artefact = MarketSign.inspect(jar);
        return switch (trust.judge(artefact)) {
            case Trust.Verdict.Signed signed ->
                new Verified(jar, artefact, true, "is " + artefact + ", signed by " + signed.publisher());
            case Trust.Verdict.Listed _ ->
                new Verified(jar, artefact, true, "is " + artefact + ", whose hash the configuration lists");
            case Trust.Verdict.Unsigned _ -> new Verified(jar, artefact, false, "is " + artefact + ", not signed");
            case Trust.Verdict.Wrong wrong -> new Verified(jar, artefact, false, wrong.reason());
        };
    }
}
