package dev.sallyport.plugins.soap;

import dev.sallyport.xml.Value.Obj;
import java.util.Set;

/**
 * A fault of SOAP.
 *
 * @param side whose fault it is
 * @param code as it was told: a name, perhaps with others behind it
 * @param reason for people
 * @param detail the members of its detail
 * @param names what its detail has: members by their names in JSON, elements that are not declared by their local ones
 */
record Fault(Side side, String code, String reason, Obj detail, Set<String> names) {

    /** Whose fault it is. */
    enum Side {
        /** Who sent the message; Client in SOAP 1.1, Sender in 1.2. */
        SENDER,
        /** Who was to work on it; Server, or Receiver. */
        RECEIVER,
        /** The two do not speak the same: VersionMismatch, MustUnderstand, DataEncodingUnknown. */
        PROTOCOL
    }

    static Side side(String local) {
        return switch (local) {
            case "Client", "Sender" -> Side.SENDER;
            case "VersionMismatch", "MustUnderstand", "DataEncodingUnknown" -> Side.PROTOCOL;
            default -> local.startsWith("Client.") ? Side.SENDER : Side.RECEIVER;
        };
    }
}
