package dev.sallyport.plugins.soap;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.soap.RestAsSoapConfig.Mapping;
import dev.sallyport.xml.XmlNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a WSDL of operations that JSON Schemas describe: document/literal wrapped, with a port for each version of SOAP. */
final class WsdlMaker {

    private static final int DEEPEST = 50;

    private final String service;
    private final String namespace;
    private final StringBuilder types = new StringBuilder();
    private final Map<String, String> named = new LinkedHashMap<>();
    /** What each name stands for, in the first $defs that has it. */
    private final Map<String, Map<?, ?>> known = new HashMap<>();

    private Map<?, ?> definitions = Map.of();
    /** Which names of these have been looked at. */
    private final Set<String> seen = new HashSet<>();

    WsdlMaker(String service, String namespace) {
        this.service = service;
        this.namespace = namespace;
    }

    /** The WSDL's text. */
    String make(Map<String, Mapping> operations) {
        StringBuilder messages = new StringBuilder();
        StringBuilder portType = new StringBuilder();
        StringBuilder[] bindings = {new StringBuilder(), new StringBuilder()};
        for (Map.Entry<String, Mapping> each : operations.entrySet()) {
            String name = each.getKey();
            String key = "operations." + name;
            element(name, each.getValue().input(), key + ".input");
            element(name + "Response", each.getValue().output(), key + ".output");
            messages.append("""
                  <message name="%1$s"><part name="parameters" element="tns:%1$s"/></message>
                  <message name="%1$sResponse"><part name="parameters" element="tns:%1$sResponse"/></message>
                """.formatted(name));
            portType.append(
                    "    <operation name=\"%1$s\"><input message=\"tns:%1$s\"/><output message=\"tns:%1$sResponse\"/></operation>\n"
                            .formatted(name));
            for (int i = 0; i < 2; i++) {
                bindings[i].append(
                        "    <operation name=\"%1$s\"><s%2$s:operation soapAction=\"%3$s\"/><input><s%2$s:body use=\"literal\"/></input><output><s%2$s:body use=\"literal\"/></output></operation>\n"
                                .formatted(
                                        name,
                                        i == 0 ? "" : "12",
                                        escaped(namespace + (namespace.endsWith("/") ? "" : "/") + name)));
            }
        }
        StringBuilder complex = new StringBuilder();
        named.values().forEach(complex::append);
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="%1$s" name="%2$s" targetNamespace="%1$s">
              <types><xs:schema targetNamespace="%1$s" elementFormDefault="qualified">
            %3$s%4$s  </xs:schema></types>
            %5$s  <portType name="%2$s">
            %6$s  </portType>
              <binding name="%2$sSoap" type="tns:%2$s"><s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
            %7$s  </binding>
              <binding name="%2$sSoap12" type="tns:%2$s"><s12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
            %8$s  </binding>
              <service name="%2$s">
                <port name="%2$sSoap" binding="tns:%2$sSoap"><s:address location=""/></port>
                <port name="%2$sSoap12" binding="tns:%2$sSoap12"><s12:address location=""/></port>
              </service>
            </definitions>
            """.formatted(escaped(namespace), service, types, complex, messages, portType, bindings[0], bindings[1]);
    }

    private void element(String name, Map<String, Object> schema, String key) {
        definitions = schema.get("$defs") instanceof Map<?, ?> given ? given : Map.of();
        seen.clear();
        types.append("    <xs:element name=\"").append(name).append("\">");
        complex(schema, key, types, 0);
        types.append("</xs:element>\n");
    }

    private void complex(Map<?, ?> schema, String key, StringBuilder out, int depth) {
        if (depth > DEEPEST) {
            throw new ConfigException(key, "a schema nested too deep (expected: less)");
        }
        List<?> required = schema.get("required") instanceof List<?> list ? list : List.of();
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        out.append("<xs:complexType><xs:sequence>");
        for (Map.Entry<?, ?> property : properties.entrySet()) {
            String name = String.valueOf(property.getKey());
            String at = key + ".properties." + name;
            if (!XmlNames.isName(name)) {
                throw new ConfigException(key, name + " (expected: a name that XML can have)");
            }
            if (!(property.getValue() instanceof Map<?, ?> member)) {
                throw new ConfigException(at, "no schema (expected: an object)");
            }
            member(name, member, required.contains(name), at, out, depth);
        }
        out.append("</xs:sequence></xs:complexType>");
    }

    private void member(String name, Map<?, ?> given, boolean required, String key, StringBuilder out, int depth) {
        Map<?, ?> schema = given;
        boolean array = type(schema).equals("array");
        if (array) {
            schema = schema.get("items") instanceof Map<?, ?> items ? items : Map.of("type", "string");
        }
        boolean nullable = isNullable(schema);
        out.append("<xs:element name=\"").append(name).append('"');
        out.append(required && !array ? "" : " minOccurs=\"0\"").append(array ? " maxOccurs=\"unbounded\"" : "");
        out.append(nullable ? " nillable=\"true\"" : "");
        if (schema.get("$ref") instanceof String reference) {
            out.append(" type=\"tns:").append(reference(reference, key, depth)).append("\"/>");
            return;
        }
        String simple = simple(schema, key);
        if (simple == null) {
            out.append('>');
            complex(schema, key, out, depth + 1);
            out.append("</xs:element>");
        } else if (schema.get("enum") instanceof List<?>) {
            out.append("><xs:simpleType>");
            restriction(simple, schema, out);
            out.append("</xs:simpleType></xs:element>");
        } else {
            out.append(" type=\"").append(simple).append("\"/>");
        }
    }

    private static void restriction(String simple, Map<?, ?> schema, StringBuilder out) {
        out.append("<xs:restriction base=\"").append(simple).append("\">");
        if (schema.get("enum") instanceof List<?> values) {
            values.forEach(value -> out.append("<xs:enumeration value=\"")
                    .append(escaped(String.valueOf(value)))
                    .append("\"/>"));
        }
        out.append("</xs:restriction>");
    }

    private String reference(String reference, String key, int depth) {
        String prefix = "#/$defs/";
        String name = reference.startsWith(prefix) ? reference.substring(prefix.length()) : "";
        if (!XmlNames.isName(name) || !(definitions.get(name) instanceof Map<?, ?> schema)) {
            throw new ConfigException(key, "$ref " + reference + " (expected: #/$defs/NAME, which is there)");
        }
        Map<?, ?> before = known.putIfAbsent(name, schema);
        if (before != null && !before.equals(schema)) {
            throw new ConfigException(
                    key,
                    "$ref " + reference + ", which stands for another schema elsewhere (expected: one schema for a name"
                            + " in all $defs); give one of them another name");
        }
        if (seen.add(name)) {
            named.putIfAbsent(name, "");
            StringBuilder text = new StringBuilder();
            String simple = simple(schema, key);
            if (simple == null) {
                complex(schema, key, text, depth + 1);
                text.insert("<xs:complexType".length(), " name=\"" + name + "\"");
            } else {
                text.append("<xs:simpleType name=\"").append(name).append("\">");
                restriction(simple, schema, text);
                text.append("</xs:simpleType>");
            }
            named.put(name, "    " + text + "\n");
        }
        return name;
    }

    private static String type(Map<?, ?> schema) {
        if (schema.get("type") instanceof List<?> list) {
            return list.stream()
                    .map(String::valueOf)
                    .filter(each -> !each.equals("null"))
                    .findFirst()
                    .orElse("string");
        }
        Object type = schema.get("type");
        return type == null ? schema.containsKey("properties") ? "object" : "string" : type.toString();
    }

    private static boolean isNullable(Map<?, ?> schema) {
        return schema.get("type") instanceof List<?> list && list.contains("null");
    }

    /** The simple type of a schema; null for an object. */
    private static @Nullable String simple(Map<?, ?> schema, String key) {
        String format = String.valueOf(schema.get("format"));
        return switch (type(schema)) {
            case "object" -> null;
            case "string" ->
                switch (format) {
                    case "date-time" -> "xs:dateTime";
                    case "date" -> "xs:date";
                    case "time" -> "xs:time";
                    case "byte" -> "xs:base64Binary";
                    case "uri" -> "xs:anyURI";
                    default -> "xs:string";
                };
            case "integer" ->
                switch (format) {
                    case "int32" -> "xs:int";
                    case "int64" -> "xs:long";
                    default -> "xs:integer";
                };
            case "number" ->
                switch (format) {
                    case "double" -> "xs:double";
                    case "float" -> "xs:float";
                    default -> "xs:decimal";
                };
            case "boolean" -> "xs:boolean";
            default ->
                throw new ConfigException(
                        key, "type " + type(schema) + " (expected: object, array, string, integer, number or boolean)");
        };
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
