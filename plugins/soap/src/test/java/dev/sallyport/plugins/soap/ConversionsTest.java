package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.JsonTrees;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.XmlInput;
import dev.sallyport.xml.XmlOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.namespace.QName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each part of XML Schema becomes in JSON, and the way back. */
final class ConversionsTest {

    private static final JsonTrees JSON = new JsonTrees(100);

    @TempDir
    Path folder;

    private Model model;

    @BeforeEach
    void read() throws Exception {
        Files.writeString(folder.resolve("more.xsd"), """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:m" elementFormDefault="qualified">
              <xs:include schemaLocation="sub/included.xsd"/>
              <xs:element name="a" type="xs:int"/>
              <xs:attribute name="flag" type="xs:boolean"/>
            </xs:schema>
            """);
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/included.xsd"), """
            <schema xmlns="http://www.w3.org/2001/XMLSchema">
              <element name="chameleon" type="string"/>
            </schema>
            """);
        Files.writeString(folder.resolve("t.wsdl"), Wsdls.document("""
            <xs:import namespace="urn:m" schemaLocation="more.xsd"/>
            <xs:element name="op"><xs:complexType/></xs:element>
            <xs:element name="opResponse"><xs:complexType/></xs:element>
            <xs:element name="one"><xs:complexType><xs:sequence>
              <xs:element name="i" type="xs:int" minOccurs="0"/>
              <xs:element name="many" type="xs:boolean" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element name="nil" type="xs:decimal" nillable="true" minOccurs="0"/>
              <xs:element name="list" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
              <xs:element name="at" type="xs:dateTime" minOccurs="0"/>
              <xs:element name="bytes" type="xs:base64Binary" minOccurs="0"/>
              <xs:element name="color" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
                <xs:enumeration value="red"/><xs:enumeration value="blue"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="price" minOccurs="0"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
                <xs:attribute name="currency" use="required"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
              <xs:element name="union" minOccurs="0"><xs:simpleType><xs:union memberTypes="xs:int xs:boolean xs:string"/></xs:simpleType></xs:element>
            </xs:sequence><xs:attribute ref="m:flag" xmlns:m="urn:m"/></xs:complexType></xs:element>
            <xs:element name="choice"><xs:complexType><xs:choice>
              <xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:choice></xs:complexType></xs:element>
            <xs:element name="items"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
              <xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:choice></xs:complexType></xs:element>
            <xs:element name="twice"><xs:complexType><xs:sequence>
              <xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/><xs:element name="x" type="xs:int"/>
            </xs:sequence></xs:complexType></xs:element>
            <xs:element name="all"><xs:complexType><xs:all>
              <xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int" minOccurs="0"/></xs:all></xs:complexType></xs:element>
            <xs:element name="names"><xs:complexType><xs:sequence>
              <xs:element name="a" type="xs:int"/><xs:element ref="m:a" xmlns:m="urn:m"/>
              <xs:element ref="m:chameleon" minOccurs="0" xmlns:m="urn:m"/></xs:sequence></xs:complexType></xs:element>
            <xs:complexType name="Shape" abstract="true"><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence></xs:complexType>
            <xs:complexType name="Circle"><xs:complexContent><xs:extension base="t:Shape"><xs:sequence>
              <xs:element name="r" type="xs:double"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
            <xs:element name="shape" type="t:Shape"/>
            <xs:element name="head" type="xs:string"/>
            <xs:element name="tail" type="xs:string" substitutionGroup="t:head"/>
            <xs:element name="group"><xs:complexType><xs:sequence><xs:element ref="t:head"/></xs:sequence></xs:complexType></xs:element>
            <xs:element name="groups"><xs:complexType><xs:sequence><xs:element ref="t:head" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>
            <xs:element name="any"><xs:complexType><xs:sequence><xs:element name="k" type="xs:int"/>
              <xs:any namespace="##other" minOccurs="0" maxOccurs="2" processContents="lax"/></xs:sequence><xs:anyAttribute/></xs:complexType></xs:element>
            <xs:element name="mixed"><xs:complexType mixed="true"><xs:sequence><xs:element name="b" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
            <xs:element name="anything"/>
            <xs:element name="tree" type="t:Tree"/>
            <xs:complexType name="Tree"><xs:sequence><xs:element name="tree" type="t:Tree" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
            """, "op"));
        model = ContractReader.read(new SoapFiles(folder.resolve("t.wsdl")), null, null)
                .model();
    }

    private Element element(String name) {
        return java.util.Objects.requireNonNull(model.elements().get(new QName("urn:t", name)));
    }

    private String json(String name, String inner) throws BadContentException {
        String root = inner.startsWith("<" + "root") ? inner : "<root>" + inner + "</root>";
        String xml = root.replaceFirst(
                        "<root",
                        "<t:" + name + " xmlns:t='urn:t' xmlns:m='urn:m'"
                                + " xmlns:i='http://www.w3.org/2001/XMLSchema-instance'")
                .replace("</root>", "</t:" + name + ">");
        XmlInput input = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 100);
        input.next();
        Value value = new XmlToJson(model, input, true).read(element(name));
        return new String(JSON.write(value), StandardCharsets.UTF_8);
    }

    private String xml(String name, String json) throws MismatchException, BadContentException {
        XmlOutput out = new XmlOutput();
        new JsonToXml(model, out, true, 100).write(element(name), JSON.read(json.getBytes(StandardCharsets.UTF_8)));
        String all = out.toString();
        return all.substring(all.indexOf('>') + 1, all.lastIndexOf('<'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "one | <i>7</i> | {\"i\":7}",
                "one | <many>true</many> | {\"many\":[true]}",
                "one | <many>true</many><many>false</many> | {\"many\":[true,false]}",
                "one | <nil xsi:nil=\"true\"></nil> | {\"nil\":null}",
                "one | <nil>1.10</nil> | {\"nil\":1.10}",
                "one | <list>1 2 3</list> | {\"list\":[1,2,3]}",
                "one | <list></list> | {\"list\":[]}",
                "one | <at>2026-01-31T12:00:00Z</at> | {\"at\":\"2026-01-31T12:00:00Z\"}",
                "one | <bytes>aGVsbG8=</bytes> | {\"bytes\":\"aGVsbG8=\"}",
                "one | <color>red</color> | {\"color\":\"red\"}",
                "one | <price currency=\"EUR\">1.50</price> | {\"price\":{\"@currency\":\"EUR\",\"#text\":1.50}}",
                "one | <union>7</union> | {\"union\":7}",
                "one | <union>x y</union> | {\"union\":\"x y\"}",
                "choice | <y>1</y> | {\"y\":1}",
                "items | <y>1</y><x>2</x><y>3</y> | {\"#items\":[{\"y\":1},{\"x\":2},{\"y\":3}]}",
                "twice | <x>1</x><y>2</y><x>3</x> | {\"x\":[1,3],\"y\":2}",
                "all | <x>1</x><y>2</y> | {\"x\":1,\"y\":2}",
                "names | <a>1</a><m:a>2</m:a><m:chameleon>c</m:chameleon> |"
                        + " {\"a\":1,\"{urn:m}a\":2,\"chameleon\":\"c\"}",
                "group | <t:tail>x</t:tail> | {\"tail\":\"x\"}",
                "groups | <t:tail>x</t:tail><t:head>y</t:head> | {\"#items\":[{\"tail\":\"x\"},{\"head\":\"y\"}]}",
                "any | <k>1</k><o:x xmlns:o=\"urn:o\" o:a=\"1\">t</o:x> | {\"k\":1,\"#any\":[\"<o:x"
                        + " xmlns:o=\\\"urn:o\\\" o:a=\\\"1\\\">t</o:x>\"]}",
                "mixed | a<b>c</b>d | {\"#xml\":\"a<b>c</b>d\"}",
                "mixed | text alone | text alone",
                "anything | <b>c</b> | {\"#xml\":\"<b>c</b>\"}",
                "tree | <tree></tree><tree><tree></tree></tree> | {\"tree\":[{},{\"tree\":[{}]}]}"
            })
    void goesBothWays(String name, String xml, String json) throws Exception {
        String expected = json.startsWith("{") ? json : "\"" + json + "\"";
        assertThat(json(name, xml.replace("xsi:nil", "i:nil"))).isEqualTo(expected);
        assertThat(xml(name, expected)
                        .replaceAll("(</?)n[0-9]+:a", "$1m:a")
                        .replaceAll("(</?)n[0-9]+:(chameleon)", "$1m:$2")
                        .replaceAll("(</?)n[0-9]+:(head|tail)", "$1t:$2"))
                .isEqualTo(xml);
    }

    @Test
    void derivedTypesAreNamed() throws Exception {
        assertThat(json("shape", "<root i:type='t:Circle'><id>1</id><r>1.0E2</r></root>"))
                .isEqualTo("{\"@xsi:type\":\"Circle\",\"id\":1,\"r\":1.0E2}");
        assertThat(xml("shape", "{\"@xsi:type\":\"Circle\",\"id\":1,\"r\":\"INF\"}"))
                .isEqualTo("<id>1</id><r>INF</r>");
        assertThatExceptionOfType(MismatchException.class)
                .isThrownBy(() -> xml("shape", "{\"id\":1}"))
                .withMessageContaining("abstract");
        assertThatExceptionOfType(MismatchException.class)
                .isThrownBy(() -> xml("shape", "{\"@xsi:type\":\"Tree\"}"))
                .withMessageContaining("derived");
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> json("shape", "<root i:type='t:Tree'/>"))
                .withMessageContaining("derived");
    }

    @Test
    void nullForAnOptionalArrayIsLeftOut() throws Exception {
        assertThat(xml("one", "{\"i\":1,\"many\":null}")).isEqualTo("<i>1</i>");
    }

    @Test
    void anAttributeThatIsNotDeclaredChangesNothing() throws Exception {
        String xml = "<t:one xmlns:t='urn:t' id='i'><i id='i'>5</i></t:one>";
        XmlInput input = XmlInput.of(xml.getBytes(StandardCharsets.UTF_8), null, 100);
        input.next();

        Value value = new XmlToJson(model, input, false).read(element("one"));

        assertThat(new String(JSON.write(value), StandardCharsets.UTF_8)).isEqualTo("{\"i\":5}");
    }

    @Test
    void aTypeThatIsNamedHasItsPrefix() throws Exception {
        Files.writeString(folder.resolve("far.xsd"), """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:far">
              <xs:import namespace="urn:t"/>
              <xs:complexType name="Far"><xs:complexContent><xs:extension base="t:Near"/></xs:complexContent></xs:complexType>
            </xs:schema>
            """);
        Files.writeString(folder.resolve("far.wsdl"), Wsdls.document("""
            <xs:import namespace="urn:far" schemaLocation="far.xsd"/>
            <xs:complexType name="Near"><xs:sequence/></xs:complexType>
            <xs:element name="op" type="t:Near"/><xs:element name="opResponse"/>
            """, "op"));
        Contract contract = ContractReader.read(new SoapFiles(folder.resolve("far.wsdl")), null, null);
        Contract.Operation operation =
                java.util.Objects.requireNonNull(contract.operations().get("op"));

        byte[] written = new EnvelopeWriter(contract.model(), true, false, 100, 1000)
                .write(
                        Soap.V1_1,
                        operation.input(),
                        JSON.read("{\"@xsi:type\":\"Far\"}".getBytes(StandardCharsets.UTF_8)),
                        "");

        assertThat(new String(written, StandardCharsets.UTF_8))
                .containsPattern("xmlns:(n[0-9]+)=\"urn:far\".* xsi:type=\"\\1:Far\"");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> contract.model().tag(new QName("urn:other", "a")));
    }

    @Test
    void attributesHaveTheirTypesToo() throws Exception {
        assertThat(json("one", "<root m:flag='1'/>")).isEqualTo("{\"@{urn:m}flag\":true}");
        assertThat(json("any", "<root o:x='1' xmlns:o='urn:o'><k>1</k></root>"))
                .isEqualTo("{\"@{urn:o}x\":\"1\",\"k\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "one | {\"i\":1.5} | /i | a number (expected: a whole number",
                "one | {\"i\":3000000000} | /i | a number out of range",
                "one | {\"i\":1e999999999} | /i | expected: a whole number",
                "one | {\"i\":null,\"j\":1} | /j | cannot stand there",
                "one | {\"many\":[true,\"x\"]} | /many/1 | true or false",
                "one | {\"many\":[null]} | /many/0 | null (expected: a value)",
                "one | {\"i\":[1,2]} | /i | an array (expected: one value)",
                "one | {\"color\":\"green\"} | /color | one of red, blue",
                "one | {\"at\":\"yesterday\"} | /at | a date and time",
                "one | {\"bytes\":\"*\"} | /bytes | base64",
                "one | {\"price\":{\"#text\":1}} | /price | no @currency",
                "one | {\"price\":1} | /price | no @currency",
                "choice | {\"x\":1,\"y\":2} | /y | cannot stand there",
                "choice | {} | '' | it lacks one of x y",
                "twice | {\"x\":[1],\"y\":2} | '' | it lacks x",
                "twice | {\"x\":[1,2,3],\"y\":2} | /x | more items than can stand there",
                "items | {\"#items\":[{\"z\":1}]} | /#items/0 | it lacks one of",
                "any | {\"k\":1,\"@{}x\":1} | /@{}x | a name that XML cannot have",
                "any | {\"k\":1,\"@xmlns\":\"u\"} | /@xmlns | a name that XML cannot have",
                "any | {\"k\":1,\"@{u}xmlns\":1} | /@{u}xmlns | a name that XML cannot have",
                "any | {\"k\":1,\"@{u}xml:a\":1} | /@{u}xml:a | a name that XML cannot have",
                "any | {\"k\":1,\"@}x\":1} | /@}x | a name that XML cannot have",
                "any | {\"k\":1,\"@{http://www.w3.org/2000/xmlns/}x\":1} | /@{http:~1~1www.w3.org~12000~1xmlns~1}x |"
                        + " XML",
                "any | {\"k\":1,\"#any\":[\"<a/>\",\"<b\"]} | /#any/1 | no XML"
            })
    void tellsWhereJsonIsWrong(String name, String json, String pointer, String reason) {
        assertThatExceptionOfType(MismatchException.class)
                .isThrownBy(() -> xml(name, json))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer.equals("''") ? "" : pointer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "one | <i>x</i> | <i>: another text (expected: a whole number",
                "one | <j>1</j> | <j> in <one>",
                "one | text | a text between elements",
                "one | <i><b/></i> | <b> in <i> (expected: a text)",
                "choice | <x>1</x><y>1</y> | <y> in <choice>",
                "choice | '' | one of <x> <y>",
                "twice | <x>1</x><y>1</y> | an end tag (expected: <x> before it)",
                "all | <y>1</y> | <x> before it",
                "tree | <t:tree/> | <tree> in <tree>"
            })
    void tellsWhereXmlIsWrong(String name, String xml, String reason) {
        assertThatExceptionOfType(BadContentException.class)
                .isThrownBy(() -> json(name, xml.equals("''") ? "" : xml))
                .withMessageContaining("line 1, column ")
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xs:nope | the type {http://www.w3.org/2001/XMLSchema}nope is not there",
                "t:nope | the type {urn:t}nope is not there"
            })
    void tellsWhatAWsdlLacks(String type, String reason) throws IOException {
        Files.writeString(
                folder.resolve("bad.wsdl"),
                Wsdls.document("<xs:element name='op' type='" + type + "'/><xs:element name='opResponse'/>", "op"));
        assertThatExceptionOfType(SoapFiles.BadFileException.class)
                .isThrownBy(() -> ContractReader.read(new SoapFiles(folder.resolve("bad.wsdl")), null, null))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<xs:import namespace='urn:m' schemaLocation='http://127.0.0.1:1/m.xsd'/> | nothing is fetched",
                "<xs:import namespace='urn:m' schemaLocation='../m.xsd'/> | in the folder of the WSDL or below",
                "<xs:include schemaLocation='none.xsd'/> | is not there",
                "<xs:include schemaLocation='dtd.xsd'/> | DOCTYPE"
            })
    void importsStandBesideIt(String schema, String reason) throws IOException {
        Files.writeString(folder.resolve("dtd.xsd"), "<!DOCTYPE x><schema xmlns='http://www.w3.org/2001/XMLSchema'/>");
        Files.writeString(
                folder.resolve("bad.wsdl"),
                Wsdls.document(schema + "<xs:element name='op'/><xs:element name='opResponse'/>", "op"));
        assertThatExceptionOfType(SoapFiles.BadFileException.class)
                .isThrownBy(() -> ContractReader.read(new SoapFiles(folder.resolve("bad.wsdl")), null, null))
                .withMessageContaining(reason);
    }
}
