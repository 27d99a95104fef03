/** The plugin the-publisher-the-name: sets a header field on each response. */
@NullMarked
package the_publisher.the_name;

import org.jspecify.annotations.NullMarked;
