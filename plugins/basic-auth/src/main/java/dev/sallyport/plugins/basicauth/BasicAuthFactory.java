package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;

/** Makes the steps of type {@code basic-auth}. */
@Doc("Lets only requests pass that carry a user's name and password; all others are answered 401.")
@Type(value = "basic-auth", decidesAccess = true, replayable = true, provides = "consumer")
public final class BasicAuthFactory implements FilterFactory<BasicAuthConfig> {

    @Override
    public Filter create(BasicAuthConfig config, FilterContext context) {
        Identification identification = Identification.of(context, config.consumerHeader(), config.anonymous());
        UserDirectory directory = new UserDirectory(context, identification, config.htpasswd());
        if (directory.users().isEmpty()) {
            context.logger().log(Level.WARNING, "{0}: there are no users, so every password is refused", context.key());
        }
        return new BasicAuthFilter(config, identification, directory, new Passwords(context, config.cacheFor()));
    }
}
