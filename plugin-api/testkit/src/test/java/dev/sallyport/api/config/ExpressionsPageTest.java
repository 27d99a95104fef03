package dev.sallyport.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page of expressions lists what there is. Run with {@code -Dsallyport.rewrite=true} to write the lists anew, and read the
 * difference.
 */
final class ExpressionsPageTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "reference", "expressions.md");

    @Test
    void listsTheNamesAndFunctions() throws IOException {
        String page = Files.readString(PAGE);
        String expected = with(with(page, "names", names()), "functions", functions());
        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(page).isEqualTo(expected);
    }

    private static String names() {
        return "| name | kind | |\n| --- | --- | --- |\n"
                + Vocabulary.names().stream()
                        .map(name -> "| `" + name.form() + "` | "
                                + (name.kind() == Kind.ANY ? "any" : name.kind().words()) + " | "
                                + where(name.sight()) + name.words()
                                + " |\n")
                        .collect(Collectors.joining());
    }

    private static String where(Sight sight) {
        return switch (sight) {
            case RESPONSE -> "where there is a response: ";
            case COMPLETION -> "once the exchange has ended: ";
            case REQUEST, MATCH -> "";
        };
    }

    private static String functions() {
        Map<String, String> words = new LinkedHashMap<>();
        for (Vocabulary.Function function : Vocabulary.functions()) {
            String result =
                    function.result() == Kind.ANY ? "any" : function.result().words();
            String told = function.words()
                    + (((Functions.Form) function).isConstant()
                                    && !function.parameters().isEmpty()
                            ? " (written out)"
                            : "");
            words.put(function.form(), " | " + result + " | " + told);
        }
        return "| function | gives | |\n| --- | --- | --- |\n"
                + words.entrySet().stream()
                        .map(row -> "| `" + row.getKey().replace("any value", "any") + "`" + row.getValue() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String with(String page, String mark, String text) {
        int from = page.indexOf("<!-- " + mark + " -->\n") + mark.length() + 10;
        int to = page.indexOf("<!-- /" + mark + " -->");
        return page.substring(0, from) + text + page.substring(to);
    }
}
