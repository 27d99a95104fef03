package dev.sallyport.kernel.plugin;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * One jar of the plugins folder with the signature beside it, from look to look: it is taken once two looks saw it unchanged. A jar that is being
 * written is no whole zip yet: it is tried again without a word until it has stayed so for {@link #PATIENCE}. For one
 * thread at a time.
 */
final class DroppedFile implements Offer {

    /** How long a jar may stay unreadable before that is reported; and how long until it is tried again. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What tells a changed file from an unchanged one without reading it. */
    private record Sign(
            long size,
            FileTime modified,
            @Nullable Object key,
            @Nullable Object rights,
            @Nullable Sign envelope) {}

    private final Path path;
    private final boolean writable;
    private @Nullable Sign sign;
    private boolean signed;
    private boolean settled;
    private @Nullable Instant next;
    private @Nullable Instant unreadableSince;
    private @Nullable String refusal;
    private @Nullable Artefact current;
    private @Nullable Artefact before;
    private @Nullable Artefact chosen;

    /**
     * @param before what this file held when the gateway last ran
     * @param writable whether it is accepted that others than its owner can write it
     */
    DroppedFile(Path path, @Nullable Artefact before, boolean writable) {
        this.path = path;
        this.before = before;
        this.writable = writable;
    }

    @Override
    public String name() {
        return path.getFileName().toString();
    }

    @Override
    public @Nullable Artefact current() {
        return current;
    }

    @Override
    public @Nullable Artefact before() {
        return before;
    }

    @Override
    public @Nullable String refusal() {
        return refusal;
    }

    /** Whether a look soon may find more than this one did. */
    boolean isUnsettled() {
        return !settled && next == null;
    }

    /** Remembers what the last decision took from this file; null for nothing. */
    void chose(@Nullable Artefact artefact) {
        chosen = artefact;
    }

    /**
     * Looks at the file once.
     *
     * @param signed whether there is a signature beside it
     * @param trusting whether to take it without having seen it unchanged: at start, when a look is all that there is
     * @return whether what it offers may be another than before
     */
    boolean look(ArtefactStore store, Instant now, boolean signed, boolean trusting) {
        this.signed = signed;
        Sign seen;
        try {
            seen = sign();
        } catch (IOException e) {
            // Gone between the listing and here: the next look sees that.
            return false;
        }
        boolean changed = !Objects.equals(seen, sign);
        if (changed) {
            if (chosen != null) {
                before = chosen;
            }
            sign = seen;
            settled = false;
            unreadableSince = null;
            next = null;
        }
        if (settled || (changed && !trusting) || (next != null && now.isBefore(next))) {
            return changed;
        }
        take(store, now, trusting);
        return true;
    }

    private void take(ArtefactStore store, Instant now, boolean trusting) {
        try {
            String others = writable ? null : OwnerOnly.refusal(path);
            if (others != null) {
                throw new RefusedException(others);
            }
            Artefact taken = (trusting ? store.putOwing(path) : store.put(path)).withEnvelope(Signatures.beside(path));
            if (!Objects.equals(sign(), sign)) {
                // Written to meanwhile: whole, as it seems, but not the end of it.
                return;
            }
            current = taken;
            refusal = null;
            settled = true;
        } catch (RefusedException e) {
            current = null;
            refusal = e.getMessage();
            settled = true;
        } catch (NoSuchFileException e) {
            sign = null;
        } catch (IOException e) {
            current = null;
            unreadable(e, now);
        }
    }

    private void unreadable(IOException e, Instant now) {
        if (unreadableSince == null) {
            unreadableSince = now;
        }
        next = now.plus(PATIENCE);
        if (!now.isBefore(unreadableSince.plus(PATIENCE))) {
            boolean damaged = e instanceof ZipException || e instanceof EOFException;
            refusal = damaged
                    ? "is no readable zip file (" + e.getMessage() + "): half-written or damaged; copy it again"
                    : "cannot be taken (" + e + "); it is tried again";
        }
    }

    private Sign sign() throws IOException {
        Sign envelope = null;
        if (signed) {
            try {
                envelope = sign(Signatures.of(path), null);
            } catch (NoSuchFileException gone) {
                // as if it had not been there
            }
        }
        return sign(path, envelope);
    }

    private Sign sign(Path file, @Nullable Sign envelope) throws IOException {
        PosixFileAttributeView view = writable ? null : Files.getFileAttributeView(file, PosixFileAttributeView.class);
        BasicFileAttributes attributes =
                view == null ? Files.readAttributes(file, BasicFileAttributes.class) : view.readAttributes();
        // A change of rights counts: chmod is how a refusal of them is mended.
        Object rights =
                attributes instanceof PosixFileAttributes posix ? OwnerOnly.refusal(file, posix.permissions()) : null;
        return new Sign(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey(), rights, envelope);
    }
}
