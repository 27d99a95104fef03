/** The gateway's own log: text for people or JSON lines for machines, with levels that change while it runs. */
@NullMarked
package dev.sallyport.kernel.log;

import org.jspecify.annotations.NullMarked;
