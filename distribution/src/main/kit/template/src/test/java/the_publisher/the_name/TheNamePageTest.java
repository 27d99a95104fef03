package the_publisher.the_name;

import dev.sallyport.testgateway.PluginPageTest;

/** The table in README.md is what the record of settings says. */
final class TheNamePageTest extends PluginPageTest {}
