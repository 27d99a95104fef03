package dev.sallyport.xml;

import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A document of XML that is read from its start to its end: no DTD, so no entities but the five of XML itself, nothing from
 * elsewhere, within bounds. For one thread.
 *
 * <p>What stands between tags comes as one text, comments and processing instructions are passed over.
 */
public final class XmlInput {

    private static final int MOST_ATTRIBUTES = 200;
    private static final int LONGEST_NAME = 1_000;

    /** The parser looks through them one by one, for each name. */
    private static final int MOST_PREFIXES = 500;

    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private final int maxDepth;
    private final StringBuilder gathered = new StringBuilder();
    private final int[] declaredAt;
    private long spare;
    private int declared;
    private int depth;
    private String text = "";

    private XmlInput(XMLStreamReader reader, int bytes, int maxDepth) {
        this.reader = reader;
        spare = 64 * 1024 + 8L * bytes;
        this.maxDepth = maxDepth;
        declaredAt = new int[maxDepth + 1];
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty("jdk.xml.maxElementDepth", "0"); // bounded here, by what the caller says
        return factory;
    }

    /** What comes next. */
    public enum Event {
        /** A start tag. */
        START,
        /** An end tag. */
        END,
        /** The end of the document. */
        DONE
    }

    /**
     * Starts with a document; {@link #next} leads to its root.
     *
     * @param charset that the header names, which counts more than what the document says (RFC 7303); null for none
     * @param maxDepth how deep elements may be nested
     * @throws BadContentException where it is no XML from the very start: {@code xml-invalid}
     */
    public static XmlInput of(byte[] xml, @Nullable String charset, int maxDepth) throws BadContentException {
        try {
            if (isUtf8(xml, charset)) {
                String decoded = Utf8.decode(xml, (line, column) -> bad(line, column, "no UTF-8"));
                return new XmlInput(FACTORY.createXMLStreamReader(new StringReader(decoded)), xml.length, maxDepth);
            }
            return new XmlInput(
                    FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml), charset), xml.length, maxDepth);
        } catch (XMLStreamException e) {
            throw bad(e);
        }
    }

    private static boolean isUtf8(byte[] xml, @Nullable String charset) {
        if (charset != null) {
            return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
        }
        if (xml.length >= 2 && ((xml[0] & 0xff) >= 0xfe || xml[0] == 0 || xml[1] == 0)) {
            return false;
        }
        String start = new String(xml, 0, Math.min(xml.length, 200), StandardCharsets.ISO_8859_1);
        int named = start.startsWith("<?xml") ? start.indexOf("encoding") : -1;
        int end = start.indexOf("?>");
        return named < 0
                || end < named
                || start.substring(named, end).toLowerCase(Locale.ROOT).contains("utf-8");
    }

    /** The document is not as it must be; line and column count from 1. */
    public static BadContentException bad(long line, long column, String reason) {
        return new BadContentException(new Problem(400, "xml-invalid", "Invalid XML")
                .withDetail("line " + line + ", column " + column + ": " + reason)
                .with("line", line)
                .with("column", column));
    }

    private static BadContentException bad(XMLStreamException e) {
        Location at = e.getLocation();
        String message = String.valueOf(e.getMessage());
        String reason =
                message.contains("JAXP0") ? "more than the parser takes (expected: less)" : "no well-formed XML";
        return at == null
                ? bad(1, 1, reason)
                : bad(Math.max(at.getLineNumber(), 1), Math.max(at.getColumnNumber(), 1), reason);
    }

    /** What is wrong here, where this document is. */
    public BadContentException wrong(String reason) {
        Location at = reader.getLocation();
        return bad(Math.max(at.getLineNumber(), 1), Math.max(at.getColumnNumber(), 1), reason);
    }

    /**
     * Goes to the next tag, or to the end; what stood before it is in {@link #text}.
     *
     * @throws BadContentException where the document is not well-formed, has a DTD, or exceeds a bound
     */
    public Event next() throws BadContentException {
        String single = null;
        gathered.setLength(0);
        try {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        text = gathered(single);
                        return started();
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        text = gathered(single);
                        declared -= declaredAt[depth--];
                        return Event.END;
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        if (single != null) {
                            gathered.append(single);
                        }
                        if (single != null || !gathered.isEmpty()) {
                            gathered.append(reader.getText());
                            single = null;
                        } else {
                            single = reader.getText();
                        }
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw wrong("a DTD, or an entity of one (expected: none)");
                    default -> {
                        // comments and processing instructions say nothing
                    }
                }
            }
            text = "";
            return Event.DONE;
        } catch (XMLStreamException e) {
            throw bad(e);
        }
    }

    private String gathered(@Nullable String single) {
        return single != null ? single : gathered.isEmpty() ? "" : gathered.toString();
    }

    private Event started() throws BadContentException {
        if (++depth > maxDepth) {
            throw wrong("elements nested deeper than " + maxDepth + " (expected: less)");
        }
        if (reader.getAttributeCount() + reader.getNamespaceCount() > MOST_ATTRIBUTES) {
            throw wrong("more than " + MOST_ATTRIBUTES + " attributes (expected: less)");
        }
        declaredAt[depth] = reader.getNamespaceCount();
        declared += declaredAt[depth];
        if (declared > MOST_PREFIXES) {
            throw wrong("more than " + MOST_PREFIXES + " declarations of namespaces (expected: less)");
        }
        if (local().length() > LONGEST_NAME) {
            throw wrong("a name longer than " + LONGEST_NAME + " characters (expected: shorter)");
        }
        return Event.START;
    }

    /** Passes over the element whose start tag was read; it stands at its end tag then. */
    public void skip() throws BadContentException {
        int end = depth - 1;
        while (depth > end) {
            next();
        }
    }

    /** What stood between the tag before and this one; {@code ""} for nothing. */
    public String text() {
        return text;
    }

    /** The local name of the element. */
    public String local() {
        return reader.getLocalName();
    }

    /** The namespace of the element; {@code ""} for none. */
    public String namespace() {
        String uri = reader.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    /** The prefix of the element; {@code ""} for none. */
    public String prefix() {
        String prefix = reader.getPrefix();
        return prefix == null ? "" : prefix;
    }

    /** How many attributes the element has. */
    public int attributes() {
        return reader.getAttributeCount();
    }

    /** The local name of an attribute. */
    public String attributeLocal(int index) {
        return reader.getAttributeLocalName(index);
    }

    /** The namespace of an attribute; {@code ""} for none. */
    public String attributeNamespace(int index) {
        String uri = reader.getAttributeNamespace(index);
        return uri == null ? "" : uri;
    }

    /** The prefix of an attribute; {@code ""} for none. */
    public String attributePrefix(int index) {
        String prefix = reader.getAttributePrefix(index);
        return prefix == null ? "" : prefix;
    }

    /** The value of an attribute. */
    public String attribute(int index) {
        return reader.getAttributeValue(index);
    }

    /** The value of the attribute of that name, or null. */
    public @Nullable String attribute(String namespace, String local) {
        return reader.getAttributeValue(namespace.isEmpty() ? null : namespace, local);
    }

    /**
     * Takes of what the fragments of this document may repeat of declarations that stand outside of them: a declaration
     * that is written once would be held as often as there are fragments.
     *
     * @throws BadContentException where that is used up
     */
    void repeats(int characters) throws BadContentException {
        spare -= characters;
        if (spare < 0) {
            throw wrong("declarations of namespaces that repeat too often (expected: less)");
        }
    }

    /** How many namespaces the element declares. */
    public int namespaces() {
        return reader.getNamespaceCount();
    }

    /** The prefix of a declaration; {@code ""} for the default. */
    public String declaredPrefix(int index) {
        String prefix = reader.getNamespacePrefix(index);
        return prefix == null ? "" : prefix;
    }

    /** The namespace of a declaration; {@code ""} where it takes the default back. */
    public String declaredNamespace(int index) {
        String uri = reader.getNamespaceURI(index);
        return uri == null ? "" : uri;
    }

    /** What a prefix stands for here; {@code ""} for nothing. */
    public String namespaceOf(String prefix) {
        String uri = reader.getNamespaceURI(prefix);
        return uri == null ? "" : uri;
    }
}
