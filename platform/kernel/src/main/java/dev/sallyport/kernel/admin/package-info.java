/** The admin API and the status endpoints: what the gateway tells about itself, on addresses and threads of their own. */
@NullMarked
package dev.sallyport.kernel.admin;

import org.jspecify.annotations.NullMarked;
