/** Certificates and keys of listeners: read from PEM files, chosen by the name that a client asks for, read anew. */
@NullMarked
package dev.sallyport.kernel.tls;

import org.jspecify.annotations.NullMarked;
