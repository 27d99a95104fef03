package dev.sallyport.kernel.tls;

import dev.sallyport.kernel.config.AcmeConfig;
import dev.sallyport.kernel.config.AcmeConfig.Challenge;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** One certificate, asked for from an authority and waited for; blocks. */
final class AcmeOrder {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final AcmeConfig config;
    private final KeyPair account;
    private final Challenges challenges;

    AcmeOrder(AcmeConfig config, KeyPair account, Challenges challenges) {
        this.config = config;
        this.account = account;
        this.challenges = challenges;
    }

    /** Gets a certificate for that key; its chain, the certificate first. */
    List<X509Certificate> fulfil(KeyPair key) throws AcmeException, TlsFileException, InterruptedException {
        Session session = new Session(config.directory(), new Provider(trust()));
        session.networkSettings().setTimeout(Duration.ofSeconds(30));
        AccountBuilder builder = new AccountBuilder().useKeyPair(account).agreeToTermsOfService();
        if (config.email() != null) {
            builder.addEmail(config.email());
        }
        Account known = builder.create(session);
        Order order = known.newOrder().domains(config.domains()).create();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() == Status.PENDING) {
                authorize(authorization);
            }
        }
        if (order.waitUntilReady(PATIENCE) != Status.READY) {
            throw new AcmeException(
                    "the order is not ready: " + reason(order.getError().orElse(null)));
        }
        order.execute(key);
        if (order.waitForCompletion(PATIENCE) != Status.VALID) {
            throw new AcmeException(
                    "the order has failed: " + reason(order.getError().orElse(null)));
        }
        return order.getCertificate().getCertificateChain();
    }

    private void authorize(Authorization authorization) throws AcmeException, InterruptedException {
        String domain = authorization.getIdentifier().getDomain();
        if (config.challenge() == Challenge.HTTP_01) {
            Http01Challenge challenge = authorization
                    .findChallenge(Http01Challenge.class)
                    .orElseThrow(() -> new AcmeException("the authority does not offer http-01 for " + domain));
            challenges.answer(challenge.getToken(), challenge.getAuthorization());
            try {
                await(challenge, domain);
            } finally {
                challenges.forget(challenge.getToken());
            }
        } else {
            TlsAlpn01Challenge challenge = authorization
                    .findChallenge(TlsAlpn01Challenge.class)
                    .orElseThrow(() -> new AcmeException("the authority does not offer tls-alpn-01 for " + domain));
            KeyPair proof = AcmeKeys.ofOwnCertificate();
            X509Certificate certificate = challenge.createCertificate(proof, authorization.getIdentifier());
            challenges.show(domain, Identity.of(List.of(certificate), proof.getPrivate()));
            try {
                await(challenge, domain);
            } finally {
                challenges.hide(domain);
            }
        }
    }

    private static void await(org.shredzone.acme4j.challenge.Challenge challenge, String domain)
            throws AcmeException, InterruptedException {
        challenge.trigger();
        if (challenge.waitForCompletion(PATIENCE) != Status.VALID) {
            throw new AcmeException("the authority could not see that " + domain + " leads here: "
                    + reason(challenge.getError().orElse(null)));
        }
    }

    private static String reason(org.shredzone.acme4j.@Nullable Problem problem) {
        return problem == null
                ? "it has given no reason"
                : Objects.toString(problem.getDetail().orElse(null), problem.toString());
    }

    private @Nullable SSLContext trust() throws TlsFileException {
        return config.directoryCa() == null
                ? null
                : ServerTls.trusting(PemFile.read(config.directoryCa()).certificates());
    }

    /** Talks to an authority whose own certificate is judged by given ones. */
    private static final class Provider extends GenericAcmeProvider {

        private final @Nullable SSLContext trust;

        Provider(@Nullable SSLContext trust) {
            this.trust = trust;
        }

        @Override
        protected HttpConnector createHttpConnector(NetworkSettings settings) {
            return new HttpConnector(settings) {
                @Override
                public HttpClient.Builder createClientBuilder() {
                    HttpClient.Builder builder = super.createClientBuilder();
                    return trust == null ? builder : builder.sslContext(trust);
                }
            };
        }
    }
}
