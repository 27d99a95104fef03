package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.records.Lines;

/** Leaves a line when the exchange has ended; the writer is the context's to close. */
final class AccessLogFilter implements Filter {

    private final Lines lines;
    private final LineWriter writer;

    AccessLogFilter(Lines lines, LineWriter writer) {
        this.lines = lines;
        this.writer = writer;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        request.exchange().onComplete(completion -> writer.write(lines.line(request, completion)));
        return next.proceed(request);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(request, "");
    }
}
