package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.Address;
import dev.sallyport.marketplace.Index;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves the files of the folder of a marketplace, to be read in whole or in part; no listings, and nothing outside it.
 * What no index could name is not there: no file that begins with a dot, and none behind a link. Nor are private keys, that
 * somebody may have left there.
 */
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
        Path real = folder.toRealPath();
        files.setBaseResource(ResourceFactory.of(server).newResource(real));
        files.setDirAllowed(false);
        files.setEtags(true);
        server.setHandler(new Handler.Wrapper(files) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                if (isServed(real, Request.getPathInContext(request))) {
                    return super.handle(request, response, callback);
                }
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
                return true;
            }
        });
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return new FolderServer(server, connector);
    }

    private static boolean isServed(Path folder, String path) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        if (!Index.isFile(name) || name.endsWith(".key") || name.endsWith(".pem")) {
            return false;
        }
        Path file = folder.resolve(name);
        try {
            return file.toRealPath().equals(file);
        } catch (IOException none) {
            return false;
        }
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
