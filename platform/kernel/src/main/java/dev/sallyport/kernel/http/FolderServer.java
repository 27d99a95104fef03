package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.Address;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves the files of a folder, to be read in whole or in part; no listings, and nothing outside it. */
public final class FolderServer implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;

    private FolderServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Begins to serve.
     *
     * @throws IOException where it cannot be bound
     */
    public static FolderServer start(Path folder, Address address) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(20, 4);
        threads.setName("folder");
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.host());
        connector.setPort(address.port());
        server.addConnector(connector);
        ResourceHandler files = new ResourceHandler();
        files.setBaseResource(ResourceFactory.of(server).newResource(folder.toRealPath()));
        files.setDirAllowed(false);
        files.setEtags(true);
        server.setHandler(files);
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new FolderServer(server, connector);
    }

    /** The port that it has. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Waits until it is closed. */
    public void join() throws InterruptedException {
        server.join();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
