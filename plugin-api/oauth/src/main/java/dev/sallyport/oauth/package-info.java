/** What the plugins that deal with an identity provider have in common: how it is asked, and how claims are judged. */
@NullMarked
package dev.sallyport.oauth;

import org.jspecify.annotations.NullMarked;
