/** SOAP services published as REST with JSON, and REST services published as SOAP, by a WSDL. */
@NullMarked
package dev.sallyport.plugins.soap;

import org.jspecify.annotations.NullMarked;
