package dev.sallyport.plugins.cors;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Settings with the defaults of the keys that a test does not set. */
record Configs(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> expose,
        boolean credentials,
        Duration maxAge,
        boolean privateNetwork) {

    static Configs of(String... origins) {
        return new Configs(
                List.of(origins),
                List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
                List.of("*"),
                List.of(),
                false,
                Duration.ofMinutes(10),
                false);
    }

    Configs methods(String... names) {
        return new Configs(origins, Arrays.asList(names), headers, expose, credentials, maxAge, privateNetwork);
    }

    Configs headers(String... names) {
        return new Configs(origins, methods, Arrays.asList(names), expose, credentials, maxAge, privateNetwork);
    }

    Configs expose(String... names) {
        return new Configs(origins, methods, headers, Arrays.asList(names), credentials, maxAge, privateNetwork);
    }

    Configs withCredentials() {
        return new Configs(origins, methods, headers, expose, true, maxAge, privateNetwork);
    }

    Configs maxAge(Duration age) {
        return new Configs(origins, methods, headers, expose, credentials, age, privateNetwork);
    }

    Configs forPrivateNetworks() {
        return new Configs(origins, methods, headers, expose, credentials, maxAge, true);
    }

    CorsConfig build() {
        return new CorsConfig(
                origins.stream().map(OriginRule::parse).toList(),
                methods,
                headers,
                expose,
                credentials,
                maxAge,
                privateNetwork);
    }
}
