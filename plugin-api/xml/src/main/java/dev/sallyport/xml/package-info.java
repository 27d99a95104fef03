/** What the plugins that turn XML into JSON and back have in common: reading XML safely, writing it, and JSON as a tree. */
@NullMarked
package dev.sallyport.xml;

import org.jspecify.annotations.NullMarked;
