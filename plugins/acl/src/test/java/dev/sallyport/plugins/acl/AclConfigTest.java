package dev.sallyport.plugins.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AclConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : AclConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(Map.of("allow", "", "deny", "", "unidentified", "refuse", "claimsFrom", "jwt-claims"));
    }

    @Test
    void refusesToHaveNoRuleAtAll() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new AclConfig(List.of(), List.of(), AclConfig.Unidentified.REFUSE, "jwt-claims"))
                .withMessage("nothing (expected: allow or deny, with a rule)");
    }

    @Test
    void refusesARuleThatFitsEverything() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Rule(List.of(), List.of(), List.of(), Map.of(), List.of()))
                .withMessageContaining("a rule without a condition");
    }

    @Test
    void refusesAClaimThatNothingCanHave() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Rule(List.of(), List.of(), List.of(), Map.of("a", Map.of("b", "c")), List.of()))
                .returns("claims.a", ConfigException::key);
    }

    @Test
    void refusesAMethodThatNobodySends() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new Rule(List.of(), List.of(), List.of(), Map.of(), List.of("get")))
                .returns("methods", ConfigException::key)
                .withMessage("'get' (expected: a method in capitals, such as GET)");
    }

    @Test
    void tellsARuleAsPeopleWriteIt() {
        assertThat(new Rule(
                        List.of("a"), List.of("g", "h"), List.of("s"), Map.of("c", List.of("1", "2")), List.of("GET")))
                .hasToString("consumers a, groups g or h, scopes s, claim c 1 or 2, methods GET");
    }
}
