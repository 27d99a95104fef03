/**
 * What a plugin's tests need in the place of a gateway: fakes that keep the promises of the API and record what was done
 * with them, and the contract that every filter has to keep. Start at {@link dev.sallyport.testkit.FilterContract}.
 */
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
