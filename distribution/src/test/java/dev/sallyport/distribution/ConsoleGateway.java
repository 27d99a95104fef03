package dev.sallyport.distribution;

import java.net.URI;

/** A gateway with a console, for those who look at its pages. */
final class ConsoleGateway {

    private ConsoleGateway() {}

    /**
     * Its configuration: a route that is open, one that asks for a key, and a consumer.
     *
     * @param source who owns it: {@code files} or {@code api}
     * @param upstream of both routes
     */
    static String config(String source, URI upstream) {
        return Product.web("""
            source: %s
            services: [{name: console, console: {}}]
            consumers:
              - {name: ada, groups: [staff], credentials: [{key-auth: {id: k1, hash: "sha256:%s"}}]}
            routes:
              - name: orders
                match: {paths: ["/orders/**"]}
                plugins: [{headers: {response: {set: {x-a: b}}}}]
                upstream: "%s"
              - {name: closed, match: {paths: ["/closed/**"]}, plugins: [{key-auth: {}}], upstream: "%s"}
            """.formatted(source, "ab".repeat(32), upstream, upstream));
    }

    static Product product(String source, URI upstream) {
        return product(config(source, upstream));
    }

    /** One with a configuration that was made of that. */
    static Product product(String config) {
        return Product.with(config).heap("256m").start();
    }
}
