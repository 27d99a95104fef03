package dev.sallyport.plugins.jwtauth;

/** How a token is sent. */
enum Scheme {
    /** Whoever has it may use it (RFC 6750). */
    BEARER("Bearer "),

    /** With a proof that the sender has the key which it is bound to (RFC 9449). */
    DPOP("DPoP ");

    private final String front;

    Scheme(String front) {
        this.front = front;
    }

    boolean isOf(String field) {
        return field.regionMatches(true, 0, front, 0, front.length());
    }

    String token(String field) {
        return field.substring(front.length()).strip();
    }
}
