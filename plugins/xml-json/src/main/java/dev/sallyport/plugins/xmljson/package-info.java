/** XML turned into JSON, and JSON into XML, by a convention. */
@NullMarked
package dev.sallyport.plugins.xmljson;

import org.jspecify.annotations.NullMarked;
