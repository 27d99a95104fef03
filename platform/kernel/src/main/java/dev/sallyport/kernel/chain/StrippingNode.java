package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;

/** The way in where steps before routing own headers: what clients send under those is not passed on. */
record StrippingNode(List<String> owned, Next rest) implements Node {

    @Override
    public Response proceed(Request request) throws Exception {
        return rest.proceed(Router.strip(request, owned));
    }

    @Override
    public Node traced() {
        return new StrippingNode(owned, Node.traced(rest));
    }
}
