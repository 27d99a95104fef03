/** What the plugins that change bodies have in common: JSON that is rewritten as it passes, and what that means for a message. */
@NullMarked
package dev.sallyport.json;

import org.jspecify.annotations.NullMarked;
