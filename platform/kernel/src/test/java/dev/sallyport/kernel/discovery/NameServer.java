package dev.sallyport.kernel.discovery;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A name server of a test, by UDP and TCP on one port of loopback: what it answers can be changed while it runs. */
public final class NameServer implements AutoCloseable {

    private final int port;
    private final AtomicInteger udp = new AtomicInteger();
    private final AtomicInteger tcp = new AtomicInteger();
    private volatile List<Record> zone = List.of();
    private volatile int code = Rcode.NOERROR;
    private volatile boolean truncated;
    private DatagramSocket packets;
    private ServerSocket streams;

    private NameServer(int port) {
        this.port = port;
    }

    public static NameServer start() throws IOException {
        while (true) {
            NameServer server = new NameServer(freePort());
            try {
                server.begin();
                return server;
            } catch (BindException takenMeanwhile) {
                server.close();
            }
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Lines as in a zone file: {@code orders.test. 1 A 127.0.0.1}. */
    public NameServer answers(String... lines) throws IOException {
        List<Record> records = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 4);
            records.add(Record.fromString(
                    Name.fromString(parts[0]),
                    Type.value(parts[2]),
                    DClass.IN,
                    Long.parseLong(parts[1]),
                    parts[3],
                    Name.root));
        }
        zone = List.copyOf(records);
        return this;
    }

    /** Answers everything with that code. */
    public NameServer failsWith(int rcode) {
        code = rcode;
        return this;
    }

    /** Cuts off what it answers by UDP. */
    public NameServer truncates() {
        truncated = true;
        return this;
    }

    int udpQuestions() {
        return udp.get();
    }

    int tcpQuestions() {
        return tcp.get();
    }

    public void begin() throws IOException {
        packets = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        streams = new ServerSocket();
        streams.setReuseAddress(true);
        streams.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        DatagramSocket ownPackets = packets;
        ServerSocket ownStreams = streams;
        Thread.ofVirtual().start(() -> byUdp(ownPackets));
        Thread.ofVirtual().start(() -> byTcp(ownStreams));
    }

    private void byUdp(DatagramSocket socket) {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                udp.incrementAndGet();
                Message question = new Message(Arrays.copyOf(buffer, packet.getLength()));
                byte[] answer = truncated ? cutOff(question) : answer(question);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void byTcp(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] question = in.readNBytes(in.readUnsignedShort());
                tcp.incrementAndGet();
                byte[] answer = answer(new Message(question));
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static byte[] cutOff(Message question) {
        Message answer = head(question);
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    private static Message head(Message question) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        return answer;
    }

    private byte[] answer(Message question) throws TextParseException {
        Message answer = head(question);
        answer.getHeader().setRcode(code);
        Record asked = question.getQuestion();
        if (code != Rcode.NOERROR) {
            return answer.toWire();
        }
        Name name = asked.getName();
        boolean known = false;
        for (Record record : zone) {
            if (record.getName().equals(name) && record.getType() == Type.CNAME) {
                known = true;
                answer.addRecord(record, Section.ANSWER);
                name = ((CNAMERecord) record).getTarget();
            }
        }
        for (Record record : zone) {
            if (record.getName().equals(name)) {
                known = true;
                if (record.getType() == asked.getType()) {
                    answer.addRecord(record, Section.ANSWER);
                }
            }
        }
        if (!known) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        if (answer.getSection(Section.ANSWER).isEmpty()) {
            Name apex = Name.fromString("test.");
            answer.addRecord(new SOARecord(apex, DClass.IN, 60, apex, apex, 1, 60, 60, 60, 1), Section.AUTHORITY);
        }
        return answer.toWire();
    }

    /** Answers nothing any more; {@link #begin} makes it answer again. */
    @Override
    public void close() throws IOException {
        if (packets != null) {
            packets.close();
        }
        if (streams != null) {
            streams.close();
        }
    }
}
