package dev.sallyport.api;

/**
 * Makes the {@link Exporter} of one type of service.
 *
 * <pre>{@code
 * services:
 *   - {name: traces, opentelemetry: {endpoint: "http://127.0.0.1:4317"}}
 * }</pre>
 *
 * <p>What is said of {@link ServiceFactory} holds. Exchanges that have begun under one generation are told to its exporters to
 * their end, so an exporter hears of some after a newer one has taken its place.
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface ExporterFactory<C extends Record> extends ServiceFactory<C, Exporter> {}
