package dev.sallyport.kernel.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says about a connection before its first byte: the PROXY protocol, version 1 or 2. No name is ever looked
 * up, no more is kept than a header may have, and what it may not be is refused at the first byte that shows it.
 *
 * @param source the client; null where the proxy speaks for itself (LOCAL) or does not know
 * @param destination where the client connected to; null like the source
 */
record ProxyHeader(
        @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {

    /** Room for the addresses and as many further facts (TLVs) as proxies send; most send none. */
    static final int MOST_BYTES = 4096;

    /** The longest line of version 1, with its end. */
    private static final int MOST_LINE = 107;

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

    private static final Pattern LINE = Pattern.compile(
            "PROXY (TCP[46]) ([0-9a-fA-F:.]{2,45}) ([0-9a-fA-F:.]{2,45}) (0|[1-9]\\d{0,4}) (0|[1-9]\\d{0,4})");

    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN( [ -~]*)?");

    /** What is no header of this protocol. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads a header, and moves the buffer behind it.
     *
     * @return null where more bytes are needed; the buffer stays then
     */
    static @Nullable ProxyHeader parse(ByteBuffer in) throws MalformedException {
        if (startsLike(in, V2)) {
            return in.remaining() < 16 ? null : version2(in);
        }
        if (startsLike(in, V1)) {
            return version1(in);
        }
        throw new MalformedException("it does not begin with a PROXY header");
    }

    private static boolean startsLike(ByteBuffer in, byte[] signature) {
        for (int i = 0; i < Math.min(in.remaining(), signature.length); i++) {
            if (in.get(in.position() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ProxyHeader version1(ByteBuffer in) throws MalformedException {
        int start = in.position();
        int most = Math.min(in.limit(), start + MOST_LINE);
        for (int at = start; at < most; at++) {
            if (in.get(at) == '\n') {
                byte[] line = new byte[at - start];
                in.get(line);
                in.get();
                return line(new String(line, StandardCharsets.ISO_8859_1));
            }
        }
        if (in.remaining() >= MOST_LINE) {
            throw new MalformedException("its PROXY line is longer than 107 bytes");
        }
        return null;
    }

    private static ProxyHeader line(String line) throws MalformedException {
        String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : "";
        if (UNKNOWN.matcher(bare).matches()) {
            return new ProxyHeader(null, null);
        }
        Matcher form = LINE.matcher(bare);
        if (!form.matches()) {
            throw new MalformedException("its PROXY line is malformed");
        }
        boolean v4 = form.group(1).equals("TCP4");
        return new ProxyHeader(
                new InetSocketAddress(address(form.group(2), v4), port(form.group(4))),
                new InetSocketAddress(address(form.group(3), v4), port(form.group(5))));
    }

    private static InetAddress address(String text, boolean v4) throws MalformedException {
        InetAddress address = AddressText.parse(text);
        if (address == null || text.contains(":") == v4) {
            throw new MalformedException("its PROXY line has no address where one should be");
        }
        return address;
    }

    private static int port(String digits) throws MalformedException {
        int port = Integer.parseInt(digits);
        if (port > 65535) {
            throw new MalformedException("its PROXY line has a port above 65535");
        }
        return port;
    }

    private static @Nullable ProxyHeader version2(ByteBuffer in) throws MalformedException {
        int start = in.position();
        int command = in.get(start + 12) & 0xff;
        int family = in.get(start + 13) & 0xff;
        int length = in.getShort(start + 14) & 0xffff;
        if (command != 0x20 && command != 0x21) {
            throw new MalformedException("its PROXY header has an unknown version or command");
        }
        if (length > MOST_BYTES - 16) {
            throw new MalformedException("its PROXY header is longer than " + MOST_BYTES + " bytes");
        }
        boolean known = command == 0x21 && (family == 0x11 || family == 0x21);
        int addresses = family == 0x11 ? 4 : 16;
        if (known && length < 2 * addresses + 4) {
            throw new MalformedException("its PROXY header is too short for its addresses");
        }
        if (in.remaining() < 16 + length) {
            return null;
        }
        in.position(start + 16);
        ProxyHeader header = new ProxyHeader(null, null);
        if (known) {
            InetAddress source = address(in, addresses);
            InetAddress destination = address(in, addresses);
            int sourcePort = in.getShort() & 0xffff;
            header = new ProxyHeader(
                    new InetSocketAddress(source, sourcePort),
                    new InetSocketAddress(destination, in.getShort() & 0xffff));
        }
        in.position(start + 16 + length); // beyond further facts, which are not needed
        return header;
    }

    private static InetAddress address(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
