package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.Reading;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the admin API of the gateway that runs. */
final class AdminClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:SALLYPORT_SERVER}",
            description = "The admin address; SALLYPORT_SERVER, else the configuration's if not given.")
    private @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file with the token; SALLYPORT_TOKEN, else data/admin.token if not given.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration that names the admin address; conf/gateway.yaml if not given.")
    private @Nullable Path config;

    /** GETs a resource below {@code /v1}; null where there is no such one. */
    @Nullable
    JsonNode get(String path) throws CommandException, UnreachableException {
        return send("GET", path, PATIENCE);
    }

    /** POSTs to a resource below {@code /v1}; null where there is no such one. */
    @Nullable
    JsonNode post(String path, Duration patience) throws CommandException, UnreachableException {
        return send("POST", path, patience);
    }

    private @Nullable JsonNode send(String method, String path, Duration patience)
            throws CommandException, UnreachableException {
        URI address = address();
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token())
                .timeout(patience)
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> JsonMapper.shared().readTree(response.body());
                case 404 -> null;
                case 401, 403 ->
                    throw new UnreachableException(
                            address + " does not know this token; name its file with --token-file");
                default ->
                    throw new CommandException(address + " answered " + response.statusCode() + ": " + response.body());
            };
        } catch (IOException e) {
            throw new UnreachableException(
                    address + " cannot be reached; is the gateway running there? (--server names another)");
        } catch (JacksonException e) {
            throw new UnreachableException(address + " is no admin API: " + e.getOriginalMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
    }

    private URI address() throws CommandException {
        String text = server;
        if (text == null || text.isEmpty()) {
            text = "http://" + configured();
        }
        try {
            URI address = URI.create(text.contains("://") ? text : "http://" + text);
            if (address.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw new CommandException(text + " (expected: a URL such as http://127.0.0.1:9901)");
        }
    }

    private String configured() throws CommandException {
        Path file = file();
        if (Files.isRegularFile(file)) {
            try (Installation.Offline offline = Installation.offline(file)) {
                Reading reading = offline.reader().read(offline.catalogue(), new ConfigReader.Options(true, Set.of()));
                if (reading.config() != null) {
                    return reading.config().config().admin().address().toString();
                }
            }
        }
        return "127.0.0.1:9901";
    }

    private Path file() {
        return config == null ? Installation.home().resolve("conf/gateway.yaml") : config;
    }

    private String token() throws CommandException, UnreachableException {
        String given = System.getenv("SALLYPORT_TOKEN");
        if (tokenFile == null && given != null && !given.isBlank()) {
            return given.strip();
        }
        Path file = tokenFile != null ? tokenFile : data().resolve("admin.token");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UnreachableException(
                    file + " cannot be read; name the token's file with --token-file, or set SALLYPORT_TOKEN");
        }
    }

    private Path data() {
        Path file = file();
        return Installation.home()
                .resolve(
                        Files.isRegularFile(file)
                                ? new ConfigReader(file, Installation.home(), System::getenv)
                                        .folders()
                                        .data()
                                : "data");
    }
}
