package dev.sallyport.xml;

/** Names of XML without a prefix (Namespaces in XML, NCName). */
public final class XmlNames {

    private XmlNames() {}

    /** Whether it is one. */
    public static boolean isName(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = Character.isLetter(c) || c == '_';
            if (!letter && (i == 0 || !(Character.isDigit(c) || c == '-' || c == '.'))) {
                return false;
            }
        }
        return true;
    }
}
