package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An Elasticsearch to send to. */
public record ElasticsearchConfig(
        @Doc("Its servers, http:// or https://, with a path where they have one; another one is used where one is"
                + " away.")
        @Min(1)
        @Shorthand
        List<URI> url,

        @Doc("An API key, as Elasticsearch gives it out (encoded).") @Nullable
        Secret apiKey,

        @Doc("A user, in the place of an API key.") @Nullable
        String user,

        @Doc("The user's password.") @Nullable Secret password,

        @Doc("How certificates are checked and shown, with https://; by default by what the Java runtime trusts.")
        @Nullable
        Tls tls,

        @Doc("The data stream; where the server has none, an alias over numbered indices.")
        @Default("logs-sallyport.access-default")
        String dataStream,

        @Doc("Whether to install lifecycle policy and templates, and to renew older ones.") @Default("true")
        boolean install,

        @Doc("What becomes of indices in time; only with install.") @Nullable
        Lifecycle lifecycle,

        @Doc("Whether requests are compressed.") boolean compress,

        @Doc("How long an answer may take.") @Default("30s") @Min(100) @Max(600_000)
        Duration timeout) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,199}");

    /** Checks what one key says against the others. */
    public ElasticsearchConfig {
        url = List.copyOf(url);
        for (int i = 0; i < url.size(); i++) {
            check(url.get(i), url.size() == 1 ? "url" : "url[" + i + "]");
        }
        if (!NAME.matcher(dataStream).matches()) {
            throw new ConfigException(
                    "dataStream", dataStream + " (expected: lower case letters, digits, and - _ . behind the first)");
        }
        if (apiKey != null && user != null) {
            throw new ConfigException("user", user + " (expected: apiKey or user, not both); remove one");
        }
        if ((user == null) != (password == null)) {
            throw new ConfigException(
                    user == null ? "user" : "password", "missing (expected: user and password together); add it");
        }
        if (tls != null && url.stream().noneMatch(each -> "https".equals(each.getScheme()))) {
            throw new ConfigException("tls", "beside http:// (expected: https:// for TLS); change the URL");
        }
    }

    private static void check(URI url, String key) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getRawUserInfo() != null || url.getRawQuery() != null) {
            throw new ConfigException(
                    key,
                    (url.getRawUserInfo() == null ? url.toString() : url.getScheme() + "://…")
                            + " (expected: a URL such as https://127.0.0.1:9200; user and password have keys of their"
                            + " own)");
        }
    }

    Output open() {
        SSLContext context = tls == null ? null : tls.context("elasticsearch.tls");
        String authorization = authorization();
        List<Node> nodes = url.stream()
                .map(each -> new Node(each, authorization, context, timeout, compress))
                .toList();
        return new ElasticsearchOutput(
                nodes, new IndexStream(dataStream, install, lifecycle == null ? Lifecycle.DEFAULT : lifecycle));
    }

    private @Nullable String authorization() {
        if (apiKey != null) {
            return "ApiKey " + apiKey.value();
        }
        return user == null || password == null ? null : basic(user, password);
    }

    static String basic(String user, Secret password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password.value()).getBytes(StandardCharsets.UTF_8));
    }
}
