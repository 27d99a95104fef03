package dev.sallyport.plugins.mask;

import dev.sallyport.testgateway.PluginFuzzTest;

final class MaskFuzzIT extends PluginFuzzTest {}
