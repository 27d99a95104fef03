package dev.sallyport.kernel.market;

/** Told how far a download is. */
@FunctionalInterface
public interface Progress {

    Progress NONE = (file, at, size) -> {};

    /**
     * More has come.
     *
     * @param file its name
     * @param at how many bytes there are now
     * @param size how many there will be
     */
    void at(String file, long at, long size);
}
