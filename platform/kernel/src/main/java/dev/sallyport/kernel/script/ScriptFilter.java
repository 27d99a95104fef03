package dev.sallyport.kernel.script;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** A script as a step. */
final class ScriptFilter implements Filter {

    private static final Problem BUSY = new Problem(503, "script-busy", "Too many requests are being worked on");

    private final Script script;
    private final ContextPool pool;

    ScriptFilter(Script script, ContextPool pool) {
        this.script = script;
        this.pool = pool;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (pool.isStuck()) {
            return BUSY.toResponse(request).withHeader("retry-after", "1");
        }
        long start = System.nanoTime();
        Lease lease = pool.lease(script.limits().wall().toNanos());
        if (lease == null) {
            return BUSY.toResponse(request).withHeader("retry-after", "1");
        }
        try {
            return new ScriptCall(script, request, next, false).run(lease, start);
        } finally {
            pool.giveBack(lease);
        }
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Unknown("runs the script " + script.name());
    }

    @Override
    public void close() {
        pool.close();
    }
}
