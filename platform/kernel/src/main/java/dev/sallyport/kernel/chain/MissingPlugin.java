package dev.sallyport.kernel.chain;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/**
 * What stands in the place of a step whose plugin is missing.
 *
 * @param why none can be had, for people
 */
record MissingPlugin(String type, String why) implements Filter {

    @Override
    public Response handle(Request request, Next next) {
        return Problems.pluginMissing(request, type);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Answers(503, why);
    }
}
