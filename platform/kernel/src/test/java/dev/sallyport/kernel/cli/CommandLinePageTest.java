package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The page on the command line is what the commands say of themselves. {@code -Dsallyport.rewrite=true} writes it anew. */
final class CommandLinePageTest {

    private static final Path PAGE = Path.of("../../docs/reference/command-line.md");

    private static final String START = """
        # Command line

        What each command says with `--help`. All end with 0 for yes or done, 1 for no, 2 for wrong usage, and 3 where the gateway cannot be reached or does not know the caller.

        """;

    @Test
    void pageIsWhatTheCommandsSay() throws IOException {
        StringBuilder page = new StringBuilder(START);
        for (CommandLine command : Sallyport.line().getSubcommands().values()) {
            add(command, page);
        }

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("run this test with -Dsallyport.rewrite=true")
                .isEqualTo(page.toString());
    }

    private static void add(CommandLine command, StringBuilder page) {
        var spec = command.getCommandSpec();
        spec.usageMessage().width(100);
        page.append(spec.parent().parent() == null ? "## " : "### ")
                .append(spec.qualifiedName(" ").replaceFirst("^sallyport ", ""))
                .append("\n\n```text\n")
                .append(command.getUsageMessage(Ansi.OFF)
                        .replaceAll("(?m) +$", "")
                        .replace("\r", ""))
                .append("```\n\n");
        command.getSubcommands().values().forEach(each -> add(each, page));
    }
}
