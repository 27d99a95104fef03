package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches a jar by its URL: the server's certificate is verified, and no more is read than a gateway takes. */
final class Download {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Download() {}

    static void to(Path file, URI url, long limit) throws CommandException {
        int status = get(file, url, limit);
        if (status != 200) {
            throw new CommandException(url + " answered " + status + " (expected: 200)");
        }
    }

    /** The same; no file where the server has none. */
    static void ifThere(Path file, URI url, long limit) throws CommandException {
        int status = get(file, url, limit);
        if (status != 200 && status != 404) {
            throw new CommandException(url + " answered " + status + " (expected: 200, or 404 for none)");
        }
    }

    private static int get(Path file, URI url, long limit) throws CommandException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(PATIENCE)
                .build()) {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() == 200) {
                    copy(in, file, url, limit);
                }
                return response.statusCode();
            }
        } catch (IOException e) {
            throw new CommandException(url + " cannot be fetched: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted");
        }
    }

    private static void copy(InputStream in, Path file, URI url, long limit) throws IOException, CommandException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[64 << 10];
            long left = limit;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left -= read;
                if (left < 0) {
                    throw new CommandException(url + " has more than " + limit + " bytes");
                }
                out.write(buffer, 0, read);
            }
        }
    }
}
