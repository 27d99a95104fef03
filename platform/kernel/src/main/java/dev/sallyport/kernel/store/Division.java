package dev.sallyport.kernel.store;

import java.math.BigInteger;

/**
 * {@code (a × b + c) ÷ d} without overflow and without rounding on the way.
 *
 * @param quotient rounded down; {@link Long#MAX_VALUE} where it is larger than that
 * @param remainder 0 to {@code d - 1}
 */
record Division(long quotient, long remainder) {

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /**
     * @param a 0 or more
     * @param b 0 or more
     * @param c any, as long as the sum is 0 or more
     * @param d 1 or more
     */
    static Division of(long a, long b, long c, long d) {
        long product = a * b;
        long sum = product + c;
        boolean fits = Math.multiplyHigh(a, b) == 0 && product >= 0 && (c < 0 || sum >= 0);
        return fits ? new Division(sum / d, sum % d) : ofLarge(a, b, c, d);
    }

    private static Division ofLarge(long a, long b, long c, long d) {
        BigInteger sum = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).add(BigInteger.valueOf(c));
        BigInteger[] parts = sum.divideAndRemainder(BigInteger.valueOf(d));
        return new Division(parts[0].min(LARGEST).longValueExact(), parts[1].longValueExact());
    }
}
