/** Targets that are told rather than written out: what tells them, and the list of each upstream that stays meanwhile. */
@NullMarked
package dev.sallyport.kernel.discovery;

import org.jspecify.annotations.NullMarked;
