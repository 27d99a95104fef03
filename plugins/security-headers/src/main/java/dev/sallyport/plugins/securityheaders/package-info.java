/** Sets the response headers by which browsers protect users. */
@NullMarked
package dev.sallyport.plugins.securityheaders;

import org.jspecify.annotations.NullMarked;
