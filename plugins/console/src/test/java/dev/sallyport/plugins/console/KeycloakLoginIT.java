package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real provider, the jar in a real gateway, and a client that follows redirects, keeps cookies and fills in the form. */
final class KeycloakLoginIT {

    private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");

    private static Keycloak keycloak;
    private static KeycloakRealm realm;

    /** By address. */
    private final Map<String, Map<String, String>> cookies = new TreeMap<>();

    private TestGateway gateway;
    private HttpClient client;
    private URI console;

    @BeforeAll
    static void startKeycloak() {
        keycloak = Keycloak.start();
        realm = keycloak.create("""
            {"realm": "ops", "enabled": true, "roles": {"realm": [{"name": "gateway-operator"}]},
              "users": [{"username": "olga", "enabled": true, "email": "olga@example.com", "emailVerified": true,
                "firstName": "Olga", "lastName": "O", "realmRoles": ["gateway-operator"],
                "credentials": [{"type": "password", "value": "wonderland"}]}]}
            """);
        realm.createUser("alice", "wonderland");
    }

    @AfterAll
    static void stopKeycloak() {
        if (keycloak != null) {
            keycloak.close();
        }
    }

    @BeforeEach
    void start() {
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            services:
              - name: console
                console:
                  oidc:
                    issuer: %s
                    name: Keycloak
                    clientId: gateway-console
                    clientSecret: s3cret
                    roles: {claim: realm_access.roles, operate: [gateway-operator]}
            routes: [{name: none, match: {paths: [/]}, upstream: "http://127.0.0.1:1"}]
            """.formatted(realm.issuer()));
        console = gateway.adminAddress().resolve("/console/");
        realm.createClient("""
            {"clientId": "gateway-console", "secret": "s3cret", "publicClient": false, "standardFlowEnabled": true,
              "redirectUris": ["%ssession/oidc/callback"],
              "attributes": {"pkce.code.challenge.method": "S256"},
              "protocolMappers": [{"name": "roles", "protocol": "openid-connect",
                "protocolMapper": "oidc-usermodel-realm-role-mapper",
                "config": {"claim.name": "realm_access.roles", "multivalued": "true", "id.token.claim": "true",
                  "access.token.claim": "true", "jsonType.label": "String"}}]}
            """.formatted(console));
        client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        keycloakForgetsTheClient();
    }

    private static void keycloakForgetsTheClient() {
        realm.admin("GET", "/clients?clientId=gateway-console", null)
                .forEach(each ->
                        realm.admin("DELETE", "/clients/" + each.get("id").asString(), null));
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return send(HttpRequest.newBuilder(uri));
    }

    /** With the cookies of that address: those for TLS alone too, as browsers send them to this machine. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        String at = request.build().uri().getAuthority();
        Map<String, String> kept = cookies.computeIfAbsent(at, first -> new TreeMap<>());
        if (!kept.isEmpty()) {
            request.header(
                    "cookie",
                    kept.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        for (String cookie : answer.headers().allValues("set-cookie")) {
            String[] pair = cookie.replaceFirst(";.*", "").split("=", 2);
            if (cookie.contains("Max-Age=0")) {
                kept.remove(pair[0]);
            } else {
                kept.put(pair[0], pair[1]);
            }
        }
        return answer;
    }

    private static URI location(HttpResponse<String> answer) {
        return answer.request()
                .uri()
                .resolve(answer.headers().firstValue("location").orElseThrow());
    }

    /** Where the provider sends the browser back to. */
    private URI logInAtTheProvider(String user) throws Exception {
        HttpResponse<String> begun = get(console.resolve("session/oidc"));
        assertThat(begun.statusCode()).isEqualTo(303);
        assertThat(location(begun).toString())
                .startsWith(realm.issuer())
                .contains("code_challenge_method=S256", "state=", "nonce=", "response_type=code");
        assertThat(begun.headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly", "SameSite=Lax");
        HttpResponse<String> form = get(location(begun));
        Matcher action = FORM.matcher(form.body());
        assertThat(action.find()).as(form.body()).isTrue();
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("username=" + user + "&password=wonderland")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return location(answer);
    }

    private HttpResponse<String> renew() throws Exception {
        return send(HttpRequest.newBuilder(console.resolve("session/renew"))
                .header("origin", "http://" + console.getAuthority())
                .header("x-sallyport-console", "1")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void logsInWhomTheProviderGivesARole() throws Exception {
        HttpResponse<String> back = get(logInAtTheProvider("olga"));

        assertThat(location(back)).isEqualTo(console);
        assertThat(back.headers().firstValue("set-cookie").orElseThrow()).contains("SameSite=Strict");
        HttpResponse<String> granted = renew();
        assertThat(granted.statusCode()).as(granted.body()).isEqualTo(200);
        assertThat(granted.body()).contains("\"name\":\"oidc:olga\"", "\"role\":\"operate\"");
        HttpResponse<String> routes = client.send(
                HttpRequest.newBuilder(gateway.adminAddress().resolve("/v1/routes"))
                        .header(
                                "authorization",
                                "Bearer " + Browser.json(granted).get("token").asString())
                        .build(),
                BodyHandlers.ofString());
        assertThat(routes.statusCode()).isEqualTo(200);
    }

    @Test
    void letsNobodyInWhoHasNoRole() throws Exception {
        HttpResponse<String> back = get(logInAtTheProvider("alice"));

        assertThat(location(back)).isEqualTo(console.resolve("?login=no-role"));
        assertThat(renew().statusCode()).isEqualTo(401);
    }

    @Test
    void takesNoAnswerTwiceNorInAnotherBrowserNorWithAnotherState() throws Exception {
        URI callback = logInAtTheProvider("olga");

        try (HttpClient other = HttpClient.newHttpClient()) {
            HttpResponse<String> stolen =
                    other.send(HttpRequest.newBuilder(callback).build(), BodyHandlers.ofString());
            assertThat(location(stolen)).isEqualTo(console.resolve("?login=expired"));
        }
        URI forged = URI.create(callback.toString()
                .replaceFirst("state=[^&]+", "state=" + URLEncoder.encode("another", StandardCharsets.UTF_8)));
        assertThat(location(get(forged))).isEqualTo(console.resolve("?login=expired"));
        assertThat(location(get(callback))).as("it was used up by that").isEqualTo(console.resolve("?login=expired"));
        assertThat(renew().statusCode()).isEqualTo(401);
    }
}
