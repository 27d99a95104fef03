package dev.sallyport.distribution.conformance;

import java.util.ArrayList;
import java.util.List;

/** What has come at the client. */
final class Outcome {

    final List<Message> responses = new ArrayList<>();
    final List<Integer> interims = new ArrayList<>();
    final StringBuilder then = new StringBuilder();

    /** The connection ended, by the peer. */
    boolean closed;

    /** The connection has served another request, or ping, afterwards. */
    boolean open;

    boolean reset;
    boolean goAway;
    int firstData = -1;
    String ping = "";

    /** The first answer: a status, or {@code rst}, {@code goaway}, {@code close}, {@code nothing}. */
    Object status() {
        if (!responses.isEmpty()) {
            return responses.getFirst().status();
        }
        return goAway ? "goaway" : reset ? "rst" : closed || open ? "close" : "nothing";
    }
}
