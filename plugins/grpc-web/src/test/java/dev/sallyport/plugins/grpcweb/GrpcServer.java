package dev.sallyport.plugins.grpcweb;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** gRPC's own test service, by grpc-java. */
final class GrpcServer implements AutoCloseable {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    @SuppressWarnings("FutureReturnValueIgnored")
    private GrpcServer() {
        // All threads are there from the beginning, so that none is taken for a plugin's.
        loop.submit(() -> {}).syncUninterruptibly();
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .bossEventLoopGroup(loop)
                    .workerEventLoopGroup(loop)
                    .channelType(NioServerSocketChannel.class)
                    .executor(calls)
                    .maxInboundMessageSize(16 * 1024 * 1024)
                    .addService(ServerInterceptors.intercept(
                            new TestServiceImpl(scheduler), TestServiceImpl.interceptors()))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GrpcServer start() {
        return new GrpcServer();
    }

    String address() {
        return "http://127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        scheduler.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        calls.shutdownNow();
    }
}
