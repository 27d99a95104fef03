/** Sets, adds and removes headers of requests and responses. */
@NullMarked
package dev.sallyport.plugins.headers;

import org.jspecify.annotations.NullMarked;
