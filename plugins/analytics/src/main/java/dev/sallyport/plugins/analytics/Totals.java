package dev.sallyport.plugins.analytics;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/** Sums of requests. Not thread-safe: whoever shares one holds its monitor. */
final class Totals {

    /** Latencies are kept to two digits: what is read off is within 1 % of what was. */
    static final int DIGITS = 2;

    /** What takes longer is counted as this, in microseconds: an hour. */
    static final long LONGEST = 3_600_000_000L;

    long count;
    long errors;
    long requestBytes;
    long responseBytes;
    long micros;
    /** Whether they were written out: what comes now belongs elsewhere. */
    boolean sealed;

    private final boolean countsOnly;
    private final @Nullable AbstractHistogram latencies;
    /** In the place of a histogram, which is much larger: a value and how often it came, and so on. */
    private final long @Nullable [] read;

    private Totals(boolean countsOnly, @Nullable AbstractHistogram latencies, long @Nullable [] read) {
        this.countsOnly = countsOnly;
        this.latencies = latencies;
        this.read = read;
    }

    /** For what comes one by one. */
    static Totals ofOnes() {
        return new Totals(false, new IntCountsHistogram(DIGITS), null);
    }

    /** For sums of others. */
    static Totals ofSums() {
        return new Totals(false, new Histogram(DIGITS), null);
    }

    /** For sums of others without their latencies: it takes a hundredth of the memory. */
    static Totals ofCounts() {
        return new Totals(true, null, null);
    }

    /** With latencies that were read, to be added to others. */
    static Totals ofRead(long[] valuesAndCounts) {
        return new Totals(false, null, valuesAndCounts);
    }

    void add(boolean failed, long request, long response, long tookMicros) {
        long within = Math.clamp(tookMicros, 0, LONGEST);
        count++;
        errors += failed ? 1 : 0;
        requestBytes += request;
        responseBytes += response;
        micros += within;
        histogram().recordValue(within);
    }

    void add(Totals other) {
        count += other.count;
        errors += other.errors;
        requestBytes += other.requestBytes;
        responseBytes += other.responseBytes;
        micros += other.micros;
        if (countsOnly) {
            return;
        }
        if (other.latencies != null) {
            histogram().add(other.latencies);
        }
        if (other.read != null) {
            for (int i = 0; i + 1 < other.read.length; i += 2) {
                histogram().recordValueWithCount(other.read[i], other.read[i + 1]);
            }
        }
    }

    private AbstractHistogram histogram() {
        if (latencies == null) {
            throw new IllegalStateException("it was read (expected: one that is added up)");
        }
        return latencies;
    }

    /** The latency, in microseconds, that so many percent took at most. */
    long percentile(double percent) {
        return histogram().getValueAtPercentile(percent);
    }

    /** The largest latency, in microseconds, within 1 %. */
    long longest() {
        return histogram().getMaxValue();
    }

    /** Latencies and how often each came, in turn. */
    long[] valuesAndCounts() {
        if (read != null) {
            return read.clone();
        }
        long[] all = new long[128];
        int size = 0;
        for (HistogramIterationValue each : histogram().recordedValues()) {
            if (size + 2 > all.length) {
                all = Arrays.copyOf(all, all.length * 2);
            }
            all[size++] = each.getValueIteratedTo();
            all[size++] = each.getCountAtValueIteratedTo();
        }
        return Arrays.copyOf(all, size);
    }
}
