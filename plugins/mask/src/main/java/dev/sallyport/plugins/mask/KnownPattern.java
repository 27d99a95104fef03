package dev.sallyport.plugins.mask;

/** Data that it is known how to find. */
public enum KnownPattern {
    /** Payment cards: 13 to 19 digits that begin as cards do, with a sum that is right (ISO/IEC 7812). */
    CARD,
    /** E-mail addresses. */
    EMAIL,
    /** Bank account numbers. */
    IBAN,
    /** Telephone numbers: with + and 8 to 15 digits, or as they are written in North America. */
    PHONE,
    /** Social security numbers of the United States, written with hyphens or blanks. */
    US_SSN;

    Finder finder() {
        return switch (this) {
            case CARD -> new Digits("card", " -", "", 13, 37, Cards::isCard, true);
            case EMAIL -> new Email();
            case IBAN -> new Iban();
            case PHONE -> new Digits("phone", " -.()/", "+(", 8, 24, Persons::isPhone, false);
            case US_SSN -> new Digits("us-ssn", " -", "", 9, 11, Persons::isSocialSecurity, false);
        };
    }
}
