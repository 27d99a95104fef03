package dev.sallyport.kernel.config;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What lint looks for in a configuration that is valid. The reference page of lint is made of this table. */
public enum LintRule {
    UNREACHABLE_ROUTE(
            "A route that takes no request.",
            "Other matches go first for all that its matches take: it could as well not be there, and whoever reads it"
                    + " believes that it serves.",
            "Remove it, or make its matches more specific than those that the finding names."),
    SHADOWED_MATCH(
            "A match, or one of its paths, that takes no request.",
            "Other matches go first for all that it takes, while the route's others serve.",
            "Remove it, or make it more specific than those that the finding names."),
    EQUAL_MATCHES(
            "Two routes of one file that take some of the same requests and are equally specific.",
            "Only the place in the file decides between them, so that moving a route changes what is served. Between"
                    + " two files this is an error.",
            "Add a condition that tells them apart, or put both into one route."),
    CACHE_BEFORE_ACCESS(
            "A cache in front of a step that decides access.",
            "What the cache holds is answered before that step is asked: whoever comes second is not judged.",
            "Put the cache behind the step that decides."),
    SHARED_CACHE(
            "A cache behind a step that decides access, which does not tell callers apart.",
            "What one caller was allowed to see is answered to the next one, who may be allowed less.",
            "Give the cache a key by which callers differ, such as consumer, or the header that carries who they are."),
    NOTHING_PROVIDES(
            "A step that reads what no step before it provides.",
            "It runs without it: a limit by consumer in front of the step that authenticates counts all callers as"
                    + " one.",
            "Move the step behind one that provides it, or add such a step."),
    MONITORED_PROVIDER(
            "An enforced step that reads what only a monitored step provides.",
            "What a monitored step leaves is seen by monitored steps only: the enforced one runs without it.",
            "Enforce the step that provides it, or monitor the one that reads it."),
    LIMIT_FOR_ALL(
            "A limit that does not tell callers apart.",
            "All callers share it, so that one of them can use it up for everybody.",
            "Say by what it counts, such as client.address or consumer."),
    PLAIN_SECRET(
            "A secret in plain text.",
            "A configuration is read by many and kept in places where it can be read.",
            "Write a reference, ${env:NAME} or ${file:path}, and change the secret: it has been seen."),
    TLS_UNVERIFIED(
            "TLS whose certificate is not verified.",
            "Anybody on the way to the target can read and change everything.",
            "Give the authority by ca, or the certificate's name by serverName, and leave verify out."),
    IDLE_TLS(
            "Settings of TLS where no target is reached by it.",
            "They do nothing: the targets are reached in clear text.",
            "Write https:// in front of the targets, or remove the settings."),
    UNUSED_NAME(
            "A chain, an upstream or a service that nothing uses.",
            "Either it is left over, or what should use it does not.",
            "Use it, or remove it."),
    OLD_KEY(
            "A key under its old name.",
            "It is still read, and will not be for ever.",
            "Rename it as the finding says."),
    IDLE_ALLOW(
            "A comment that allows a finding which is not there.",
            "It is left over, or its name is misspelt, and hides what comes later.",
            "Remove it, or mend the name.");

    private final String what;
    private final String why;
    private final String mend;

    LintRule(String what, String why, String mend) {
        this.what = what;
        this.why = why;
        this.mend = mend;
    }

    /** The rule of that id; null where there is none. */
    public static @Nullable LintRule of(String id) {
        return Arrays.stream(values())
                .filter(rule -> rule.toString().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** What it finds, in a sentence. */
    public String what() {
        return what;
    }

    /** What harm that does, in a sentence. */
    public String why() {
        return why;
    }

    /** What to do about it, in a sentence. */
    public String mend() {
        return mend;
    }

    /** Its id: {@code unreachable-route}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
