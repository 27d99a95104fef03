package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar in a real gateway, without TLS: browsers would not keep the cookie that is the default. */
final class OidcLoginGatewayIT {

    private final Map<String, String> cookies = new LinkedHashMap<>();

    private TestUpstream upstream;
    private TestProvider provider;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        provider = new TestProvider();
    }

    @AfterEach
    void stop() {
        provider.close();
        upstream.close();
    }

    private String example(int number) {
        return MarkdownPage.examples()
                .get(number)
                .replace("https://id.example.com/realms/shop", provider.issuer())
                .replace("${env:CLIENT_SECRET}", TestProvider.SECRET)
                .replace("${env:SESSION_KEY}", Configs.KEY)
                .replace("${env:OLD_SESSION_KEY}", Configs.OTHER_KEY)
                .replace(
                        "          afterLogout",
                        "          cookie: {name: session, secure: false}\n          afterLogout")
                .replace(
                        "{name: __Secure-session, domain: example.com}",
                        "{name: session, domain: x.test, secure: false}")
                .replace("hosts: [\"*.example.com\"], ", "")
                // Its other plugin is not here.
                .replace("plugins: [{respond: {body: \"You have logged out.\"}}]", "upstream: http://127.0.0.1:9001")
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    private TestGateway gateway(String yaml) {
        return TestGateway.with(TestGateway.builtJar()).start(yaml);
    }

    private HttpResponse<String> open(TestGateway gateway, String target, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.address().resolve(target)).header("accept", "text/html");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (!cookies.isEmpty()) {
            request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response = gateway.send(request.build());
        for (String field : response.headers().allValues("set-cookie")) {
            String pair = field.substring(0, field.indexOf(';'));
            String name = pair.substring(0, pair.indexOf('='));
            if (field.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair.substring(name.length() + 1));
            }
        }
        return response;
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("location").orElseThrow(() -> new AssertionError(response.body()));
    }

    private void logIn(TestGateway gateway, String target) {
        String authorization = location(open(gateway, target));
        HttpResponse<String> back = open(gateway, provider.approve(URI.create(authorization)));
        assertThat(location(back)).isEqualTo(gateway.address() + target);
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = gateway(example(0))) {
            logIn(gateway, "/basket?item=1");

            HttpResponse<String> page = open(gateway, "/basket?item=1", "x-user", "forged");

            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-user")).containsExactly("alice");
            assertThat(upstream.last().header("x-email")).hasValue("alice@example.com");
            assertThat(upstream.last().header("cookie")).isEmpty();

            HttpResponse<String> out = open(gateway, "/oidc/logout");
            assertThat(location(out)).isEqualTo(gateway.address() + "/goodbye");
            assertThat(open(gateway, "/goodbye").body()).isEqualTo("GET /goodbye");
            assertThat(open(gateway, "/").statusCode()).isEqualTo(303);
            assertThat(gateway.metrics()).contains("sallyport_oidc_login_logins_total");
        }
    }

    @Test
    void sendsTheAccessTokenOn() {
        try (TestGateway gateway = gateway(example(1))) {
            logIn(gateway, "/");

            open(gateway, "/", "authorization", "Bearer forged");

            assertThat(upstream.last().headers().get("authorization"))
                    .singleElement()
                    .asString()
                    .startsWith("Bearer access-");
        }
    }

    @Test
    void answersScriptsAndFormsWithoutASession() {
        try (TestGateway gateway = gateway(example(0))) {
            assertThat(open(gateway, "/", "sec-fetch-mode", "cors").statusCode())
                    .isEqualTo(401);
            HttpResponse<String> form =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/orders"))
                            .header("accept", "text/html")
                            .POST(BodyPublishers.ofString("item=1"))
                            .build());
            assertThat(form.statusCode()).isEqualTo(401);
            assertThat(form.body()).contains("The request was not carried out.");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void isLoggedOutByTheProvider() {
        try (TestGateway gateway = gateway(example(0))) {
            logIn(gateway, "/");

            HttpResponse<String> told =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/oidc/backchannel-logout"))
                            .header("content-type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("logout_token=" + provider.logoutToken(claims -> {})))
                            .build());

            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(open(gateway, "/").statusCode()).isEqualTo(303);
        }
    }

    @Test
    void keepsWhatItKnowsOfLogoutsWhenItsSettingsChange() {
        try (TestGateway gateway = gateway(example(0))) {
            logIn(gateway, "/");
            Map<String, String> copied = new LinkedHashMap<>(cookies);
            open(gateway, "/oidc/logout");

            ReloadResult changed = gateway.configure(example(0).replace("x-email: email", "x-mail: email"));

            assertThat(changed.created()).isEqualTo(1);
            cookies.putAll(copied);
            assertThat(open(gateway, "/").statusCode()).isEqualTo(303);
        }
    }

    @Test
    void takesSessionsOfBeforeAReload() {
        try (TestGateway gateway = gateway(example(0))) {
            logIn(gateway, "/");

            gateway.configure(example(0).replace("x-email: email", "x-mail: email"));

            assertThat(open(gateway, "/").statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("x-mail")).hasValue("alice@example.com");
        }
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void keepsSessionsAndLogoutsOverAnUpgradeOfThePlugin(Keep keep, @TempDir Path folder) {
        Path jar = TestGateway.builtJar();
        String kept = "          sessions: " + keep.name().toLowerCase(Locale.ROOT) + "\n          cookie: {name";
        try (TestGateway gateway = gateway(example(0).replace("          cookie: {name", kept))) {
            logIn(gateway, "/");
            Map<String, String> loggedIn = new LinkedHashMap<>(cookies);
            cookies.clear();
            logIn(gateway, "/");
            Map<String, String> loggedOut = new LinkedHashMap<>(cookies);
            open(gateway, "/oidc/logout");

            gateway.drop(PluginJar.withVersion(jar, "0.1.1", folder.resolve(jar.getFileName())));

            cookies.clear();
            cookies.putAll(loggedIn);
            assertThat(open(gateway, "/").statusCode()).isEqualTo(200);
            cookies.clear();
            cookies.putAll(loggedOut);
            assertThat(open(gateway, "/").statusCode()).isEqualTo(303);
        }
    }
}
