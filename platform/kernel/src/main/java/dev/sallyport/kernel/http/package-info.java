/** Meets the clients: checks and normalises what they send before anything judges it, and owns what concerns one connection only. */
@NullMarked
package dev.sallyport.kernel.http;

import org.jspecify.annotations.NullMarked;
