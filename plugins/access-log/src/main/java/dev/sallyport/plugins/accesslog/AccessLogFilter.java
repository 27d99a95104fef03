package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/** Leaves a line when the exchange has ended; the writer is the context's to close. */
final class AccessLogFilter implements Filter {

    private final Writing writing;
    private final Selection selection;
    private final LineWriter writer;
    private final int mostWaiting;
    private final boolean evaluates;
    private final Counts counts;

    AccessLogFilter(AccessLogConfig config, LineWriter writer, Counts counts) {
        writing = Writing.of(config);
        selection = new Selection(config.only(), config.sample());
        mostWaiting = config.mostWaiting();
        evaluates = config.evaluates();
        this.writer = writer;
        this.counts = counts;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Watch watch = new Watch(request);
        request.exchange().onComplete(watch);
        Response response = next.proceed(request);
        watch.response = response;
        return response;
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(request, "");
    }

    /** Waits for the end of one exchange. */
    private final class Watch implements Exchange.CompletionListener {

        private final Request request;
        private volatile @Nullable Response response;

        private Watch(Request request) {
            this.request = request;
        }

        @Override
        public void completed(Completion completion) {
            if (evaluates) {
                request.exchange().put(Completion.OF_EXCHANGE, completion);
            }
            Ended ended = new Ended(request, response, completion);
            if (selection.takes(ended)) {
                writer.write(writing.line(ended), mostWaiting, counts);
            }
        }
    }
}
