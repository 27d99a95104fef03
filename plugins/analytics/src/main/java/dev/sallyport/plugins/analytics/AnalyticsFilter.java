package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Query;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts each exchange when it has ended. */
final class AnalyticsFilter implements Filter {

    private final Recorder recorder;
    private final Shelf shelf;
    private final Tidying tidying;
    private final List<Query> queries;

    AnalyticsFilter(Recorder recorder, Shelf shelf, Tidying tidying, Questions questions) {
        this.recorder = recorder;
        this.shelf = shelf;
        this.tidying = tidying;
        queries = questions.all();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        request.exchange().onComplete(completion -> recorder.add(request, completion));
        return next.proceed(request);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(request, "");
    }

    @Override
    public Map<String, ?> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("series", recorder.series());
        state.put("notApart", recorder.collapsed());
        state.put("notApartInHours", tidying.notApart());
        state.put("lost", recorder.lost());
        try {
            state.put("files", shelf.files());
            state.put("bytes", shelf.bytes());
        } catch (IOException e) {
            state.put("trouble", e.toString());
        }
        state.put("unreadable", shelf.unreadable());
        return state;
    }

    @Override
    public List<Query> queries() {
        return queries;
    }

    @Override
    public void close() {
        recorder.close();
    }
}
