package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.Redaction;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.TraceConfig;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.discovery.Discovered;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.routing.RouteTable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes generations for tests without plugins. */
public final class Generations {

    private Generations() {}

    /** One whose way in is that. */
    public static Generation of(Next entry) {
        return of(entry, 0, () -> {});
    }

    /** One whose way in is that, with room for so many steps. */
    public static Generation of(Next entry, int slots, Runnable onDrained) {
        return of(entry, slots, Duration.ofMinutes(5), onDrained);
    }

    /** One that waits so long for exchanges on those before it. */
    public static Generation of(Next entry, Duration afterSwap) {
        return of(entry, 0, afterSwap, () -> {});
    }

    /** One that takes so many exchanges at once. */
    public static Generation limited(int inFlight, Next entry) {
        return of(entry, 0, Duration.ofMinutes(5), inFlight, () -> {});
    }

    private static Generation of(Next entry, int slots, Duration afterSwap, Runnable onDrained) {
        return of(entry, slots, afterSwap, 1000, onDrained);
    }

    /** One with that listener. */
    public static Generation of(ListenerConfig listener, Next entry) {
        return of(listener, entry, 0, Duration.ofMinutes(5), 1000, () -> {});
    }

    private static Generation of(Next entry, int slots, Duration afterSwap, int inFlight, Runnable onDrained) {
        return of(Written.listener(), entry, slots, afterSwap, inFlight, onDrained);
    }

    private static Generation of(
            ListenerConfig listener, Next entry, int slots, Duration afterSwap, int inFlight, Runnable onDrained) {
        ResolvedConfig resolved = config(listener, afterSwap, inFlight, List.of());
        return new Generation(
                1,
                resolved,
                entry,
                Map.of(),
                slots,
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of(),
                Discovered.none(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                new KeptRoutes.Made(Catalogue.EMPTY, 0, Set.of(), List.of(), Map.of(), RouteTable.of(List.of())),
                new Beside(new Copies(), new Deadlines()),
                Clock.systemUTC(),
                onDrained);
    }

    /** A configuration whose traces mask these names too. */
    public static ResolvedConfig masking(List<String> names) {
        return config(Written.listener(), Duration.ofMinutes(5), 1000, names);
    }

    private static ResolvedConfig config(ListenerConfig listener, Duration afterSwap, int inFlight, List<String> mask) {
        GatewayConfig config = new GatewayConfig(
                1,
                GatewayConfig.Source.FILES,
                List.of(listener),
                Written.as(GatewayConfig.Admin.class, "address: 127.0.0.1:0"),
                new GatewayConfig.Status(new Address("127.0.0.1", 0)),
                new GatewayConfig.RequestId("x-request-id", GatewayConfig.Inbound.ALWAYS),
                new GatewayConfig.Log(GatewayConfig.Level.INFO, GatewayConfig.LogFormat.TEXT, "stderr", Map.of(), null),
                new GatewayConfig.Drain(Duration.ZERO, afterSwap, Duration.ofSeconds(30)),
                new GatewayConfig.Limits(inFlight, Duration.ofSeconds(1)),
                new TraceConfig(mask, null, 20),
                new GatewayConfig.Folders("plugins", "scripts", "data", GatewayConfig.Writable.REFUSED),
                TrustConfig.DEFAULT,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                new GatewayConfig.Defaults(List.of()),
                List.of());
        return new ResolvedConfig(config, List.of(), List.of(), Map.of(), Map.of(), Map.of(), new Redaction());
    }
}
