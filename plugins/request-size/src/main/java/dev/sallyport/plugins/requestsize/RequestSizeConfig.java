package dev.sallyport.plugins.requestsize;

import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Size;

/**
 * The settings of the step {@code request-size}.
 *
 * @param max the most bytes that a body may have; 0 for requests without one
 * @param lengthRequired whether a body must say beforehand how long it is
 */
public record RequestSizeConfig(
        @Doc("The most bytes that the body of a request may have; 0B for none. May be written alone: request-size:"
                + " 1MiB.")
        @Shorthand
        Size max,

        @Doc("Refuses requests whose body does not say beforehand how long it is (411).")
        boolean lengthRequired) {}
