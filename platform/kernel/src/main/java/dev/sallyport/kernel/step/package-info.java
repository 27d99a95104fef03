/** Steps: filters made by plugins, each with what the gateway lends it, kept over reloads for as long as nothing about them changes. */
@NullMarked
package dev.sallyport.kernel.step;

import org.jspecify.annotations.NullMarked;
