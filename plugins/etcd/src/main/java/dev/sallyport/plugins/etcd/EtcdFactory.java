package dev.sallyport.plugins.etcd;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Offers the service {@code etcd}. */
@Type("etcd")
@Doc("Finds targets in etcd: keys under a prefix, which their leases may end.")
public final class EtcdFactory implements DiscoveryFactory<EtcdConfig> {

    @Override
    public Discovery create(EtcdConfig config, ServiceContext context) {
        return new EtcdDiscovery(config, context);
    }
}
