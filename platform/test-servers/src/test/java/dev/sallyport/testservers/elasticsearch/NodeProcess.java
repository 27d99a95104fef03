package dev.sallyport.testservers.elasticsearch;

import java.nio.file.Path;
import java.util.List;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.transport.Netty4Plugin;

/**
 * A node of Elasticsearch in a process of its own: what Maven Central has of it is the server without its modules, so the one
 * for HTTP is named here. Not a test; it stands among them so that its libraries reach nobody else.
 */
final class NodeProcess extends Node {

    private NodeProcess(Settings settings, Path home) {
        super(new Environment(settings, home.resolve("config")), List.of(Netty4Plugin.class), false);
    }

    /**
     * Runs until it is killed.
     *
     * @param arguments home folder, port for HTTP, port for other nodes
     */
    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.builder()
                .put("path.home", arguments[0])
                .put("http.port", arguments[1])
                .put("transport.port", arguments[2])
                .put("network.host", "127.0.0.1")
                .put("discovery.type", "single-node")
                .put("node.name", "test")
                // Tests of a disk that fills up fill another one.
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build();
        new NodeProcess(settings, Path.of(arguments[0])).start();
        Thread.currentThread().join();
    }
}
