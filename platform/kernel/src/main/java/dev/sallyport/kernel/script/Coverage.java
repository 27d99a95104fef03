package dev.sallyport.kernel.script;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.management.ExecutionEvent;
import org.graalvm.polyglot.management.ExecutionListener;

/** Which lines of scripts have run, while it counts. Thread-safe. */
final class Coverage {

    private final Map<String, BitSet> run = new ConcurrentHashMap<>();
    private volatile boolean counting;

    /**
     * The lines of a file.
     *
     * @param statements on which statements begin
     * @param missed those of them that have not run
     */
    record Lines(BitSet statements, BitSet missed) {

        /** In hundredths of all; 100 where there is no statement. */
        int percent() {
            int all = statements.cardinality();
            return all == 0 ? 100 : (int) (100L * (all - missed.cardinality()) / all);
        }
    }

    /** Listens to an engine from now on. */
    void attach(Engine engine) {
        var _ = ExecutionListener.newBuilder()
                .statements(true)
                .sourceFilter(source -> !source.isInternal())
                .onEnter(this::entered)
                .attach(engine);
    }

    /** Counts what runs from now on, or no more: trials do not count. */
    void count(boolean on) {
        counting = on;
    }

    private void entered(ExecutionEvent event) {
        if (!counting) {
            return;
        }
        SourceSection at = event.getLocation();
        String path = at.getSource().getPath();
        BitSet lines = run.computeIfAbsent(path == null ? at.getSource().getName() : path, file -> new BitSet());
        synchronized (lines) {
            lines.set(at.getStartLine());
        }
    }

    /** What has run of those files. */
    Map<String, Lines> of(Map<String, String> texts) {
        Map<String, Lines> result = new TreeMap<>();
        texts.forEach((file, text) -> {
            BitSet statements = ModuleSyntax.of(file, text).statementLines();
            BitSet missed = (BitSet) statements.clone();
            BitSet lines = run.get(file);
            if (lines != null) {
                missed.andNot(lines);
            }
            result.put(file, new Lines(statements, missed));
        });
        return result;
    }
}
