package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Credential;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the steps of type {@code mtls-auth}. */
@Doc("Lets only requests pass whose client has shown a consumer's certificate; others are answered 401 or 403.")
@Type(value = "mtls-auth", decidesAccess = true, replayable = true, provides = "consumer")
public final class MtlsAuthFactory implements FilterFactory<MtlsAuthConfig> {

    @Override
    public Filter create(MtlsAuthConfig config, FilterContext context) {
        Identification identification = Identification.of(context, config.consumerHeader(), config.anonymous());
        config.headers().keySet().forEach(context::ownHeader);
        List<Credential<MtlsCredential>> credentials = context.credentials(MtlsCredential.class);
        if (credentials.isEmpty() && config.others() == MtlsAuthConfig.Others.REFUSE) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no consumer has an mtls-auth credential, so every certificate is refused",
                            context.key());
        }
        Map<MtlsCredential, String> owners = new HashMap<>();
        for (Credential<MtlsCredential> credential : credentials) {
            String name = credential.consumer().name();
            identification.check(credential.consumer());
            String other = owners.put(credential.value().unnamed(), name);
            if (other != null && !other.equals(name)) {
                throw new ConfigException(
                        "",
                        "a credential of consumer " + name + " (expected: not also one of " + other
                                + ", since a certificate says who sends it)");
            }
        }
        Callers callers = new Callers(credentials, config.others(), name -> context.consumer(name) != null);
        return new MtlsAuthFilter(config, callers, identification, context.clock());
    }
}
