/** The service {@code prometheus}: counts exchanges in detail, and writes all metrics in each form that Prometheus reads. */
@NullMarked
package dev.sallyport.plugins.prometheus;

import org.jspecify.annotations.NullMarked;
