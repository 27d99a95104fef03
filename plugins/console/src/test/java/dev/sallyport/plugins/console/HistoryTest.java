package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.plugins.console.History.Question;
import dev.sallyport.plugins.console.Key.By;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {

    private static final long NOW = ManualClock.START.getEpochSecond();

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final History history = new History();

    private static Count count(int requests, int errors, int millis) {
        int[] durations = new int[Buckets.COUNT];
        durations[Buckets.of(Duration.ofMillis(millis).toNanos())] = requests;
        return new Count(requests, errors, durations);
    }

    private static Key route(String name) {
        return new Key(By.ROUTE, name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> series(Map<String, Object> answer) {
        return (List<Map<String, Object>>) answer.get("series");
    }

    private static List<Integer> requests(Map<String, Object> series) {
        @SuppressWarnings("unchecked")
        List<Integer> requests = (List<Integer>) series.get("requests");
        return requests;
    }

    private Map<String, Object> ask(By by, String name, long from, int points) {
        return history.answer(new Question(by, name, NOW + from, NOW, points), NOW);
    }

    @Test
    void answersTheLastMinutesBySeconds() {
        history.add(NOW - 2, Map.of(Key.ALL, count(10, 1, 20)));
        history.add(NOW, Map.of(Key.ALL, count(30, 0, 40)));

        Map<String, Object> answer = ask(By.ALL, "", -4, 300);

        assertThat(answer.get("step")).isEqualTo(1);
        Map<String, Object> all = series(answer).getFirst();
        assertThat(all.get("name")).isEqualTo("all");
        assertThat(requests(all)).containsExactly(0, 0, 10, 0, 30);
        assertThat(all.get("errors")).isEqualTo(List.of(0, 0, 1, 0, 0));
        assertThat(all.get("at").toString()).startsWith("[" + (NOW - 4) * 1000);
        assertThat(((List<?>) all.get("p99")).get(4))
                .satisfies(p99 -> assertThat((Float) p99).isBetween(35f, 45f));
    }

    @Test
    void answersHoursByTensOfSecondsAndDaysByMinutesAndWeeksByHours() {
        for (long second = NOW - 3600; second <= NOW; second++) {
            history.add(second, Map.of(Key.ALL, count(1, 0, 5)));
        }

        assertThat(ask(By.ALL, "", -3500, 400).get("step")).isEqualTo(10);
        assertThat(ask(By.ALL, "", -86_400, 1000).get("step")).isEqualTo(120);
        assertThat(ask(By.ALL, "", -30 * 86_400, 1000).get("step")).isEqualTo(3600);
        assertThat(requests(series(ask(By.ALL, "", -30 * 86_400, 1000)).getFirst()).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(3601);
    }

    @Test
    void neverAnswersMorePointsThanAreAskedFor() {
        history.add(NOW, Map.of(Key.ALL, count(1, 0, 5)));

        for (long from : new long[] {-60, -300, -3600, -86_400, -60L * 86_400, -400L * 86_400}) {
            assertThat(requests(series(ask(By.ALL, "", from, 50)).getFirst()).size())
                    .as("from " + from)
                    .isBetween(25, 51);
        }
    }

    @Test
    void tellsThingsApartAndTheBusiestFirst() {
        history.add(NOW, Map.of(route("a"), count(1, 0, 5), route("b"), count(9, 0, 5), Key.ALL, count(10, 0, 5)));

        assertThat(series(ask(By.ROUTE, "", -10, 100)))
                .extracting(each -> each.get("name"))
                .containsExactly("b", "a");
        assertThat(series(ask(By.ROUTE, "a", -10, 100))).hasSize(1);
    }

    @Test
    void keepsTheBusyOnesOfTenThousandRoutes() {
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < 10_000; i++) {
                history.add(NOW + second, Map.of(route("r" + i), count(i == 7777 ? 100 : 1, 0, 5)));
            }
        }

        assertThat(history.sizes().get(By.ROUTE)).isEqualTo(By.ROUTE.kept);
        assertThat(series(history.answer(new Question(By.ROUTE, "r7777", NOW, NOW + 5, 10), NOW + 5)))
                .hasSize(1);
    }

    @Test
    void goesOnAfterARestartWithWhatItHadWritten() throws IOException {
        history.add(NOW - 600, Map.of(Key.ALL, count(10, 2, 20), route("a"), count(10, 2, 20)));
        HistoryFile file = new HistoryFile(folder, history, clock, System.getLogger("test"));
        file.claim();
        file.write();

        History again = new History();
        new HistoryFile(folder, again, clock, System.getLogger("test")).claim();

        Map<String, Object> read = again.answer(new Question(By.ROUTE, "a", NOW - 3600, NOW, 400), NOW);
        assertThat(requests(series(read).getFirst()).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(10);
        assertThat(Files.list(folder).map(each -> each.getFileName().toString()))
                .containsExactlyInAnyOrder("history.gz", "history.owner");
    }

    @Test
    void beginsAnewWhereTheFileIsBroken() throws IOException {
        Files.writeString(folder.resolve("history.gz"), "no gzip");

        new HistoryFile(folder, history, clock, System.getLogger("test")).claim();

        assertThat(series(ask(By.ALL, "", -60, 10))).isEmpty();
    }

    @Test
    void leavesTheFileToTheMakingThatIsUsedLast() {
        HistoryFile older = new HistoryFile(folder, history, clock, System.getLogger("test"));
        older.claim();
        older.write();
        History newer = new History();
        HistoryFile file = new HistoryFile(folder, newer, clock, System.getLogger("test"));
        file.claim();
        newer.add(NOW, Map.of(Key.ALL, count(5, 0, 5)));
        file.write();

        older.write();

        History read = new History();
        new HistoryFile(folder, read, clock, System.getLogger("test")).claim();
        assertThat(series(read.answer(new Question(By.ALL, "", NOW - 3600, NOW, 400), NOW)))
                .hasSize(1);
    }
}
