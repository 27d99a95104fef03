/** Finds targets in Kubernetes. */
@NullMarked
package dev.sallyport.plugins.kubernetes;

import org.jspecify.annotations.NullMarked;
