package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig.Source;
import dev.sallyport.kernel.config.TrustConfig;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose plugins are taken before anything serves: those whom the generation trusts that is going to. A file that does not
 * say validly whom it trusts is never taken for one that trusts as usual.
 */
public final class TrustAtStart {

    private TrustAtStart() {}

    /** What the generation that is held says, or the last one where the admin API owns them; else the files, else what served last; else nobody is trusted. */
    public static TrustConfig of(ConfigReader files, History history) {
        Hold hold = history.hold();
        GenerationRecord held = hold == null ? null : history.find(hold.generation());
        List<GenerationRecord> before = history.newestFirst();
        if (held == null && files.source() == Source.API && !before.isEmpty()) {
            held = before.getFirst();
        }
        TrustConfig trust = held == null ? null : recorded(files, history, held);
        if (trust == null) {
            trust = files.trust();
        }
        if (trust == null && !before.isEmpty()) {
            trust = recorded(files, history, before.getFirst());
        }
        return trust == null ? new TrustConfig(TrustConfig.Unsigned.REFUSED, List.of(), List.of()) : trust;
    }

    private static @Nullable TrustConfig recorded(ConfigReader files, History history, GenerationRecord record) {
        try {
            return reader(files, history, record).trust();
        } catch (IOException e) {
            return null;
        }
    }

    /** Reads the configuration as it was in that generation. */
    static ConfigReader reader(ConfigReader files, History history, GenerationRecord record) throws IOException {
        return files.ofRecorded(history.texts(record), true);
    }
}
