/** Finds targets in etcd. */
@NullMarked
package dev.sallyport.plugins.etcd;

import org.jspecify.annotations.NullMarked;
