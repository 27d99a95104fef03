package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Takes every 1xx but 101. Jetty's client waits for ever after one that no handler takes, and its own handlers throw
 * away what they take.
 */
final class InterimResponses implements ProtocolHandler {

    @Override
    public String getName() {
        return "interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
        return HttpStatus.isInterim(response.getStatus());
    }

    @Override
    public Response.Listener getResponseListener() {
        return new Response.Listener() {
            @Override
            public void onSuccess(Response response) {
                WireRequest request = (WireRequest) response.getRequest();
                int status = response.getStatus();
                Headers fields = status == HttpStatus.CONTINUE_100
                        ? Headers.empty()
                        : Fields.received(HttpFields.build(response.getHeaders()), false);
                // The order is that of Jetty's own handlers: the next response must find the listeners of the request.
                HttpConversation conversation = request.getConversation();
                conversation.updateResponseListeners(null);
                HttpExchange exchange = conversation.getExchanges().peekLast();
                if (exchange != null) {
                    exchange.resetResponse();
                }
                if (status != HttpStatus.CONTINUE_100) {
                    request.call().interim(status, fields);
                }
            }

            @Override
            public void onFailure(Response response, Throwable failure) {
                ((WireRequest) response.getRequest()).call().onFailure(response, failure);
            }
        };
    }
}
