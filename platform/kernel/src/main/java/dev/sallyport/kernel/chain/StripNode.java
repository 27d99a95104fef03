package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;

/**
 * Takes off what a client must not say, before the first step.
 *
 * @param owned header names that steps before routing set
 */
record StripNode(List<String> owned, Next rest) implements Node {

    @Override
    public Response proceed(Request request) throws Exception {
        return rest.proceed(Router.strip(request, owned));
    }

    @Override
    public Node traced() {
        return new StripNode(owned, Node.traced(rest));
    }
}
