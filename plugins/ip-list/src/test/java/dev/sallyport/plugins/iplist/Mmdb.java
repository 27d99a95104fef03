package dev.sallyport.plugins.iplist;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a database of countries in MaxMind's format, version 2.0 (MaxMind-DB-spec.md): a tree of 128 levels with records of
 * 32 bits, IPv4 below {@code ::/96}; each leaf points to {@code {"country": {"iso_code": …}}}.
 */
final class Mmdb {

    private static final byte[] METADATA = "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SEPARATOR = 16;
    private static final int MAP = 7;
    private static final int TEXT = 2;
    private static final int UINT16 = 5;
    private static final int UINT32 = 6;
    private static final int UINT64 = 9;
    private static final int LIST = 11;

    /** Two records a node: positive is a node, negative a place in the data less one, 0 nothing. */
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[2]));

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** The bytes of a database of those blocks and codes. */
    static byte[] of(Map<String, String> countries) {
        Mmdb mmdb = new Mmdb();
        countries.forEach(mmdb::put);
        return mmdb.bytes();
    }

    private void put(String block, String code) {
        IPAddress network = new IPAddressString(block).getAddress();
        byte[] bytes = network.getLower().getBytes();
        int offset = bytes.length == 4 ? 96 : 0;
        int length = offset + network.getNetworkPrefixLength();
        int node = 0;
        for (int level = 0; level < length; level++) {
            int at = level - offset;
            int bit = at < 0 ? 0 : bytes[at >> 3] >> 7 - (at & 7) & 1;
            if (level == length - 1) {
                nodes.get(node)[bit] = -1 - data.size();
            } else {
                if (nodes.get(node)[bit] == 0) {
                    nodes.add(new int[2]);
                    nodes.get(node)[bit] = nodes.size() - 1;
                }
                node = nodes.get(node)[bit];
            }
        }
        data.writeBytes(value(Map.of("country", Map.of("iso_code", code), "continent", Map.of("code", "EU"))));
    }

    private byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int written =
                        record == 0 ? nodes.size() : record > 0 ? record : nodes.size() + SEPARATOR + (-1 - record);
                whole.writeBytes(ByteBuffer.allocate(4).putInt(written).array());
            }
        }
        whole.writeBytes(new byte[SEPARATOR]);
        whole.writeBytes(data.toByteArray());
        whole.writeBytes(METADATA);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("node_count", (long) nodes.size());
        metadata.put("record_size", 32);
        metadata.put("ip_version", 6);
        metadata.put("database_type", "Test-Country");
        metadata.put("languages", List.of("en"));
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", BigInteger.valueOf(1_790_000_000));
        metadata.put("description", Map.of("en", "countries for a test"));
        whole.writeBytes(value(metadata));
        return whole.toByteArray();
    }

    private static byte[] value(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (value) {
            case Map<?, ?> map -> {
                out.write(MAP << 5 | map.size());
                map.forEach((name, member) -> {
                    out.writeBytes(value(name));
                    out.writeBytes(value(member));
                });
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(LIST - 7);
                list.forEach(item -> out.writeBytes(value(item)));
            }
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.write(TEXT << 5 | bytes.length);
                out.writeBytes(bytes);
            }
            case Integer number -> {
                out.write(UINT16 << 5 | 2);
                out.writeBytes(
                        ByteBuffer.allocate(2).putShort(number.shortValue()).array());
            }
            case Long number -> {
                out.write(UINT32 << 5 | 4);
                out.writeBytes(ByteBuffer.allocate(4).putInt(number.intValue()).array());
            }
            case BigInteger number -> {
                out.write(8);
                out.write(UINT64 - 7);
                out.writeBytes(
                        ByteBuffer.allocate(8).putLong(number.longValue()).array());
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
        return out.toByteArray();
    }
}
