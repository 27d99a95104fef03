package dev.sallyport.plugins.console;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the service {@code console}.
 *
 * @param idle how long a session lives without being used
 * @param longest how long a session lives at most
 * @param sessions how many there are at most
 * @param sessionsEach how many one person has at most
 * @param history whether figures are kept
 * @param keepRequests how many of the last requests can be searched
 * @param links from requests to other places
 * @param oidc logs people in at an OpenID provider; null for tokens alone
 */
public record ConsoleConfig(
        @Doc("How long a session lives while nobody uses its page.") @Default("30m") @Min(60_000) @Max(86_400_000)
        Duration idle,

        @Doc("How long a session lives at most; then one logs in again.") @Default("8h") @Min(60_000) @Max(604_800_000)
        Duration longest,

        @Doc("How many sessions there are at most; with more, nobody else can log in.")
        @Default("200")
        @Min(1)
        @Max(5000)
        int sessions,

        @Doc("How many sessions one person has at most; with more, the oldest ends.") @Default("10") @Min(1) @Max(1000)
        int sessionsEach,

        @Doc("Whether figures are kept for the charts, for up to 60 days in the folder data. Without it they show what"
                + " passes while somebody looks.")
        @Default("true")
        boolean history,

        @Doc("How many of the last requests can be searched; 0 for none.") @Default("5000") @Min(0) @Max(100_000)
        int keepRequests,

        @Doc("Where requests lead to besides, such as Kibana; at most 8. Whoever may look sees these addresses.")
        List<LinkConfig> links,

        @Doc("Lets people log in at an OpenID provider, beside the tokens of the admin API.") @Nullable
        OidcConfig oidc) {

    private static final int MOST_LINKS = 8;

    /** @throws ConfigException where the two times contradict each other, or there are too many links */
    public ConsoleConfig {
        links = List.copyOf(links);
        if (links.size() > MOST_LINKS) {
            throw new ConfigException("links", links.size() + " (expected: at most " + MOST_LINKS + ")");
        }
        if (longest.compareTo(idle) < 0) {
            throw new ConfigException("longest", longest + " (expected: not less than idle)");
        }
    }
}
