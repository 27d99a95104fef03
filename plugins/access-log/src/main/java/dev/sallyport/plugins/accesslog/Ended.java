package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that has ended.
 *
 * @param request as the step received it
 * @param response as the step passed it back; null where the steps behind it failed
 * @param completion how it has ended
 */
record Ended(Request request, @Nullable Response response, Completion completion) {}
