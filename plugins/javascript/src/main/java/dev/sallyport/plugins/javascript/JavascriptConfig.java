package dev.sallyport.plugins.javascript;

import dev.sallyport.api.Scripts.Isolation;
import dev.sallyport.api.Scripts.Limits;
import dev.sallyport.api.Scripts.Origin;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.List;
import java.util.Map;

/** Settings of {@code javascript}. */
@Doc("Changes requests and responses by a JavaScript module.")
public record JavascriptConfig(
        @Doc("The module, relative to the scripts folder.") String script,
        @Doc("What the script sees as config.") Map<String, Object> config,
        @Doc("What one call may use.") @Default("{}") Limits limits,

        @Doc("How much one call shares with the calls before it.") @Default("request")
        Isolation isolation,

        @Doc("Where the script may send requests by fetch: https://api.example.com, https://*.example.com.")
        @Default("[]")
        List<Origin> fetch) {}
