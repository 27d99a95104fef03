import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty alone, which answers from memory on virtual threads: what no answer of the product can cost less than. */
final class JettyAnswer {

    private JettyAnswer() {}

    public static void main(String[] arguments) throws Exception {
        byte[] small = "x".repeat(134).getBytes(StandardCharsets.US_ASCII);
        byte[] large = "x".repeat(16 * 1024).getBytes(StandardCharsets.US_ASCII);
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        JettyProxy.serve(new Server(threads), arguments[0], new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                byte[] body = Request.getPathInContext(request).equals("/large") ? large : small;
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                response.write(true, ByteBuffer.wrap(body), callback);
                return true;
            }
        });
    }
}
