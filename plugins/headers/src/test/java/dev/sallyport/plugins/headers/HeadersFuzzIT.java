package dev.sallyport.plugins.headers;

import dev.sallyport.testgateway.PluginFuzzTest;

final class HeadersFuzzIT extends PluginFuzzTest {}
