package dev.sallyport.kernel.routing;

import org.jspecify.annotations.Nullable;

/** How specific a path is: two of equal ranks may take the same request, and neither goes first by its path. */
record Rank(PathPattern.@Nullable Kind kind, int segments, int literals) {}
