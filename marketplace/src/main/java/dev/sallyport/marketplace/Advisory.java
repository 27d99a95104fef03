package dev.sallyport.marketplace;

/**
 * A weakness of some versions of a plugin.
 *
 * @param id how the world knows it, such as {@code CVE-2026-1234}
 * @param severity {@code low}, {@code medium}, {@code high} or {@code critical}
 * @param summary one sentence
 * @param affected the versions that have it: a range such as {@code >=1.0.0 & <1.0.3}
 * @param fixed the first version without it; {@code ""} while there is none
 * @param url where more is told; {@code ""} for nowhere
 */
public record Advisory(String id, String severity, String summary, String affected, String fixed, String url) {}
