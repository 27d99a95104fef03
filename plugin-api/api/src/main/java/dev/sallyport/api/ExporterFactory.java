package dev.sallyport.api;

/**
 * Makes the {@link Exporter} of one type of service.
 *
 * <pre>{@code
 * services:
 *   - {name: traces, opentelemetry: {endpoint: "http://127.0.0.1:4317"}}
 * }</pre>
 *
 * <p>What is said of {@link ServiceFactory} holds. An exporter hears of exchanges that have begun with it also after a newer one
 * has taken its place, but no more of those that go on for so long that they move to the newer configuration: nothing of an
 * exporter that is gone may be kept.
 *
 * @param <C> the settings; see {@link dev.sallyport.api.config} for what a record may hold
 */
public non-sealed interface ExporterFactory<C extends Record> extends ServiceFactory<C, Exporter> {}
