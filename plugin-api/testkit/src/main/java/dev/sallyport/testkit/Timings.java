package dev.sallyport.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;

/**
 * Tells whether the time that something takes gives away which of two it was, for tests of what compares secrets. It says
 * nothing of how long anything takes, so it does not depend on the machine: runs of both are mixed at random, so that what
 * else the machine does meets both alike.
 *
 * {@snippet :
 * double odds = Timings.odds(this::check, almostRight, allWrong, 10_000);
 * assertThat(odds).isBetween(0.44, 0.56);
 * }
 */
public final class Timings {

    private Timings() {}

    /** What is timed: one code for both, since the compiler of the JVM treats two differently. */
    @FunctionalInterface
    public interface Task<T> {
        void run(T with) throws Exception;
    }

    private record Run(long nanos, boolean first) {}

    /**
     * The odds that a run with the first takes longer than one with the second (Mann and Whitney's U over the number of pairs,
     * ties counted half): 0.5 where the time says nothing, 0 or 1 where it says it all. By chance alone it strays from 0.5
     * by about 0.4 over the square root of the rounds.
     *
     * @param rounds how often each is run; as often besides, before the clock counts
     */
    public static <T> double odds(Task<T> task, T first, T second, int rounds) throws Exception {
        run(task, first, second, rounds);
        Run[] runs = run(task, first, second, rounds);
        Arrays.sort(runs, Comparator.comparingLong(Run::nanos));
        double ranks = 0;
        for (int from = 0; from < runs.length; ) {
            int to = from;
            int firsts = 0;
            while (to < runs.length && runs[to].nanos() == runs[from].nanos()) {
                firsts += runs[to].first() ? 1 : 0;
                to++;
            }
            ranks += firsts * (from + to + 1) / 2.0; // equal times share the mean of their ranks, which begin at 1
            from = to;
        }
        double n = rounds;
        return (ranks - n * (n + 1) / 2) / (n * n);
    }

    private static <T> Run[] run(Task<T> task, T first, T second, int rounds) throws Exception {
        Random random = new Random();
        Run[] runs = new Run[rounds * 2];
        for (int i = 0; i < runs.length; i += 2) {
            boolean before = random.nextBoolean();
            runs[i] = time(task, before ? first : second, before);
            runs[i + 1] = time(task, before ? second : first, !before);
        }
        return runs;
    }

    private static <T> Run time(Task<T> task, T with, boolean first) throws Exception {
        long start = System.nanoTime();
        task.run(with);
        return new Run(System.nanoTime() - start, first);
    }
}
