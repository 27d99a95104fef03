/** End-to-end tests: they run the unpacked product as a process and talk to it as its users do. */
package dev.sallyport.distribution;
