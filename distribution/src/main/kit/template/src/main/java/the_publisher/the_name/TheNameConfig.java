package the_publisher.the_name;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.regex.Pattern;

/** The settings. What annotations cannot say is checked here, and refused with the key and the mend. */
public record TheNameConfig(
        @Doc("The field's name.") @Default("x-the-name") String header,
        @Doc("The field's value.") @Default("hello") String value) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    public TheNameConfig {
        if (!NAME.matcher(header).matches()) {
            throw new ConfigException("header", "'" + header + "' (expected: the name of a field, such as x-the-name)");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new ConfigException("value", "'" + value + "' (expected: text of visible ASCII characters)");
        }
    }
}
