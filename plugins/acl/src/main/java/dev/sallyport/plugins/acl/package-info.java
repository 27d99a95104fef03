/** The step {@code acl}: lets callers pass by who they are and what they want, as lists of rules say. */
@NullMarked
package dev.sallyport.plugins.acl;

import org.jspecify.annotations.NullMarked;
