package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.deploy.StartException;
import dev.sallyport.kernel.log.GatewayLog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport run}. */
@Command(
        name = "run",
        description = "Serves until it is told to end.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "SIGTERM and Ctrl-C let requests come to their end first; a second one ends at once.",
            "Where memory runs out, the launcher starts it again on what served last.",
            "SIGHUP reads the configuration again; so does any change of its files, of scripts and of plugins."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        Launcher.endWithIt();
        PrintWriter out = spec.commandLine().getOut();
        Path config = installation.config();
        Gateway gateway = start(config, Installation.home());
        Announcement.print(gateway, config, out);
        try (Stopping stopping = new Stopping()) {
            Signals.on("HUP", () -> Thread.ofPlatform().name("reload").start(() -> gateway.reload("SIGHUP")));
            Announcement.ready(out);
            stopping.await();
            gateway.close();
        }
        return Sallyport.YES;
    }

    /** Starts a gateway, or says why that cannot be. */
    static Gateway start(Path config, Path home) throws CommandException {
        return start(config, home, UnaryOperator.identity());
    }

    /** The same with other folders than the configuration names. */
    static Gateway start(Path config, Path home, UnaryOperator<GatewayConfig.Folders> folders) throws CommandException {
        try {
            return Gateway.start(config, home, folders, new GatewayLog(), Launcher.startsAgain());
        } catch (StartException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}
