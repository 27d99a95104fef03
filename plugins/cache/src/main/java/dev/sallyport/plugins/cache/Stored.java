package dev.sallyport.plugins.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept. Times are milliseconds since 1970, or of length.
 *
 * @param url what it answers, {@code https://shop.example.com/prices?page=2}: purges name it
 * @param tags the names under which it may be purged as well
 * @param purges how many purges there had been when it was asked for: later ones concern it
 * @param at when its head came, or that of the last answer that confirmed it
 * @param ageThen how old it was then
 * @param life how long it is fresh, from its origin's making it
 * @param revalidate how long after that it may be answered while it is fetched anew
 * @param ifError how long after that it may be answered where the upstream fails
 * @param always whether each use must be confirmed by the upstream ({@code no-cache})
 * @param never whether it must not be used beyond its life whatever a request says ({@code must-revalidate} and its like)
 * @param bytes what it was read of, or is written as; its body is in there
 * @param offset where the body begins
 */
@SuppressWarnings("ArrayRecordComponent") // two are alike where they are one
record Stored(
        String url,
        List<String> tags,
        long purges,
        long at,
        long ageThen,
        long life,
        long revalidate,
        long ifError,
        boolean always,
        boolean never,
        int status,
        Headers headers,
        byte[] bytes,
        int offset) {

    private static final int FORM = 1;

    /** So that people are told that what they asked for was stale, and not that it was never there. */
    private static final long KNOWN_BEYOND = 60_000;

    /** How old it is. */
    long age(long now) {
        return ageThen + Math.max(0, now - at);
    }

    /** How long it is still fresh; negative where it has been stale for so long. */
    long left(long now) {
        return life - age(now);
    }

    /** This one, no longer fresh since then. */
    Stored endedAt(long moment) {
        long most = ageThen + Math.max(0, moment - at);
        return most >= life
                ? this
                : new Stored(
                        url,
                        tags,
                        purges,
                        at,
                        ageThen,
                        most,
                        revalidate,
                        ifError,
                        always,
                        never,
                        status,
                        headers,
                        bytes,
                        offset);
    }

    int length() {
        return bytes.length - offset;
    }

    Body body() {
        return Body.of(bytes, offset, length());
    }

    @Nullable
    String etag() {
        return headers.get("etag");
    }

    boolean hasValidator() {
        return headers.has("etag") || headers.has("last-modified");
    }

    /** How long it is of use: while it is fresh, may be answered stale, or may be confirmed. */
    long useful(long now, long keepForValidation) {
        long beyond = Math.max(revalidate, ifError);
        return Math.max(KNOWN_BEYOND, left(now) + Math.max(beyond, hasValidator() ? keepForValidation : KNOWN_BEYOND));
    }

    /** What is written before the body. */
    byte[] head() {
        ByteArrayOutputStream written = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(written)) {
            out.writeByte(FORM);
            out.writeInt(0); // the length of the head, once it is known
            text(out, url);
            out.writeInt(tags.size());
            for (String tag : tags) {
                text(out, tag);
            }
            out.writeLong(purges);
            out.writeLong(at);
            out.writeLong(ageThen);
            out.writeLong(life);
            out.writeLong(revalidate);
            out.writeLong(ifError);
            out.writeBoolean(always);
            out.writeBoolean(never);
            out.writeInt(status);
            out.writeInt(headers.size());
            for (int i = 0; i < headers.size(); i++) {
                text(out, headers.name(i));
                text(out, headers.value(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes all
        }
        byte[] head = written.toByteArray();
        for (int i = 0; i < Integer.BYTES; i++) {
            head[1 + i] = (byte) (head.length >>> (24 - 8 * i));
        }
        return head;
    }

    /** This one with those bytes of a body. */
    Stored with(byte[] body, int bodyOffset, int bodyLength) {
        byte[] head = head();
        byte[] whole = Arrays.copyOf(head, head.length + bodyLength);
        System.arraycopy(body, bodyOffset, whole, head.length, bodyLength);
        return with(whole, head.length);
    }

    /** This one, written as those bytes. */
    Stored with(byte[] whole, int bodyOffset) {
        return new Stored(
                url,
                tags,
                purges,
                at,
                ageThen,
                life,
                revalidate,
                ifError,
                always,
                never,
                status,
                headers,
                whole,
                bodyOffset);
    }

    /** Reads what was written; null where it was written by another version. */
    static @Nullable Stored read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != FORM) {
                return null;
            }
            int offset = in.readInt();
            String url = text(in);
            int count = in.readInt();
            List<String> tags = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                tags.add(text(in));
            }
            long purges = in.readLong();
            long at = in.readLong();
            long age = in.readLong();
            long life = in.readLong();
            long revalidate = in.readLong();
            long ifError = in.readLong();
            boolean always = in.readBoolean();
            boolean never = in.readBoolean();
            int status = in.readInt();
            int fields = in.readInt();
            Headers.Builder headers = Headers.builder(fields);
            for (int i = 0; i < fields; i++) {
                headers.add(text(in), text(in));
            }
            return new Stored(
                    url,
                    tags,
                    purges,
                    at,
                    age,
                    life,
                    revalidate,
                    ifError,
                    always,
                    never,
                    status,
                    headers.build(),
                    bytes,
                    offset);
        } catch (IOException | RuntimeException e) {
            return null; // cut off or not ours: it is as if it were not there
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, UTF_8);
    }

    /** Two are alike where they are one. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
