/** The suite of conformance: its cases, the client and the target that play them, and the judge. */
package dev.sallyport.distribution.conformance;
