package dev.sallyport.plugins.elk;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A Logstash to send to, or whatever else takes JSON lines. */
public record LogstashConfig(
        @Doc("Its input: http:// or https:// of the plugin http, which acknowledges; tcp:// or tls:// of the plugin"
                + " tcp with the codec json_lines, which does not.")
        @Shorthand
        URI url,

        @Doc("A user of the input http.") @Nullable String user,

        @Doc("The user's password.") @Nullable Secret password,

        @Doc("How certificates are checked and shown, with https:// or tls://; by default by what the Java runtime"
                + " trusts.")
        @Nullable
        Tls tls,

        @Doc("How long a connection, an answer, or taking the next lines may take.")
        @Default("30s")
        @Min(100)
        @Max(600_000)
        Duration timeout) {

    private static final Set<String> SCHEMES = Set.of("http", "https", "tcp", "tls");

    /** Checks what one key says against the others. */
    public LogstashConfig {
        String scheme = String.valueOf(url.getScheme());
        boolean lines = scheme.startsWith("t");
        if (!SCHEMES.contains(scheme)
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || (lines && url.getPort() < 0)) {
            throw new ConfigException(
                    "url",
                    (url.getRawUserInfo() == null && url.getRawQuery() == null ? url.toString() : scheme + "://…")
                            + " (expected: a URL such as http://127.0.0.1:8080 or tcp://127.0.0.1:5044; user and"
                            + " password have keys of their own, and a query would show in logs)");
        }
        if ((user == null) != (password == null)) {
            throw new ConfigException(
                    user == null ? "user" : "password", "missing (expected: user and password together); add it");
        }
        if (lines && user != null) {
            throw new ConfigException(
                    "user", user + " (expected: none with " + scheme + "://, which knows no users); remove it");
        }
        if (tls != null && !scheme.equals("https") && !scheme.equals("tls")) {
            throw new ConfigException("tls", "beside " + scheme + ":// (expected: https:// or tls://); change the URL");
        }
    }

    Output open() {
        SSLContext context = tls == null ? null : tls.context("logstash.tls");
        if (url.getScheme().startsWith("t")) {
            return new LinesOutput(url, context, timeout);
        }
        return new HttpOutput(
                url,
                user == null || password == null ? null : ElasticsearchConfig.basic(user, password),
                context,
                timeout);
    }
}
