/** Changes path, query and host on their way to the upstream, or redirects to what they become. */
@NullMarked
package dev.sallyport.plugins.rewrite;

import org.jspecify.annotations.NullMarked;
