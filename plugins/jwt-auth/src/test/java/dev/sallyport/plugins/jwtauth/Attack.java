package dev.sallyport.plugins.jwtauth;

/**
 * A token that must not open anything.
 *
 * @param name what is tried, in words
 * @param token as it stands after {@code Bearer}
 * @param why what the answer says
 */
record Attack(String name, String token, String why) {

    @Override
    public String toString() {
        return name;
    }
}
