package dev.sallyport.plugins.iplist;

import java.net.InetAddress;
import java.util.Set;

/** Some of all addresses. Thread-safe. */
interface AddressList {

    /**
     * Whether an address is on it.
     *
     * @param bytes the same, in network order
     */
    boolean holds(InetAddress address, byte[] bytes);

    /** What of it holds an address that is on it, in words for a trace. */
    String told(InetAddress address, byte[] bytes);

    /** Whether it is there to be asked, or nobody knows what it holds. */
    default boolean isThere() {
        return true;
    }

    /** Those that the configuration lists. */
    record Written(AddressSet addresses) implements AddressList {

        @Override
        public boolean holds(InetAddress address, byte[] bytes) {
            return addresses.holds(bytes);
        }

        @Override
        public String told(InetAddress address, byte[] bytes) {
            return String.valueOf(addresses.find(bytes));
        }
    }

    /** Those of some countries. */
    record InCountries(Set<String> codes, Countries countries) implements AddressList {

        @Override
        public boolean holds(InetAddress address, byte[] bytes) {
            String code = countries.of(address);
            return code != null && codes.contains(code);
        }

        @Override
        public String told(InetAddress address, byte[] bytes) {
            return "country " + countries.of(address);
        }
    }
}
