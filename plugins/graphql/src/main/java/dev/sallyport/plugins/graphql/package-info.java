/** Guards a GraphQL service. */
@NullMarked
package dev.sallyport.plugins.graphql;

import org.jspecify.annotations.NullMarked;
