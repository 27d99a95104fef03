package dev.sallyport.kernel.upstream;

import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.UpgradeProtocolHandler;

/** Takes a 101 to a request that has asked for it, whatever protocol that was; Jetty's own takes WebSocket and h2c only. */
final class Upgrades extends UpgradeProtocolHandler {

    @Override
    protected boolean acceptHeaders(Request request, Response response) {
        return ((WireRequest) request).call().asksForUpgrade();
    }
}
