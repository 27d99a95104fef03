package dev.sallyport.kernel.routing;

/**
 * What the table says about one route and one request.
 *
 * @param outcome how far it came
 * @param reason why, as one sentence for people, without a full stop
 */
public record Explanation<T>(T route, Outcome outcome, String reason) {

    /** How far a route came, the closest first. */
    public enum Outcome {
        /** It takes the request. */
        WINS,
        /** All its conditions hold, but another route goes first. */
        LESS_SPECIFIC,
        /** A query parameter or header differs. */
        FIELDS,
        /** The method is not among its own. */
        METHOD,
        /** The path is another. */
        PATH,
        /** The host is another. */
        HOST
    }
}
