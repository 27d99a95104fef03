package the_publisher.the_name;

import dev.sallyport.testgateway.PluginFuzzTest;

/** Whatever stands in the configuration, it serves or is refused with the key and the mend. */
final class TheNameFuzzIT extends PluginFuzzTest {}
