package example.pathrules;

import dev.sallyport.testgateway.PluginPageTest;

final class PathRulesPageTest extends PluginPageTest {}
