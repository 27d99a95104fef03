package example.pathrules;

import dev.sallyport.testgateway.PluginFuzzTest;

final class PathRulesFuzzIT extends PluginFuzzTest {}
