package dev.sallyport.plugins.securityheaders;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Changes the fields of the response on its way out. What to set is made once, for https and for http. */
final class SecurityHeadersFilter implements Filter {

    private static final String CSP = "content-security-policy";
    private static final String FRAME_OPTIONS = "x-frame-options";

    /** The directive in a policy, with what stands before it. */
    private static final Pattern FRAME_ANCESTORS = Pattern.compile("(?i)(^|[;,])\\s*frame-ancestors[^;,]*;?");

    private final Headers overHttps;
    private final Headers overHttp;
    private final Headers framing;
    private final Set<String> removed = new HashSet<>();
    private final boolean override;

    SecurityHeadersFilter(SecurityHeadersConfig config) {
        overHttp = fields(config);
        overHttps = config.hsts().equals(SecurityHeadersConfig.OFF)
                ? overHttp
                : overHttp.with("strict-transport-security", config.hsts());
        framing = framing(config.frames());
        config.remove().forEach(name -> removed.add(name.toLowerCase(Locale.ROOT)));
        override = config.override();
    }

    private static Headers fields(SecurityHeadersConfig config) {
        Headers fields = config.noSniff() ? Headers.of("x-content-type-options", "nosniff") : Headers.empty();
        fields = withUnlessOff(fields, CSP, config.contentSecurityPolicy());
        fields = withUnlessOff(fields, "referrer-policy", config.referrerPolicy());
        fields = withUnlessOff(fields, "permissions-policy", config.permissionsPolicy());
        fields = withUnlessOff(fields, "cross-origin-opener-policy", config.openerPolicy());
        fields = withUnlessOff(fields, "cross-origin-embedder-policy", config.embedderPolicy());
        return withUnlessOff(fields, "cross-origin-resource-policy", config.resourcePolicy());
    }

    private static Headers withUnlessOff(Headers fields, String name, String value) {
        return value.equals(SecurityHeadersConfig.OFF) ? fields : fields.with(name, value);
    }

    private static Headers framing(FrameAncestors ancestors) {
        if (ancestors.isOff()) {
            return Headers.empty();
        }
        Headers policy = Headers.of(CSP, ancestors.directive());
        String options = ancestors.frameOptions();
        return options == null ? policy : policy.with(FRAME_OPTIONS, options);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Headers ours = request.exchange().scheme().equals("https") ? overHttps : overHttp;
        Headers others = request.exchange().get(Problem.FAILURE_FIELDS);
        request.exchange().put(Problem.FAILURE_FIELDS, told(others == null ? Headers.empty() : others, ours));
        Response response = next.proceed(request);
        return response.withHeaders(told(response.headers(), ours));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    private Headers told(Headers fields, Headers ours) {
        Headers.Builder told = Headers.builder(fields.size() + ours.size() + framing.size());
        boolean framed = !override && saysWhoMayFrame(fields);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (isRemoved(name) || (override && isReplaced(name, ours))) {
                continue;
            }
            if (override && name.equalsIgnoreCase(CSP) && !framing.isEmpty()) {
                String rest = FRAME_ANCESTORS
                        .matcher(fields.value(i))
                        .replaceAll("$1")
                        .strip();
                if (!rest.isEmpty()) {
                    told.add(name, rest);
                }
            } else {
                told.add(fields, i);
            }
        }
        for (int i = 0; i < ours.size(); i++) {
            if (override || !fields.has(ours.name(i))) {
                told.add(ours, i);
            }
        }
        // A second policy takes nothing from the first: what both allow is allowed (CSP 3 §2.2).
        for (int i = 0; !framed && i < framing.size(); i++) {
            told.add(framing, i);
        }
        return told.build();
    }

    private boolean isReplaced(String name, Headers ours) {
        return ours.has(name) || (name.equalsIgnoreCase(FRAME_OPTIONS) && !framing.isEmpty());
    }

    private boolean isRemoved(String name) {
        return !removed.isEmpty() && removed.contains(name.toLowerCase(Locale.ROOT));
    }

    /** By either field: frame-ancestors would count in the place of an X-Frame-Options that says something else. */
    private static boolean saysWhoMayFrame(Headers fields) {
        if (fields.has(FRAME_OPTIONS)) {
            return true;
        }
        List<String> policies = fields.all(CSP);
        return policies.stream()
                .anyMatch(policy -> policy.toLowerCase(Locale.ROOT).contains("frame-ancestors"));
    }
}
