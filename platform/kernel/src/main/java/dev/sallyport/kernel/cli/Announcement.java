package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a gateway says when it has started. */
final class Announcement {

    private static final int MOST_ROUTES = 20;

    private Announcement() {}

    static void print(Gateway gateway, Path configFile, PrintWriter out) {
        ResolvedConfig config = gateway.generation().config();
        out.println("sallyport " + Sallyport.version() + ", generation "
                + gateway.generation().number() + " of " + configFile);
        gateway.addresses().forEach((name, address) -> line(out, "listener " + name, shown(config, name, address)));
        boolean secure = gateway.generation().config().config().admin().tls() != null;
        line(out, "admin", (secure ? "https://" : "http://") + gateway.adminAddress());
        line(out, "status", "http://" + gateway.statusAddress());
        line(out, "routes", routes(config.routes()));
        line(out, "plugins", String.join(", ", steps(config)));
    }

    private static String shown(ResolvedConfig config, String listener, Address address) {
        if (address.socket() != null) {
            return address.toString();
        }
        boolean tls =
                config.config().listeners().stream().anyMatch(one -> one.name().equals(listener) && one.tls() != null);
        return (tls ? "https://" : "http://") + address;
    }

    /** The last line: from here on it serves. */
    static void ready(PrintWriter out) {
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        out.println("ready in " + millis + " ms");
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format("%-15s %s", name, value));
    }

    private static String routes(List<ResolvedRoute> routes) {
        List<String> names = routes.stream().map(route -> route.route().name()).toList();
        return names.size() <= MOST_ROUTES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_ROUTES)) + " and " + (names.size() - MOST_ROUTES) + " more";
    }

    /** The types that are used, by name. */
    private static Set<String> steps(ResolvedConfig config) {
        Set<String> types = new TreeSet<>();
        config.before().forEach(step -> types.add(step.step().type()));
        config.routes()
                .forEach(route ->
                        route.steps().forEach(step -> types.add(step.step().type())));
        config.upstreamSteps()
                .values()
                .forEach(steps -> steps.forEach(step -> types.add(step.step().type())));
        return types;
    }
}
