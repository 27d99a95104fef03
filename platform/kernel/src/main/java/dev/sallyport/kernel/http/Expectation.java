package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;

/** Judges the field {@code Expect} (RFC 9110 §10.1.1). */
final class Expectation {

    private Expectation() {}

    /** Whether every member of the field is {@code 100-continue}, which is all that there is to expect. */
    static boolean canBeMet(Headers headers) {
        for (String line : headers.all("expect")) {
            for (String member : line.split(",", -1)) {
                if (!member.isBlank() && !member.strip().equalsIgnoreCase("100-continue")) {
                    return false;
                }
            }
        }
        return true;
    }
}
