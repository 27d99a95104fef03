package the_publisher.the_name;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** Sets the field. Many threads call it at once, so it keeps nothing of a request. */
final class TheNameFilter implements Filter {

    private final TheNameConfig config;

    TheNameFilter(TheNameConfig config) {
        this.config = config;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return next.proceed(request).withHeader(config.header(), config.value());
    }
}
