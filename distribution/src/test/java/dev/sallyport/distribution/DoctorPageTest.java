package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.doctor.Kind;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The doctor's page has a row for each kind of thing that it finds, with the mend that it gives. */
final class DoctorPageTest {

    @ParameterizedTest
    @EnumSource
    void eachKindHasItsRow(Kind kind) throws IOException {
        String page = Files.readString(Repository.file("docs/guides/doctor.md"));

        assertThat(page.lines())
                .anyMatch(line -> line.startsWith("| `" + kind + "` |") && line.endsWith("| " + kind.mend() + " |"));
    }
}
