package dev.sallyport.plugins.cache;

import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings for tests: what is not said is what stands in the configuration where nothing is. */
final class Caches {

    private Duration ttl;
    private boolean force;
    private final List<Expression> key = new ArrayList<>();
    private boolean keyBody;
    private List<String> methods = List.of("GET");
    private final Map<String, List<String>> vary = new LinkedHashMap<>();
    private Size maxBody = Size.parse("8MiB");
    private int maxVariants = 200;
    private String store = "memory";
    private Duration negative;
    private Duration staleWhileRevalidate = Duration.ZERO;
    private Duration staleIfError = Duration.ZERO;
    private Duration lockTimeout = Duration.ofSeconds(5);
    private boolean obeyRequests = true;
    private boolean hideStatus;

    private Caches() {}

    static Caches plain() {
        return new Caches();
    }

    Caches ttl(Duration time) {
        ttl = time;
        return this;
    }

    Caches force() {
        force = true;
        return this;
    }

    Caches key(String expression) {
        key.add(Expression.parse(expression));
        return this;
    }

    Caches keyBody(String... allowedMethods) {
        keyBody = true;
        methods = List.of(allowedMethods);
        return this;
    }

    Caches vary(String name, String... values) {
        vary.put(name, List.of(values));
        return this;
    }

    Caches maxBody(String size) {
        maxBody = Size.parse(size);
        return this;
    }

    Caches maxVariants(int most) {
        maxVariants = most;
        return this;
    }

    Caches store(String name) {
        store = name;
        return this;
    }

    Caches negative(Duration time) {
        negative = time;
        return this;
    }

    Caches staleWhileRevalidate(Duration time) {
        staleWhileRevalidate = time;
        return this;
    }

    Caches staleIfError(Duration time) {
        staleIfError = time;
        return this;
    }

    Caches lockTimeout(Duration time) {
        lockTimeout = time;
        return this;
    }

    Caches ignoringRequests() {
        obeyRequests = false;
        return this;
    }

    Caches hideStatus() {
        hideStatus = true;
        return this;
    }

    CacheConfig build() {
        return new CacheConfig(
                ttl,
                force,
                key,
                keyBody,
                methods,
                vary,
                maxBody,
                maxVariants,
                store,
                negative,
                staleWhileRevalidate,
                staleIfError,
                lockTimeout,
                obeyRequests,
                hideStatus);
    }
}
