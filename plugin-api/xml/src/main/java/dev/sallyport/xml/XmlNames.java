package dev.sallyport.xml;

import javax.xml.XMLConstants;

/** Names of XML without a prefix (Namespaces in XML, NCName). */
public final class XmlNames {

    /** Letters that are none in XML. */
    private static final String NO_LETTERS = "\u00aa\u00b5\u00ba";

    private XmlNames() {}

    /** Whether it is one. */
    public static boolean isName(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (Character.isLetter(c) && NO_LETTERS.indexOf(c) < 0) || c == '_';
            if (!letter && (i == 0 || !(Character.isDigit(c) || c == '-' || c == '.'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a prefix can be declared to stand for it: it is there, and none of the two that have their prefixes. */
    public static boolean isNamespace(String uri) {
        return !uri.isEmpty()
                && !uri.equals(XMLConstants.XML_NS_URI)
                && !uri.equals(XMLConstants.XMLNS_ATTRIBUTE_NS_URI);
    }
}
