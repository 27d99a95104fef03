package the_publisher.the_name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import org.junit.jupiter.api.Test;

/** What it does, with fakes. */
final class TheNameFilterTest {

    @Test
    void setsTheFieldOnTheResponse() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(new TheNameFactory(), new TheNameConfig("x-greeting", "good morning"));

            Response response = filter.handle(Requests.get("/").build(), FakeNext.ok());

            assertThat(response.header("x-greeting")).isEqualTo("good morning");
        }
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new TheNameConfig("x greeting", "good morning"))
                .returns("header", ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
