package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.json.Pointer;
import dev.sallyport.json.Pointer.Step;
import java.util.List;

/**
 * One operation at one place.
 *
 * @param value the number of the value; -1 for none
 * @param name that it gets; {@code ""} for all but a renaming
 */
record Change(Kind kind, Pointer place, int value, String name) {

    enum Kind {
        SET,
        ADD,
        REPLACE,
        REMOVE,
        RENAME,
        MASK;

        boolean hasValue() {
            return this == SET || this == ADD || this == REPLACE;
        }

        boolean makes() {
            return this == SET || this == ADD;
        }
    }

    /** @throws ConfigException where such a change cannot be made there */
    void check(String key) {
        List<Step> steps = place.steps();
        if (steps.isEmpty()) {
            if (kind != Kind.SET && kind != Kind.REPLACE && kind != Kind.MASK) {
                throw new ConfigException(key, "the document itself (expected: a place in it); write /name");
            }
            return;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isEnd() && (i < steps.size() - 1 || !kind.makes())) {
                throw new ConfigException(
                        key, place + " (expected: - only as the last step of set and add); write * for each");
            }
        }
        if (kind == Kind.RENAME && place.last().any()) {
            throw new ConfigException(key, place + " (expected: the name of a member at its end); name it");
        }
        if (kind == Kind.RENAME && name.startsWith("/")) {
            throw new ConfigException(
                    key, name + " (expected: a name, since a member stays in its object); leave out what is before it");
        }
    }

    /**
     * Whether it can be made in the same pass as one that stands before it in the list, with the same result as one after the
     * other.
     */
    boolean isApartFrom(Change before) {
        for (Pointer one : places()) {
            for (Pointer other : before.places()) {
                if (meet(one, other, kind.makes() || before.kind.makes() || before.kind == Kind.REMOVE)) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Pointer> places() {
        return kind == Kind.RENAME ? List.of(place, place.sibling(name)) : List.of(place);
    }

    /** @param order whether what is there decides where an element is, or whether an object is made or an array */
    private static boolean meet(Pointer one, Pointer other, boolean order) {
        int common = Math.min(one.steps().size(), other.steps().size());
        for (int i = 0; i < common; i++) {
            Step here = one.steps().get(i);
            Step there = other.steps().get(i);
            if (!here.equals(there)) {
                return here.any() || there.any() || (order && (isInArray(here) || isInArray(there)));
            }
        }
        return true;
    }

    private static boolean isInArray(Step step) {
        return step.isIndex() || step.isEnd();
    }
}
