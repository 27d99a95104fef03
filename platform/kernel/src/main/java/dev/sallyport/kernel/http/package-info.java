/** The way in: listeners, and the adapter between Jetty's server and the kernel's exchanges. Only here is Jetty's server seen. */
@NullMarked
package dev.sallyport.kernel.http;

import org.jspecify.annotations.NullMarked;
