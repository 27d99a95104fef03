package dev.sallyport.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A realm of a {@link Keycloak}: issues tokens, and is changed as an administrator would. Thread-safe.
 *
 * <p>What fails is an {@link AssertionError} that shows the answer.
 */
public final class KeycloakRealm {

    /** Name and password of the administrator. */
    static final String ADMIN = "admin";

    private final Keycloak keycloak;
    private final String name;

    KeycloakRealm(Keycloak keycloak, String name) {
        this.keycloak = keycloak;
        this.name = name;
    }

    /** The {@code iss} of its tokens; metadata are under {@code /.well-known/openid-configuration} after it. */
    public String issuer() {
        return keycloak.address() + "/realms/" + name;
    }

    /** One of its endpoints: {@code token}, {@code certs}, {@code auth}, {@code token/introspect}, {@code logout}, …. */
    public URI endpoint(String which) {
        return URI.create(issuer() + "/protocol/openid-connect/" + which);
    }

    /**
     * Makes a user who can log in at once.
     *
     * @return the user's id, which is the {@code sub} of the tokens
     */
    public String createUser(String user, String password) {
        return created("users", """
            {"username": "%1$s", "enabled": true, "emailVerified": true, "email": "%1$s@example.com",
              "firstName": "%1$s", "lastName": "Tester", "requiredActions": [],
              "credentials": [{"type": "password", "value": "%2$s", "temporary": false}]}
            """.formatted(user, password));
    }

    /**
     * Makes a client.
     *
     * @param json its representation
     * @return its id, which is not its {@code clientId}
     */
    public String createClient(String json) {
        return created("clients", json);
    }

    /** The protocol mapper, for the {@code protocolMappers} of a client, that puts a name into {@code aud}. */
    public static String audienceMapper(String audience) {
        return """
            {"name": "aud %1$s", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
              "config": {"included.custom.audience": "%1$s", "access.token.claim": "true",
                "introspection.token.claim": "true"}}\
            """.formatted(audience);
    }

    /**
     * Adds a key for RS256, with which tokens are signed from now on. Those before it stay published, so that their tokens
     * stay valid.
     *
     * @return its component, for {@link #withdrawKey}
     */
    public String rotateKeys() {
        String realm = admin("GET", "", null).required("id").asString();
        return created("components", """
            {"name": "rotated", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
              "parentId": "%s", "config": {"priority": ["%d"]}}
            """.formatted(realm, System.currentTimeMillis()));
    }

    /** The component of the key that signs tokens by RS256 now. */
    public String signingKey() {
        JsonNode keys = admin("GET", "/keys", null);
        String active = keys.required("active").required("RS256").asString();
        for (JsonNode key : keys.required("keys")) {
            if (active.equals(key.path("kid").asString())) {
                return key.required("providerId").asString();
            }
        }
        throw new AssertionError("no key " + active + " in " + keys);
    }

    /** Takes a key out of what is published: its tokens are no more valid. */
    public void withdrawKey(String component) {
        admin("DELETE", "/components/" + component, null);
    }

    /** An access token for a client by itself (RFC 6749 §4.4). */
    public String clientToken(String clientId, String secret) {
        return tokens(Map.of("grant_type", "client_credentials", "client_id", clientId, "client_secret", secret))
                .required("access_token")
                .asString();
    }

    /**
     * What the token endpoint answers.
     *
     * @param headers further header fields, names and values in turn
     */
    public JsonNode tokens(Map<String, String> form, String... headers) {
        HttpRequest.Builder request = request(endpoint("token"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return parse(answer(request.build()).body());
    }

    /**
     * Calls the admin API.
     *
     * @param path below the realm, such as {@code /users}
     * @param json what is sent; null for nothing
     * @return what was answered; a missing node where that is empty
     */
    public JsonNode admin(String method, String path, @Nullable String json) {
        return parse(adminAnswer(method, path, json).body());
    }

    private String created(String kind, String json) {
        String location = adminAnswer("POST", "/" + kind, json)
                .headers()
                .firstValue("location")
                .orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private HttpResponse<String> adminAnswer(String method, String path, @Nullable String json) {
        String token = keycloak.realm("master")
                .tokens(Map.of(
                        "grant_type", "password", "client_id", "admin-cli", "username", ADMIN, "password", ADMIN))
                .required("access_token")
                .asString();
        boolean allRealms = method.equals("POST") && path.isEmpty();
        String realm = allRealms ? "" : "/" + name;
        return answer(request(URI.create(keycloak.address() + "/admin/realms" + realm + path))
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private HttpResponse<String> answer(HttpRequest request) {
        try {
            HttpResponse<String> response = keycloak.send(request);
            if (response.statusCode() / 100 != 2) {
                throw new AssertionError(request + ": " + response.statusCode() + " " + response.body());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(request.toString(), e);
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static JsonNode parse(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
