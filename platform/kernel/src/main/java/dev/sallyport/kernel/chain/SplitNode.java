package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Sends each request to one of several upstreams, by chance and weight. */
final class SplitNode implements Node {

    private final List<Part> parts;
    private final long total;

    /** One of several ways to go on. */
    record Part(Next next, int weight) {}

    private SplitNode(List<Part> parts) {
        this.parts = List.copyOf(parts);
        total = parts.stream().mapToLong(Part::weight).sum();
    }

    List<Part> parts() {
        return parts;
    }

    /** The only way, or a choice between all. */
    static Next of(List<Part> parts) {
        return parts.size() == 1 ? parts.getFirst().next() : new SplitNode(parts);
    }

    @Override
    public Node traced() {
        return new SplitNode(parts.stream()
                .map(part -> new Part(Node.traced(part.next()), part.weight()))
                .toList());
    }

    @Override
    public Response proceed(Request request) throws Exception {
        long point = ThreadLocalRandom.current().nextLong(total);
        for (Part part : parts) {
            point -= part.weight();
            if (point < 0) {
                return part.next().proceed(request);
            }
        }
        throw new AssertionError("the weights add up to " + total);
    }
}
