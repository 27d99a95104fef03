/**
 * The settings of a step as a record: its components are the keys, camelCase, and what stands here says what is allowed.
 *
 * <p>A component is of one of these types:
 *
 * <ul>
 *   <li>{@link String}, {@code boolean}, {@code int}, {@code long}, {@code double} (or their boxes), an enum (written in
 *       kebab-case), {@link java.time.Duration} ({@code 250ms 30s 5m 1h 1d}), {@link dev.sallyport.api.config.Size},
 *       {@link dev.sallyport.api.config.Rate}, {@link dev.sallyport.api.config.Percent}, {@link dev.sallyport.api.config.Moment},
 *       {@link dev.sallyport.api.config.Secret},
 *       {@link dev.sallyport.api.config.Expression}, {@link dev.sallyport.api.config.Condition},
 *       {@link dev.sallyport.api.config.Template}, {@link java.net.URI}, {@link java.nio.file.Path} (relative to the
 *       file that names it), {@link java.time.LocalDate}, or any class with a public static {@code parse(String)} that
 *       throws {@link java.lang.IllegalArgumentException}: its message {@code TEXT (expected: WHAT); MEND} is shown. Where a
 *       text may be a secret that somebody wrote by mistake, leave out {@code TEXT}: then the gateway does not show it either;
 *   <li>another record; a {@code List}, {@code Set} or {@code Map<String, …>} of all these; {@code Map<String, Object>}
 *       for free JSON shapes;
 *   <li>a sealed interface of records: a choice by key, {@code in: {header: x-api-key}}, where the key is the record's
 *       name in kebab-case. A record without components is chosen by its bare name, one with a single component may be
 *       given that component's bare value.
 * </ul>
 *
 * <p>A component must be given unless it has a {@link dev.sallyport.api.config.Default}, is
 * {@link org.jspecify.annotations.Nullable}, or is a boolean or a collection
 * (absent: false, or empty; a collection with a {@link dev.sallyport.api.config.Min} must be given). A compact
 * constructor may check rules between keys and throw {@link dev.sallyport.api.config.ConfigException}.
 */
@NullMarked
package dev.sallyport.api.config;

import org.jspecify.annotations.NullMarked;
