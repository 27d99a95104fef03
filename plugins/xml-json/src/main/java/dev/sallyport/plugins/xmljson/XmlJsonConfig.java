package dev.sallyport.plugins.xmljson;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import dev.sallyport.xml.XmlNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code xml-json}. */
public record XmlJsonConfig(
        @Doc("What is done with the body of a request; bodies that are not of the type that it starts from pass as they"
                + " are.")
        @Default("off")
        Way request,

        @Doc("The same for a response.") @Default("off") Way response,

        @Doc("Elements that are arrays in JSON, also where they stand alone: paths of names, such as /orders/order,"
                + " where a * is any name.")
        List<String> arrays,

        @Doc("Elements, and attributes such as /order/@id, that are numbers in JSON, by their paths.")
        List<String> numbers,

        @Doc("Those that are true or false in JSON.") List<String> booleans,

        @Doc("What becomes of text that stands between elements: refused (400, or 502 for a response), or joined as"
                + " #text.")
        @Default("refuse")
        Mixed mixed,

        @Doc("Whether XML loses its namespaces on the way to JSON: the prefixes of names, and the declarations.")
        boolean dropNamespaces,

        @Doc("The name of the root element of JSON that is no object with a single member.") @Nullable
        String root,

        @Doc("The name of the elements of an array that stands alone.") @Default("item")
        String item,

        @Doc("The most bytes of a body, with its coding taken off; more is 413, or 502 for a response.")
        @Default("1MiB")
        Size maxBody,

        @Doc("How deep elements, objects and arrays may be nested.") @Default("100") @Min(1) @Max(100)
        int maxDepth) {

    private static final long MOST = 1L << 30;

    /** Which way a body goes. */
    public enum Way {
        OFF,
        XML_TO_JSON,
        JSON_TO_XML
    }

    /** What becomes of text between elements. */
    public enum Mixed {
        REFUSE,
        JOIN
    }

    public XmlJsonConfig {
        if (request == Way.OFF && response == Way.OFF) {
            throw new ConfigException(
                    "", "nothing to do (expected: request or response); name one, or remove the step");
        }
        checkPaths("arrays", arrays);
        checkPaths("numbers", numbers);
        checkPaths("booleans", booleans);
        checkName("root", root);
        checkName("item", item);
        if (maxBody.bytes() > MOST) {
            throw new ConfigException("maxBody", maxBody + " (expected: at most 1GiB); a body is held in memory");
        }
    }

    private static void checkPaths(String key, List<String> paths) {
        for (String path : paths) {
            if (!path.startsWith("/") || path.endsWith("/")) {
                throw new ConfigException(key, path + " (expected: a path such as /orders/order)");
            }
        }
    }

    private static void checkName(String key, @Nullable String name) {
        if (name != null && !XmlNames.isName(name)) {
            throw new ConfigException(key, name + " (expected: a name that XML can have)");
        }
    }
}
