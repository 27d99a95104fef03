/** Decides by conditions over request, consumer and claims, written in CEL. */
@NullMarked
package dev.sallyport.plugins.authorize;

import org.jspecify.annotations.NullMarked;
