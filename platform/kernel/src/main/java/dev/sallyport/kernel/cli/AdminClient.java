package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.tls.ClientTls;
import dev.sallyport.kernel.tls.Identity;
import dev.sallyport.kernel.tls.TlsFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the admin API of the gateway that runs. */
final class AdminClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CHANGE_PATIENCE = Duration.ofMinutes(5);

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
            names = "--ca",
            paramLabel = "FILE",
            description = "For https: a PEM file with the authority of the gateway's certificate; the configuration's"
                    + " certificate, else the JDK's authorities if not given.")
    private @Nullable Path ca;

    @Option(
            names = "--client-cert",
            paramLabel = "FILE",
            description = "For https: a PEM file with the certificate to show in the place of a token.")
    private @Nullable Path clientCertificate;

    @Option(names = "--client-key", paramLabel = "FILE", description = "A PEM file with its key.")
    private @Nullable Path clientKey;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration that names the admin address; conf/gateway.yaml if not given.")
    private @Nullable Path config;

    /** GETs a resource below {@code /v1}; null where there is no such one. */
    @Nullable
    JsonNode get(String path) throws CommandException, UnreachableException {
        HttpResponse<String> response = send("GET", path, HttpRequest.BodyPublishers.noBody(), PATIENCE);
        return response.statusCode() == 404 ? null : answer(response);
    }

    /**
     * Asks for something to be done, and waits until it is.
     *
     * @throws CommandException where the gateway refuses it, with its words
     */
    JsonNode change(String method, String path) throws CommandException, UnreachableException {
        return change(method, path, CHANGE_PATIENCE);
    }

    /** The same, for what takes longer. */
    JsonNode change(String method, String path, Duration patience) throws CommandException, UnreachableException {
        return answer(send(method, path, HttpRequest.BodyPublishers.noBody(), patience));
    }

    /**
     * The same, with a body of JSON.
     *
     * @param generation the one that must serve; null for any
     */
    JsonNode change(String method, String path, @Nullable JsonNode body, @Nullable Integer generation)
            throws CommandException, UnreachableException {
        return answer(send(
                method,
                path,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString()),
                CHANGE_PATIENCE,
                request -> {
                    if (body != null) {
                        request.header("Content-Type", "application/json");
                    }
                    if (generation != null) {
                        request.header("If-Match", "\"" + generation + "\"");
                    }
                }));
    }

    /** Asks something, in JSON, that changes nothing. */
    JsonNode ask(String path, JsonNode question) throws CommandException, UnreachableException {
        return answer(send(
                "POST",
                path,
                HttpRequest.BodyPublishers.ofString(question.toString()),
                PATIENCE,
                request -> request.header("Content-Type", "application/json")));
    }

    /** Whether somebody has named a gateway, or said which configuration is meant instead. */
    boolean isNamed() {
        return server != null && !server.isEmpty();
    }

    /** The configuration that is named; null where none is. */
    @Nullable
    Path config() {
        return config;
    }

    /** The same, with the bytes of a jar, and the signature that came with it. */
    JsonNode upload(String path, HttpRequest.BodyPublisher jar, @Nullable String envelope)
            throws CommandException, UnreachableException {
        String signature =
                envelope == null ? "" : Base64.getEncoder().encodeToString(envelope.getBytes(StandardCharsets.UTF_8));
        // So that a jar that is refused unread is not sent.
        return answer(send("PUT", path, jar, CHANGE_PATIENCE, request -> {
            request.header("Content-Type", "application/java-archive").expectContinue(true);
            if (!signature.isEmpty()) {
                request.header("Plugin-Signature", signature);
            }
        }));
    }

    /**
     * Reads an answer that goes on, line by line, until it ends or that is enough; empty lines are left out.
     *
     * @param more whether more are wanted after that line
     */
    void follow(String path, Predicate<String> more) throws CommandException, UnreachableException {
        URI address = address();
        HttpRequest request = request(address, path).build();
        HttpClient client = client(address);
        try (client;
                Stream<String> lines = opened(client.send(request, HttpResponse.BodyHandlers.ofLines()))) {
            Iterator<String> each = lines.iterator();
            while (each.hasNext()) {
                String line = each.next();
                if (!line.isEmpty() && !more.test(line)) {
                    client.shutdownNow();
                    return;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw unreachable(address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
    }

    private static Stream<String> opened(HttpResponse<Stream<String>> response)
            throws CommandException, UnreachableException {
        if (response.statusCode() != 200) {
            answer(response.uri(), response.statusCode(), response.body().collect(Collectors.joining("\n")));
        }
        return response.body();
    }

    /** As who asks. */
    private HttpRequest.Builder request(URI address, String path) throws CommandException, UnreachableException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/v1/" + path));
        return clientCertificate == null ? request.header("Authorization", "Bearer " + token()) : request;
    }

    private HttpClient client(URI address) throws CommandException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        if ("https".equals(address.getScheme())) {
            builder.sslContext(tls());
        }
        return builder.build();
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, Duration patience)
            throws CommandException, UnreachableException {
        return send(method, path, body, patience, request -> {});
    }

    private HttpResponse<String> send(
            String method,
            String path,
            HttpRequest.BodyPublisher body,
            Duration patience,
            Consumer<HttpRequest.Builder> more)
            throws CommandException, UnreachableException {
        URI address = address();
        HttpRequest.Builder request = request(address, path).timeout(patience).method(method, body);
        more.accept(request);
        try (HttpClient client = client(address)) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw unreachable(address);
        } catch (SSLException e) {
            throw new UnreachableException(address + ": " + e.getMessage()
                    + " (--ca names the authority of its certificate, --client-cert what is shown to it)");
        } catch (HttpTimeoutException e) {
            throw new UnreachableException(address + " has not answered in " + patience.toSeconds()
                    + " s; `sallyport plugins list` tells what came of it");
        } catch (IOException e) {
            throw unreachable(address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
    }

    private static UnreachableException unreachable(URI address) {
        return new UnreachableException(
                address + " cannot be reached; is the gateway running there? (--server names another)");
    }

    private static JsonNode answer(HttpResponse<String> response) throws CommandException, UnreachableException {
        return answer(response.uri(), response.statusCode(), response.body());
    }

    private static JsonNode answer(URI uri, int status, String body) throws CommandException, UnreachableException {
        URI address = uri.resolve("/");
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new UnreachableException(address + " is no admin API: " + e.getOriginalMessage());
        }
        String type = json.path("type").asString("");
        String detail = json.path("detail").asString(json.path("title").asString(""));
        if (status == 401) {
            throw new UnreachableException(address + " does not know this token; name its file with --token-file");
        }
        if (type.endsWith(":forbidden")) {
            throw new UnreachableException(address + " does not allow this: " + detail);
        }
        if (status >= 300) {
            throw new RefusedException(
                    type,
                    detail.isEmpty() ? address + " answered " + status : "refused: " + detail + errors(json, detail));
        }
        return json;
    }

    /** What is wrong, a line each. */
    private static String errors(JsonNode problem, String told) {
        StringBuilder lines = new StringBuilder();
        for (JsonNode error : problem.path("errors")) {
            if (!error.asString("").equals(told)) {
                lines.append("\n  ").append(error.asString(""));
            }
        }
        String patch = problem.path("patch").asString("");
        return lines + (patch.isEmpty() ? "" : "\n" + patch.stripTrailing());
    }

    private SSLContext tls() throws CommandException {
        if ((clientCertificate == null) != (clientKey == null)) {
            throw new CommandException("--client-cert and --client-key (expected: both or none)");
        }
        try {
            Identity identity =
                    clientCertificate == null || clientKey == null ? null : Identity.read(clientCertificate, clientKey);
            GatewayConfig.Admin own = ca == null && !isNamed() ? configured() : null;
            Path known = own == null || own.tls() == null ? ca : own.tls().certificate();
            return ClientTls.of(known, identity);
        } catch (TlsFileException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private URI address() throws CommandException {
        String text = server == null ? "" : server;
        if (!isNamed()) {
            GatewayConfig.Admin own = configured();
            text = own == null ? "http://127.0.0.1:9901" : (own.tls() == null ? "http://" : "https://") + own.address();
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

    private GatewayConfig.@Nullable Admin configured() throws CommandException {
        Path file = file();
        if (Files.isRegularFile(file)) {
            try (Installation.Offline offline = Installation.offline(file)) {
                Reading reading = offline.reader().read(offline.catalogue(), new ConfigReader.Options(true, Set.of()));
                if (reading.config() != null) {
                    return reading.config().config().admin();
                }
            }
        }
        return null;
    }

    /** The configuration that is meant, which may not be there. */
    Path file() {
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
