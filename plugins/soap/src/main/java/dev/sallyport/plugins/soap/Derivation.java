package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.Complex.Content;

/** Which types may stand in the place of which. */
final class Derivation {

    private Derivation() {}

    /** Whether {@code xsi:type} may name that type where the other one is declared. */
    static boolean isAllowed(Type type, Type declared) {
        if (declared == Model.ANY_TYPE || type.equals(declared)) {
            return true;
        }
        if (declared instanceof Simple) {
            return type instanceof Simple
                    || (type instanceof Complex complex && complex.content() instanceof Content.Text);
        }
        return type instanceof Complex complex && complex.derivesFrom(declared);
    }
}
