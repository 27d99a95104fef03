/** Holds the messages of WebSockets and event streams to rules. */
@NullMarked
package dev.sallyport.plugins.messagepolicy;

import org.jspecify.annotations.NullMarked;
