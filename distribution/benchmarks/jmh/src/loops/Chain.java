package loops;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.log.GatewayLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An exchange without its sockets: begun, routed, through the chain of one route to the step that answers, completed. The
 * routes are those of a configuration that a gateway in this process has compiled, with the plugins' own jars; what a step
 * takes is the difference from {@code steps-0}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Chain {

    private static final int CALLERS = 1024;

    @Param({"steps-0", "steps-5", "steps-15", "headers", "limit", "hit"})
    public String route;

    private final LiveExchange.Facts[] callers = new LiveExchange.Facts[CALLERS];
    private Gateway gateway;
    private Generation generation;
    private RequestTarget target;
    private Headers headers;
    private int next;

    @Setup
    public void start() throws Exception {
        Path home = Path.of(System.getProperty("home"));
        gateway = Gateway.start(home.resolve("conf/gateway.yaml"), home, new GatewayLog());
        generation = gateway.generation();
        target = RequestTarget.parse("/" + route);
        headers = Headers.of(
                "host", "api.example.com",
                "user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "accept-language", "en-US,en;q=0.5",
                "accept-encoding", "gzip, deflate, br",
                "cookie", "session=0123456789abcdef",
                "sec-fetch-dest", "document",
                "sec-fetch-mode", "navigate",
                "priority", "u=0, i");
        for (int i = 0; i < CALLERS; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 203, 0, (byte) (i >> 8), (byte) i});
            callers[i] = new LiveExchange.Facts(
                    "id-" + i,
                    "web",
                    "http",
                    "HTTP/1.1",
                    address,
                    new InetSocketAddress(address, 40_000),
                    false,
                    null,
                    false,
                    (status, fields) -> {});
        }
        exchange(); // what is kept is there from now on
        Response answer = exchange();
        boolean hit = answer.headers().get("cache-status", "").contains("hit");
        if (answer.status() != 200 || hit != route.equals("hit")) {
            throw new IllegalStateException(
                    route + " is not what it is to be: " + answer.status() + " " + answer.headers());
        }
    }

    @Benchmark
    public Response exchange() throws Exception {
        if (!generation.tryAcquire()) {
            throw new IllegalStateException("another generation serves");
        }
        LiveExchange exchange = new LiveExchange(callers[next++ & CALLERS - 1], generation, ended -> {});
        Response answer = exchange.entry().proceed(new Request("GET", target, headers, Body.empty(), null, exchange));
        exchange.answered();
        exchange.complete(answer.status(), Outcome.COMPLETED, null);
        exchange.leave();
        return answer;
    }

    @TearDown
    public void stop() {
        gateway.close();
    }
}
