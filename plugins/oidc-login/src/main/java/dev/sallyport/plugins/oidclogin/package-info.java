/** The step {@code oidc-login}: logs people in at an OpenID provider, and keeps who they are in their cookies or in a store. */
@NullMarked
package dev.sallyport.plugins.oidclogin;

import org.jspecify.annotations.NullMarked;
