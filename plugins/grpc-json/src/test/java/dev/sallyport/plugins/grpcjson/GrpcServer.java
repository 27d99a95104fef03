package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A real server of gRPC, by grpc-java: gRPC's own test service, health, reflection, and the shop of the pages, whose answers
 * are written as JSON.
 */
final class GrpcServer implements AutoCloseable {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

    /** How many orders were sent, and how many came. */
    final AtomicLong sent = new AtomicLong();

    final AtomicLong received = new AtomicLong();
    final AtomicLong cancelled = new AtomicLong();

    /** While it is held, the server asks for no more orders than it has asked for. */
    private final ReentrantLock gate = new ReentrantLock();

    private boolean held;
    private @Nullable Runnable more;

    volatile String lastRequest = "";

    /** Which reflection it offers. */
    enum Reflects {
        V1,
        V1ALPHA,
        NOT
    }

    @SuppressWarnings({"deprecation", "FutureReturnValueIgnored"}) // the older reflection is what is tested
    private GrpcServer(Reflects reflects, int port) {
        // All threads are there from the beginning, so that none is taken for a plugin's.
        loop.submit(() -> {}).syncUninterruptibly();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(NioServerSocketChannel.class)
                .executor(calls)
                .maxInboundMessageSize(16 * 1024 * 1024)
                .addService(
                        ServerInterceptors.intercept(new TestServiceImpl(scheduler), TestServiceImpl.interceptors()))
                .addService(new HealthStatusManager().getHealthService())
                .addService(shop());
        switch (reflects) {
            case V1 -> builder.addService(ProtoReflectionServiceV1.newInstance());
            case V1ALPHA -> builder.addService(ProtoReflectionService.newInstance());
            case NOT -> {}
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GrpcServer start() {
        return new GrpcServer(Reflects.V1, 0);
    }

    static GrpcServer start(Reflects reflects, int port) {
        return new GrpcServer(reflects, port);
    }

    /** Takes one more order at most until it is told to go on. */
    void hold(boolean hold) {
        gate.lock();
        try {
            held = hold;
            if (!hold && more != null) {
                more.run();
                more = null;
            }
        } finally {
            gate.unlock();
        }
    }

    /** Where it listens. */
    String address() {
        return "http://127.0.0.1:" + server.getPort();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        scheduler.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        calls.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The shop, compiled as a step compiles it. */
    static FileDescriptor file() {
        try {
            return ProtoFiles.compile(new Description.Protos(
                            List.of("shop/v1/orders.proto"), List.of(Path.of("src/test/resources"))))
                    .files()
                    .stream()
                    .filter(file -> file.getName().equals("shop/v1/orders.proto"))
                    .findFirst()
                    .orElseThrow();
        } catch (DescriptionException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServerServiceDefinition shop() {
        FileDescriptor file = file();
        ServiceDescriptor orders = file.findServiceByName("Orders");
        io.grpc.ServiceDescriptor.Builder described = io.grpc.ServiceDescriptor.newBuilder(orders.getFullName())
                .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> file);
        Map<String, io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage>> methods = new HashMap<>();
        orders.getMethods().forEach(method -> methods.put(method.getName(), method(method)));
        methods.values().forEach(described::addMethod);
        return ServerServiceDefinition.builder(described.build())
                .addMethod(
                        methods.get("GetOrder"),
                        ServerCalls.asyncUnaryCall((DynamicMessage request, StreamObserver<DynamicMessage> answer) ->
                                getOrder(orders.findMethodByName("GetOrder"), request, answer)))
                .addMethod(
                        methods.get("ListItems"),
                        ServerCalls.asyncUnaryCall((DynamicMessage request, StreamObserver<DynamicMessage> answer) ->
                                getOrder(orders.findMethodByName("ListItems"), request, answer)))
                .addMethod(
                        methods.get("CreateOrder"),
                        ServerCalls.asyncUnaryCall((DynamicMessage request, StreamObserver<DynamicMessage> answer) -> {
                            lastRequest = json(request);
                            answer.onNext((DynamicMessage) request.getField(
                                    request.getDescriptorForType().findFieldByName("order")));
                            answer.onCompleted();
                        }))
                .addMethod(
                        methods.get("GetReceipt"),
                        ServerCalls.asyncUnaryCall((DynamicMessage request, StreamObserver<DynamicMessage> answer) -> {
                            lastRequest = json(request);
                            answer.onNext(message(
                                    orders.findMethodByName("GetReceipt"),
                                    "{\"contentType\":\"text/plain\",\"data\":\"UGFpZC4=\"}"));
                            answer.onCompleted();
                        }))
                .addMethod(
                        methods.get("ListOrders"),
                        ServerCalls.asyncServerStreamingCall(
                                (DynamicMessage request, StreamObserver<DynamicMessage> answer) ->
                                        listOrders(orders.findMethodByName("ListOrders"), request, answer)))
                .addMethod(
                        methods.get("ImportOrders"),
                        ServerCalls.asyncClientStreamingCall((StreamObserver<DynamicMessage> answer) ->
                                importOrders(orders.findMethodByName("ImportOrders"), answer)))
                .build();
    }

    private void getOrder(MethodDescriptor method, DynamicMessage request, StreamObserver<DynamicMessage> answer) {
        lastRequest = json(request);
        String name = text(request, "name");
        if (name.endsWith("/0")) {
            answer.onError(failure());
            return;
        }
        answer.onNext(message(
                method,
                "{\"name\":\"" + name + "\",\"status\":\"OPEN\",\"items\":[{\"article\":\"tea\","
                        + "\"count\":2}],\"placedAt\":\"2026-11-26T12:00:00Z\",\"totalCents\":\"1250\"}"));
        answer.onCompleted();
    }

    private static Throwable failure() {
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(com.google.rpc.Code.RESOURCE_EXHAUSTED_VALUE)
                .setMessage("too many orders")
                .addDetails(com.google.protobuf.Any.pack(com.google.rpc.RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(3))
                        .build()))
                .addDetails(com.google.protobuf.Any.newBuilder()
                        .setTypeUrl("type.example.com/unknown.Type")
                        .setValue(com.google.protobuf.ByteString.copyFromUtf8("hi"))
                        .build())
                .build();
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), status.toByteArray());
        return Status.RESOURCE_EXHAUSTED.withDescription("too many orders").asRuntimeException(trailers);
    }

    /** Sends no more than is taken: the handler is called when there is room. */
    private void listOrders(MethodDescriptor method, DynamicMessage request, StreamObserver<DynamicMessage> answer) {
        lastRequest = json(request);
        ServerCallStreamObserver<DynamicMessage> call = (ServerCallStreamObserver<DynamicMessage>) answer;
        long count = ((Integer) request.getField(request.getDescriptorForType().findFieldByName("page_size")));
        boolean fails = text(request, "parent").endsWith("/broken");
        boolean never = text(request, "parent").endsWith("/asleep");
        boolean large = text(request, "parent").endsWith("/large");
        DynamicMessage order = message(
                method,
                large
                        ? "{\"name\":\"" + "n".repeat(16 * 1024) + "\"}"
                        : "{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\"}");
        long[] next = {0};
        call.setOnCancelHandler(cancelled::incrementAndGet);
        Runnable send = () -> {
            while (call.isReady() && !call.isCancelled() && next[0] < count) {
                next[0]++;
                sent.incrementAndGet();
                call.onNext(order);
            }
            if (next[0] == count && !never) {
                next[0]++;
                if (fails) {
                    call.onError(failure());
                } else {
                    call.onCompleted();
                }
            }
        };
        call.setOnReadyHandler(send);
    }

    private StreamObserver<DynamicMessage> importOrders(
            MethodDescriptor method, StreamObserver<DynamicMessage> answer) {
        ServerCallStreamObserver<DynamicMessage> call = (ServerCallStreamObserver<DynamicMessage>) answer;
        call.disableAutoRequest();
        call.request(1);
        return new StreamObserver<>() {
            private long count;

            @Override
            public void onNext(DynamicMessage order) {
                count++;
                received.incrementAndGet();
                gate.lock();
                try {
                    if (held) {
                        more = () -> call.request(1);
                    } else {
                        call.request(1);
                    }
                } finally {
                    gate.unlock();
                }
            }

            @Override
            public void onError(Throwable failure) {
                cancelled.incrementAndGet();
            }

            @Override
            public void onCompleted() {
                answer.onNext(message(method, "{\"imported\":\"" + count + "\"}"));
                answer.onCompleted();
            }
        };
    }

    private static String text(DynamicMessage message, String field) {
        return String.valueOf(message.getField(message.getDescriptorForType().findFieldByName(field)));
    }

    private static String json(DynamicMessage message) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DynamicMessage message(MethodDescriptor method, String json) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(method.getOutputType());
        try {
            JsonFormat.parser().merge(json, message);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        return message.build();
    }

    private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> method(MethodDescriptor method) {
        MethodType type = method.isClientStreaming()
                ? MethodType.CLIENT_STREAMING
                : method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(type)
                .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                .setRequestMarshaller(new Messages(method.getInputType()))
                .setResponseMarshaller(new Messages(method.getOutputType()))
                .build();
    }

    private record Messages(com.google.protobuf.Descriptors.Descriptor type) implements Marshaller<DynamicMessage> {

        @Override
        public InputStream stream(DynamicMessage message) {
            return new ByteArrayInputStream(message.toByteArray());
        }

        @Override
        public DynamicMessage parse(InputStream in) {
            try {
                return DynamicMessage.parseFrom(type, in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
