/** The demo's sample plugin: built twice, as version 1.0.0 and 1.1.0, to show a swap. */
@NullMarked
package dev.sallyport.example.hello;

import org.jspecify.annotations.NullMarked;
