import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/** The engine alone: a function of a text, called again and again in one context. Prints processor time of a call in µs. */
final class ScriptLoop {

    private static final long WARM_NANOS = 20_000_000_000L;
    private static final int CALLS = 50_000;

    private ScriptLoop() {}

    /** @param arguments the file of a function, and the file of the text that it is called with */
    public static void main(String[] arguments) throws Exception {
        String code = Files.readString(Path.of(arguments[0]));
        String text = Files.readString(Path.of(arguments[1]));
        try (Engine engine = Engine.newBuilder("js")
                        .option("engine.WarnInterpreterOnly", "false")
                        .build();
                Context context = Context.newBuilder("js").engine(engine).build()) {
            Value function =
                    context.eval(Source.newBuilder("js", code, "loop.js").build());
            long end = System.nanoTime() + WARM_NANOS;
            while (System.nanoTime() < end) {
                function.execute(text).asString();
            }
            var threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                function.execute(text).asString();
            }
            System.out.printf("%.1f%n", (threads.getCurrentThreadCpuTime() - before) / 1e3 / CALLS);
        }
    }
}
