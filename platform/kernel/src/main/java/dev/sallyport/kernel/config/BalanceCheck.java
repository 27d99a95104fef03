package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.UpstreamConfig.Target;
import java.util.regex.Pattern;

/** Rules for how an upstream spreads its requests, and how it learns whether its targets are well. */
record BalanceCheck(UpstreamConfig upstream, Binding binding) {

    /** RFC 6265 §4.1.1: a token of RFC 9110 §5.6.2. */
    private static final Pattern COOKIE_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What a request's path may be made of (RFC 3986 §3.3), and a query. */
    private static final Pattern PATH = Pattern.compile("/[!$%&'()*+,./:;=?@_~0-9A-Za-z-]*");

    void run() {
        if (upstream.balance() instanceof BalanceConfig.Sticky sticky
                && !COOKIE_NAME.matcher(sticky.cookie()).matches()) {
            binding.refuse(
                    upstream.place(),
                    "balance.sticky.cookie",
                    sticky.cookie(),
                    " (expected: the name of a cookie, such as sp); take out what may not stand in one");
        }
        ConcurrencyConfig concurrency = upstream.adaptiveConcurrency();
        if (concurrency != null && concurrency.min() > concurrency.max()) {
            binding.refuse(
                    upstream.place(),
                    "adaptiveConcurrency.min",
                    concurrency.min(),
                    " (expected: at most max, which is " + concurrency.max() + "); lower it, or raise max");
        }
        HealthConfig health = upstream.health();
        if (health != null && !PATH.matcher(health.path()).matches()) {
            binding.refuse(
                    upstream.place(),
                    "health.path",
                    health.path(),
                    " (expected: a path such as /healthz); begin with a slash, and percent-encode what may not stand in"
                            + " one");
        }
        if (!upstream.targets().isEmpty() && upstream.targets().stream().allMatch(Target::backup)) {
            binding.refuse(
                    upstream.targets().getFirst().place(),
                    "backup",
                    "true",
                    " (expected: a target beside that is no backup); remove it from one of them");
        }
    }
}
