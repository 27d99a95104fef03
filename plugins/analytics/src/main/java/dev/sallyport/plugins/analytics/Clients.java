package dev.sallyport.plugins.analytics;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** How clients are told apart. */
public enum Clients {
    /** Not at all. */
    OFF {
        @Override
        String name(InetAddress client) {
            return "";
        }
    },
    /** By the network that they are probably in. */
    PREFIX {
        @Override
        String name(InetAddress client) {
            byte[] bytes = client.getAddress();
            boolean four = client instanceof Inet4Address;
            Arrays.fill(bytes, four ? IPV4_BYTES : IPV6_BYTES, bytes.length, (byte) 0);
            return text(bytes) + (four ? "/24" : "/64");
        }
    },
    /** By their addresses. */
    ADDRESS {
        @Override
        String name(InetAddress client) {
            return text(client.getAddress());
        }
    };

    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 8;

    /** Whom that one is counted as; {@code ""} for nobody. */
    abstract String name(InetAddress client);

    /** Without the zone of an interface. */
    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("its length is that of an address", e);
        }
    }
}
