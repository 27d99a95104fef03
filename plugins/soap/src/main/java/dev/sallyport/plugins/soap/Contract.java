package dev.sallyport.plugins.soap;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/**
 * What a WSDL says of one port: its operations and the elements that they take and give. Immutable and thread-safe.
 *
 * @param location the address of the service; {@code ""} for none
 * @param operations by their names, in order
 */
record Contract(Model model, QName service, Soap version, String location, Map<String, Operation> operations) {

    /** Whether a message of one of the operations may have a block of that name in its header. */
    boolean declaresHeader(QName name) {
        return operations.values().stream()
                .flatMap(each -> Stream.of(each.input(), each.output()))
                .filter(Objects::nonNull)
                .flatMap(each -> each.headers().stream())
                .anyMatch(each -> each.name().equals(name));
    }

    /**
     * An operation.
     *
     * @param action the SOAP action; {@code ""} for none
     * @param output null where no answer is given
     * @param faults the elements of details that are declared, by their names
     * @param documentation what the WSDL says of it; {@code ""} for nothing
     */
    record Operation(
            String name,
            String action,
            Message input,
            @Nullable Message output,
            Map<QName, Element> faults,
            String documentation) {}

    /**
     * A message.
     *
     * @param body what stands in the body; null for nothing
     * @param headers what is declared to stand in the header
     */
    record Message(@Nullable Element body, List<Element> headers) {}
}
