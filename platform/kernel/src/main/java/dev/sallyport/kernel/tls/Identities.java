package dev.sallyport.kernel.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses, by the name that a client asks for (SNI), which certificate it is shown: one that has the name, else one with
 * a wildcard for it, else the first of all. Immutable.
 */
final class Identities extends X509ExtendedKeyManager {

    /** Before the name for which an authority asks. */
    private static final String PROOF = "acme:";

    private final List<Identity> all;
    private final Challenges challenges;

    Identities(List<Identity> all, Challenges challenges) {
        this.all = List.copyOf(all);
        this.challenges = challenges;
    }

    /** The name that the client has asked for; null where it has not. */
    static @Nullable String serverName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String name = engine == null ? null : serverName(engine.getHandshakeSession());
        if (engine != null && Challenges.TLS_PROTOCOL.equals(engine.getHandshakeApplicationProtocol())) {
            Identity proof = challenges.shown(name);
            return proof == null || !isOf(keyType, proof) ? null : PROOF + name;
        }
        for (Identity identity : candidates(name)) {
            if (isOf(keyType, identity)) {
                return Integer.toString(all.indexOf(identity));
            }
        }
        return null; // it is asked again, for another type of key
    }

    private static boolean isOf(String keyType, Identity identity) {
        return identity.certificate().getPublicKey().getAlgorithm().equals(keyType);
    }

    /** Several where a name has certificates of different keys. */
    List<Identity> candidates(@Nullable String name) {
        if (name != null) {
            List<Identity> exact = all.stream().filter(one -> one.names(name)).toList();
            if (!exact.isEmpty()) {
                return exact;
            }
            List<Identity> wild = all.stream().filter(one -> one.covers(name)).toList();
            if (!wild.isEmpty()) {
                return wild;
            }
        }
        Identity first = all.getFirst();
        return all.stream().filter(one -> one.names().equals(first.names())).toList();
    }

    private Identity identity(String alias) {
        Identity proof = alias.startsWith(PROOF) ? challenges.shown(alias.substring(PROOF.length())) : null;
        return proof != null ? proof : all.get(alias.startsWith(PROOF) ? 0 : Integer.parseInt(alias));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return Objects.requireNonNullElse(chooseEngineServerAlias(keyType, issuers, null), "0")
                .split(" ", -1);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
