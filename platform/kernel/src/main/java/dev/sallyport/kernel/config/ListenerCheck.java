package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ListenerConfig.Protocol;
import dev.sallyport.kernel.config.ListenerConfig.ProxyProtocol;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules between the values of a listener, and what its files say. */
final class ListenerCheck {

    private static final Pattern MODE = Pattern.compile("[0-7]{3}");

    private static final Pattern ORIGIN =
            Pattern.compile("https://(\\[[0-9a-fA-F:.]{2,45}]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?");

    private final ListenerConfig listener;
    private final Binding binding;

    private ListenerCheck(ListenerConfig listener, Binding binding) {
        this.listener = listener;
        this.binding = binding;
    }

    static void check(ListenerConfig listener, List<ListenerConfig> all, Binding binding) {
        ListenerCheck check = new ListenerCheck(listener, binding);
        check.protocols();
        check.transport();
        check.redirect(all);
        if (listener.tls() != null) {
            new TlsCheck(binding).check(listener.tls());
        }
    }

    private void protocols() {
        String fitting = listener.tls() == null ? "http1, h2c" : "http1, h2";
        if (binding.sources().node(listener.place(), "protocols") instanceof ConfigNode.Sequence written) {
            if (written.items().isEmpty()) {
                refuse("protocols", "[]", " (expected: " + fitting + "); add one, or remove the key");
                return;
            }
        } else {
            return;
        }
        for (int i = 0; i < listener.protocols().size(); i++) {
            Protocol protocol = listener.protocols().get(i);
            String key = "protocols[" + i + "]";
            String name = protocol.name().toLowerCase(Locale.ROOT);
            if (protocol == Protocol.H3) {
                refuse(key, name, " (expected: " + fitting + "; HTTP/3 is not available in this version); remove it");
            } else if (protocol == Protocol.H2 && listener.tls() == null) {
                refuse(key, name, " (expected: " + fitting + "; h2 is spoken over TLS); write h2c, or add tls");
            } else if (protocol == Protocol.H2C && listener.tls() != null) {
                refuse(key, name, " (expected: " + fitting + "; h2c is clear text); write h2");
            }
        }
    }

    private void transport() {
        if (!MODE.matcher(listener.socketMode()).matches()) {
            refuse("socketMode", listener.socketMode(), " (expected: three octal digits such as 660); mend it");
        }
        if (listener.proxyProtocol() == ProxyProtocol.REQUIRED
                && listener.trustedProxies() == null
                && listener.address().socket() == null) {
            refuse(
                    "proxyProtocol",
                    "required",
                    " (expected: trustedProxies beside it, since a PROXY header says who the client is); add the"
                            + " addresses of the proxies");
        }
    }

    private void redirect(List<ListenerConfig> all) {
        String to = listener.redirectTo();
        if (to == null) {
            return;
        }
        if (to.contains("://")) {
            if (!ORIGIN.matcher(to).matches()) {
                refuse("redirectTo", to, " (expected: https:// and a host, without a path); mend it");
            }
            return;
        }
        List<String> secure = all.stream()
                .filter(other -> other.tls() != null && other.address().socket() == null)
                .map(ListenerConfig::name)
                .toList();
        if (!secure.contains(to)) {
            refuse(
                    "redirectTo",
                    to,
                    " (expected: a listener with tls" + (secure.isEmpty() ? "" : ": " + Suggestion.list(secure))
                            + "; or https:// and a host); "
                            + Suggestion.mend(to, secure, "name one of them, or write https://HOST"));
        } else if (to.equals(listener.name())) {
            refuse("redirectTo", to, " (expected: another listener than itself); name another one");
        }
    }

    private void refuse(String key, String value, String rest) {
        binding.refuse(listener.place(), key, value, rest);
    }
}
