package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.balance.TargetGroups;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.upstream.Http1Client;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes all steps of a configuration, as a gateway would, and closes them again: what only their code knows comes to light. */
final class DeepCheck implements AutoCloseable {

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Compiler.Result result;

    private DeepCheck(ResolvedConfig config, Installation.Offline offline, Path file) {
        Deadlines deadlines = opened(new Deadlines());
        Http1Client client = opened(new Http1Client());
        TargetGroups targets = opened(TargetGroups.offline(client));
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder of the configuration");
        Compiler compiler = new Compiler(
                offline.lent().get(), offline.open(), client, targets, deadlines, offline.plugins(), folder);
        result = compiler.compile(config, offline.catalogue(), 1, Map.of(), null, compiler::dispose);
        Generation generation = result.generation();
        if (generation != null) {
            toClose.push(generation::retire);
        }
    }

    static List<ConfigProblem> run(ResolvedConfig config, Installation.Offline offline, Path file)
            throws CommandException {
        try (DeepCheck check = of(config, offline, file)) {
            return check.problems();
        }
    }

    /** Makes them, and keeps them until it is closed. */
    static DeepCheck of(ResolvedConfig config, Installation.Offline offline, Path file) {
        return new DeepCheck(config, offline, file);
    }

    /** What they are compiled into; null where there are problems. */
    @Nullable
    Generation generation() {
        return result.generation();
    }

    /** What is in the way. */
    List<ConfigProblem> problems() {
        return result.problems();
    }

    private <T extends AutoCloseable> T opened(T part) {
        toClose.push(part);
        return part;
    }

    @Override
    public void close() throws CommandException {
        CommandException failed = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                failed = new CommandException(
                        "what was made to check the steps cannot be taken back: " + e.getMessage());
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
