package dev.sallyport.plugins.soap;

/** WSDLs of few lines for tests. */
final class Wsdls {

    private Wsdls() {}

    /** Of style document, with operations that take an element of their name and give one with {@code Response} behind it. */
    static String document(String schema, String... operations) {
        StringBuilder messages = new StringBuilder();
        StringBuilder portType = new StringBuilder();
        StringBuilder binding = new StringBuilder();
        for (String name : operations) {
            messages.append("""
                <message name="%1$s"><part name="p" element="t:%1$s"/></message>
                <message name="%1$sResponse"><part name="p" element="t:%1$sResponse"/></message>
                """.formatted(name));
            portType.append("""
                <operation name="%1$s"><input message="t:%1$s"/><output message="t:%1$sResponse"/></operation>
                """.formatted(name));
            binding.append("""
                <operation name="%1$s"><s:operation soapAction="urn:%1$s"/>
                  <input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation>
                """.formatted(name));
        }
        return """
            <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
                xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
              <types><xs:schema targetNamespace="urn:t">%s</xs:schema></types>
              %s
              <portType name="T">%s</portType>
              <binding name="T" type="t:T"><s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>%s</binding>
              <service name="T"><port name="T" binding="t:T"><s:address location="http://example/t"/></port></service>
            </definitions>
            """.formatted(schema, messages, portType, binding);
    }
}
