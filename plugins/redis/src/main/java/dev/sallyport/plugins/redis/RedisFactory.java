package dev.sallyport.plugins.redis;

import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Offers the store {@code redis}. */
@Type("redis")
@Doc("Keeps in Redis what gateways share: counters, who is inside of something, values with an end.")
public final class RedisFactory implements StoreFactory<RedisConfig> {

    @Override
    public Store create(RedisConfig config, ServiceContext context) {
        return create(config, context, null);
    }

    static RedisStore create(RedisConfig config, ServiceContext context, @Nullable Clock clock) {
        Client client = context.onClose(new Client(config));
        Calls calls = new Calls(context, config.timeout(), client::probe);
        calls.begin(config.prefix() + "probe");
        return new RedisStore(client.redis(), calls, config.prefix(), clock);
    }
}
