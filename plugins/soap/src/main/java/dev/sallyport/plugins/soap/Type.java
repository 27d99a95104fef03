package dev.sallyport.plugins.soap;

/** A type of XML Schema, as far as conversions need to know it. */
sealed interface Type permits Simple, Complex {}
