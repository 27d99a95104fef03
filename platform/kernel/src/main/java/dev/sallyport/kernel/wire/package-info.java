/** What the listeners and the upstreams share of the wire: bodies as buffers, tunnels over a connection. */
@NullMarked
package dev.sallyport.kernel.wire;

import org.jspecify.annotations.NullMarked;
