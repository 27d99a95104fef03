package dev.sallyport.kernel.market;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A marketplace behind a web server.
 *
 * <ol>
 *   <li>Nothing is asked of another host, port or scheme than the configured one, whatever it is redirected to.
 *   <li>The server's certificate is verified.
 * </ol>
 */
final class HttpFiles implements MarketFiles {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_REDIRECTS = 5;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d+|\\*)");

    private final URI base;
    private final HttpClient client;

    /** @param base ends in a slash */
    HttpFiles(URI base, ProxySelector proxies, @Nullable SSLContext tls) {
        this.base = base;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(PATIENCE)
                .proxy(proxies);
        if (tls != null) {
            builder.sslContext(tls);
        }
        client = builder.build();
    }

    @Override
    public @Nullable Opened open(String file, long from, String validator) throws IOException, MarketException {
        URI uri = base.resolve(file);
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response = send(uri, from, validator);
            int status = response.statusCode();
            if (status == 200 || status == 206) {
                return opened(response, from);
            }
            response.body().close();
            if (status == 404 || status == 410) {
                return null;
            }
            if (status == 416 && from > 0) {
                return open(file, 0, "");
            }
            if (status / 100 != 3) {
                throw new MarketException(uri + " answered " + status
                        + " (expected: 200); try again, or mend the url of" + " the marketplace");
            }
            uri = target(uri, response);
        }
        throw new MarketException(base.resolve(file) + " is redirected more than " + MOST_REDIRECTS
                + " times; mend the url of the marketplace");
    }

    private HttpResponse<InputStream> send(URI uri, long from, String validator) throws IOException, MarketException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
            if (!validator.isEmpty()) {
                request.header("If-Range", validator);
            }
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MarketException("interrupted");
        }
    }

    private URI target(URI uri, HttpResponse<?> response) throws MarketException {
        String location = response.headers().firstValue("location").orElse("");
        URI target;
        try {
            target = uri.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new MarketException(uri + " is redirected to nowhere; mend the url of the marketplace");
        }
        boolean same = Objects.equals(base.getScheme(), target.getScheme())
                && Objects.equals(base.getHost(), target.getHost())
                && base.getPort() == target.getPort();
        if (!same || location.isEmpty()) {
            throw new MarketException(uri + " is redirected to " + target.getScheme() + "://" + target.getAuthority()
                    + ", which is not the configured marketplace (expected: the same scheme, host and port); configure"
                    + " the url where its files are, if you trust it to be asked");
        }
        return target;
    }

    private static Opened opened(HttpResponse<InputStream> response, long asked) throws IOException, MarketException {
        String etag = response.headers().firstValue("etag").orElse("");
        // A weak one does not say that the bytes are the same.
        String validator = etag.startsWith("\"")
                ? etag
                : response.headers().firstValue("last-modified").orElse("");
        if (response.statusCode() == 200) {
            return new Opened(response.body(), 0, validator);
        }
        Matcher range = CONTENT_RANGE.matcher(
                response.headers().firstValue("content-range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != asked) {
            response.body().close();
            throw new MarketException(response.uri() + " sent another part than was asked for (expected: from byte "
                    + asked + "); try again");
        }
        return new Opened(response.body(), asked, validator);
    }

    @Override
    public String place(String file) {
        return base.resolve(file).toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
