package dev.sallyport.plugins.securityheaders;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of one step. Each text is the value of a header, or {@code off}. */
public record SecurityHeadersConfig(
        @Doc("Strict-Transport-Security, over https only: for how long browsers use nothing but https.")
        @Default("max-age=31536000")
        String hsts,

        @Doc("X-Content-Type-Options: nosniff, so that browsers take content for what its type says.") @Default("true")
        boolean noSniff,

        @Doc("Who may show pages in a frame (X-Frame-Options, and frame-ancestors of Content-Security-Policy):"
                + " none, self, origins with spaces between them, or off.")
        @Default("self")
        FrameAncestors frames,

        @Doc("Content-Security-Policy, but for frame-ancestors.") @Default("off")
        String contentSecurityPolicy,

        @Doc("Referrer-Policy: what other sites learn of the page that links to them.")
        @Default("strict-origin-when-cross-origin")
        String referrerPolicy,

        @Doc("Permissions-Policy: what pages may not use.") @Default("camera=(), geolocation=(), microphone=()")
        String permissionsPolicy,

        @Doc("Cross-Origin-Opener-Policy: same-origin, same-origin-allow-popups, noopener-allow-popups or unsafe-none.")
        @Default("off")
        String openerPolicy,

        @Doc("Cross-Origin-Embedder-Policy: require-corp, credentialless or unsafe-none.") @Default("off")
        String embedderPolicy,

        @Doc("Cross-Origin-Resource-Policy: same-origin, same-site or cross-origin.") @Default("off")
        String resourcePolicy,

        @Doc("Response headers to take off, since they tell what software answers.")
        @Default("[server, x-powered-by, x-aspnet-version, x-aspnetmvc-version]")
        List<String> remove,

        @Doc("Takes the place of what the upstream says; otherwise only what it does not say is added.")
        boolean override) {

    static final String OFF = "off";

    private static final Pattern MAX_AGE = Pattern.compile("max-age=\"?([0-9]{1,10})\"?");
    private static final long YEAR_SECONDS = 31_536_000;

    private static final Set<String> REFERRER = Set.of(
            "no-referrer",
            "no-referrer-when-downgrade",
            "same-origin",
            "origin",
            "strict-origin",
            "origin-when-cross-origin",
            "strict-origin-when-cross-origin",
            "unsafe-url");

    public SecurityHeadersConfig {
        remove = List.copyOf(remove);
        if (!hsts.equals(OFF)) {
            checkHsts(hsts);
        }
        checkValue("contentSecurityPolicy", contentSecurityPolicy);
        if (contentSecurityPolicy.toLowerCase(Locale.ROOT).contains("frame-ancestors")) {
            throw new ConfigException(
                    "contentSecurityPolicy",
                    "frame-ancestors (expected: not here); use the key frames, which also sets X-Frame-Options");
        }
        checkValue("permissionsPolicy", permissionsPolicy);
        if (!referrerPolicy.equals(OFF)) {
            // A list: browsers take the last one that they know.
            for (String one : referrerPolicy.split(",", -1)) {
                checkOneOf("referrerPolicy", one.strip(), REFERRER);
            }
        }
        checkOneOf(
                "openerPolicy",
                openerPolicy,
                Set.of(OFF, "same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"));
        checkOneOf("embedderPolicy", embedderPolicy, Set.of(OFF, "require-corp", "credentialless", "unsafe-none"));
        checkOneOf("resourcePolicy", resourcePolicy, Set.of(OFF, "same-origin", "same-site", "cross-origin"));
        for (String name : remove) {
            try {
                Headers.of(name, "");
            } catch (IllegalArgumentException notAName) {
                throw new ConfigException("remove", "'" + name + "' (expected: the name of a header)");
            }
        }
    }

    private static void checkHsts(String value) {
        long age = -1;
        boolean subdomains = false;
        boolean preload = false;
        for (String directive : value.split(";", -1)) {
            String one = directive.strip().toLowerCase(Locale.ROOT);
            Matcher maxAge = MAX_AGE.matcher(one);
            if (maxAge.matches()) {
                age = Long.parseLong(maxAge.group(1));
            } else if (one.equals("includesubdomains")) {
                subdomains = true;
            } else if (one.equals("preload")) {
                preload = true;
            } else {
                throw new ConfigException(
                        "hsts",
                        "'" + directive.strip() + "' (expected: max-age=SECONDS, then maybe"
                                + " ; includeSubDomains and ; preload; or off)");
            }
        }
        if (age < 0) {
            throw new ConfigException("hsts", value + " (expected: max-age=SECONDS in it; RFC 6797 asks for it)");
        }
        if (preload && (!subdomains || age < YEAR_SECONDS)) {
            throw new ConfigException(
                    "hsts",
                    value + " (expected: with preload, includeSubDomains and a max-age of " + YEAR_SECONDS
                            + " or more; the list of browsers takes no others)");
        }
    }

    private static void checkValue(String key, String value) {
        if (value.isBlank()) {
            throw new ConfigException(key, "'' (expected: a value, or off)");
        }
        try {
            Headers.of("x", value);
        } catch (IllegalArgumentException notAValue) {
            throw new ConfigException(key, String.valueOf(notAValue.getMessage()));
        }
    }

    private static void checkOneOf(String key, String value, Set<String> known) {
        if (!known.contains(value)) {
            String[] names = known.toArray(new String[0]);
            Arrays.sort(names);
            throw new ConfigException(key, "'" + value + "' (expected: one of " + String.join(", ", names) + ")");
        }
    }
}
