/** The steps {@code json-schema} and {@code openapi}: check requests and responses by what a document says of them. */
@NullMarked
package dev.sallyport.plugins.validation;

import org.jspecify.annotations.NullMarked;
