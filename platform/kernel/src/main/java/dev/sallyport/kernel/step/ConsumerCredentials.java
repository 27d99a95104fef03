package dev.sallyport.kernel.step;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.kernel.config.Binder;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.GatewayConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured consumers, and their credentials as one plugin's records.
 *
 * @param records the records of the plugin's credential types, by type
 * @param folder the main file's: the files of places are relative to it
 * @param problems what does not bind is told to
 */
record ConsumerCredentials(
        ConfiguredConsumers consumers,
        Map<String, Class<? extends Record>> records,
        Path folder,
        List<ConfigProblem> problems)
        implements StepContext.Credentials {

    @Override
    public <C extends Record> List<Credential<C>> of(Class<C> type) {
        List<Credential<C>> found = new ArrayList<>();
        Binder binder = new Binder();
        for (GatewayConfig.ConsumerConfig consumer : consumers.all()) {
            Consumer who = ConfiguredConsumers.consumer(consumer);
            for (CredentialConfig credential : consumer.credentials()) {
                if (type.equals(records.get(credential.type()))) {
                    C bound = binder.bind(
                            credential.config(), type, "consumer " + consumer.name(), folder, this::refused);
                    if (bound != null) {
                        found.add(new Credential<>(who, bound));
                    }
                }
            }
        }
        return found;
    }

    @Override
    public @Nullable Consumer consumer(String name) {
        return consumers.consumer(name);
    }

    /** What there is to warn of was told when the configuration was read. */
    private void refused(ConfigProblem problem) {
        if (problem.severity() == ConfigProblem.Severity.ERROR) {
            problems.add(problem);
        }
    }
}
