package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.util.List;
import java.util.Map;

/** What an included file may say; see {@link GatewayConfig}. */
record IncludedConfig(
        @Default("1") @Min(1) @Max(1) int version,
        List<ServiceConfig> services,
        List<GatewayConfig.ConsumerConfig> consumers,
        Map<String, UpstreamConfig> upstreams,
        Map<String, List<Step>> chains,
        List<GatewayConfig.Route> routes) {}
