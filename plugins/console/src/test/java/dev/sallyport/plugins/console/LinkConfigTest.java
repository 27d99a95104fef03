package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinkConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://kibana.example.com/app/discover#/?_g=(time:(from:'{from}',to:'{to}'))&_a=(query:(language:kuery,query:'id:%22{id}%22'))",
                "http://127.0.0.1:5601/app?trace={trace}&route={route}&consumer={consumer}",
                "https://logs.example.com?at={time}&from={fromMillis}&to={toMillis}",
                "https://logs.example.com"
            })
    void leadsToAHost(String url) {
        assertThat(new LinkConfig("Kibana", url).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JAVASCRIPT://example.com/%0aalert(1)",
                "data:text/html,x",
                "ftp://example.com/",
                "//example.com/",
                "/relative",
                "https://{route}.example.com/",
                "https://{route}/",
                "https://user:secret@example.com/",
                "https://example.com/{cookie}",
                "https://example.com/\"quoted\"",
                "https:///nowhere",
                ""
            })
    void refusesWhatAPageMayNotLeadTo(String url) {
        assertThatThrownBy(() -> new LinkConfig("Kibana", url))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void hasAName() {
        assertThatThrownBy(() -> new LinkConfig(" ", "https://example.com/")).isInstanceOf(ConfigException.class);
    }
}
