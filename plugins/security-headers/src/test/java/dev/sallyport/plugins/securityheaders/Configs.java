package dev.sallyport.plugins.securityheaders;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings: the defaults, and what a test changes. */
final class Configs {

    private final Map<String, String> texts = new HashMap<>(Map.of(
            "hsts", "max-age=31536000",
            "frames", "self",
            "contentSecurityPolicy", "off",
            "referrerPolicy", "strict-origin-when-cross-origin",
            "permissionsPolicy", "camera=(), geolocation=(), microphone=()",
            "openerPolicy", "off",
            "embedderPolicy", "off",
            "resourcePolicy", "off"));
    private boolean noSniff = true;
    private boolean override;
    private List<String> remove = List.of("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version");

    static Configs defaults() {
        return new Configs();
    }

    Configs with(String key, String text) {
        if (texts.put(key, text) == null) {
            throw new IllegalArgumentException(key);
        }
        return this;
    }

    Configs sniffing() {
        noSniff = false;
        return this;
    }

    Configs overriding() {
        override = true;
        return this;
    }

    Configs removing(String... names) {
        remove = List.of(names);
        return this;
    }

    SecurityHeadersConfig build() {
        return new SecurityHeadersConfig(
                text("hsts"),
                noSniff,
                FrameAncestors.parse(text("frames")),
                text("contentSecurityPolicy"),
                text("referrerPolicy"),
                text("permissionsPolicy"),
                text("openerPolicy"),
                text("embedderPolicy"),
                text("resourcePolicy"),
                remove,
                override);
    }

    private String text(String key) {
        return texts.getOrDefault(key, "");
    }
}
