package dev.sallyport.plugins.soap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The files of a WSDL: itself, and what it imports, which must stand in its folder or below. Nothing is fetched, and none may
 * have a DTD. For one thread.
 */
final class SoapFiles {

    private static final int MOST_FILES = 500;
    private static final long MOST_BYTES = 20L << 20;

    private final Path main;
    private final Map<Path, Document> documents = new LinkedHashMap<>();
    private long bytes;

    SoapFiles(Path main) {
        this.main = main.toAbsolutePath().normalize();
    }

    /** A file cannot be read, or cannot be made use of. */
    static final class BadFileException extends Exception {

        private static final long serialVersionUID = 1;

        BadFileException(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    Path main() {
        return main;
    }

    /** All files that were read. */
    Map<Path, Document> documents() {
        return documents;
    }

    /** The document of a file. */
    Document read(Path file) throws BadFileException {
        Document known = documents.get(file);
        if (known != null) {
            return known;
        }
        byte[] content;
        try {
            bytes += Files.size(file);
            if (documents.size() >= MOST_FILES || bytes > MOST_BYTES) {
                throw new BadFileException(main + " imports more than " + MOST_FILES + " files, or "
                        + (MOST_BYTES >> 20) + " MiB (expected: less)");
            }
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadFileException(file + " is not there (expected: a file that can be read)");
        } catch (IOException e) {
            throw new BadFileException(file + " cannot be read: " + e.getMessage());
        }
        Document document = parse(new InputSource(new ByteArrayInputStream(content)), file.toString());
        documents.put(file, document);
        return document;
    }

    /** The document of a text. */
    Document add(Path file, String text) throws BadFileException {
        Document document = parse(new InputSource(new StringReader(text)), file.toString());
        documents.put(file, document);
        return document;
    }

    /** The file that a location of an import names. */
    Path resolve(Path from, String location) throws BadFileException {
        if (location.contains(":") || location.startsWith("/")) {
            throw new BadFileException(from + ": it imports " + location
                    + " (expected: a file beside it; nothing is fetched); save it there, and change the location");
        }
        Path file = from.resolveSibling(URLDecoder.decode(location.replace("+", "%2B"), StandardCharsets.UTF_8))
                .normalize();
        Path folder = main.getParent();
        if (folder != null && !file.startsWith(folder)) {
            throw new BadFileException(
                    from + ": it imports " + location + " (expected: a file in the folder of the WSDL or below)");
        }
        return file;
    }

    private static Document parse(InputSource source, String name) throws BadFileException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Thrown());
            builder.setEntityResolver((_, _) -> {
                throw new SAXException("nothing is fetched");
            });
            return builder.parse(source);
        } catch (SAXParseException e) {
            throw new BadFileException(
                    name + ":" + e.getLineNumber() + ":" + e.getColumnNumber() + ": " + e.getMessage());
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new BadFileException(name + ": " + e.getMessage());
        }
    }

    private static final class Thrown implements ErrorHandler {

        @Override
        public void warning(SAXParseException e) {
            // of no interest
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(@Nullable SAXParseException e) throws SAXException {
            throw e == null ? new SAXException("no XML") : e;
        }
    }
}
