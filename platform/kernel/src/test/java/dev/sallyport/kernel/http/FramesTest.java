package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FramesTest {

    private static byte[] frame(int opcode, int length, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x80 | opcode);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            out.write(mask | length);
        } else if (length < 65_536) {
            out.write(mask | 126);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >> shift));
            }
        }
        for (int i = 0; i < (masked ? 4 : 0) + length; i++) {
            out.write(0x88); // looks like the begin of a close frame, and is none
        }
        return out.toByteArray();
    }

    @Test
    void findsTheEndsOfFramesOfAllSizesHoweverTheyComeInPieces() {
        Random random = new Random(7);
        for (boolean masked : List.of(true, false)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            List<Integer> ends = new ArrayList<>();
            for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 70_000, 0, 5}) {
                all.writeBytes(frame(2, length, masked));
                ends.add(all.size());
            }
            byte[] bytes = all.toByteArray();
            for (int end : ends) {
                Frames frames = new Frames();
                int at = 0;
                while (at < end) {
                    int piece = Math.min(end - at, 1 + random.nextInt(3_000));
                    frames.follow(bytes, at, piece);
                    at += piece;
                    assertThat(frames.isBetween()).isEqualTo(ends.contains(at));
                }
            }
        }
    }

    @Test
    void stopsAtTheEndOfTheFrameThatIsUnderWay() {
        Frames frames = new Frames();
        byte[] first = frame(1, 300, true);
        frames.follow(first, 0, 100);
        byte[] rest = new byte[first.length - 100 + 50];
        System.arraycopy(first, 100, rest, 0, first.length - 100);

        assertThat(frames.followToEnd(rest, 0, rest.length)).isEqualTo(first.length - 100);
        assertThat(frames.isBetween()).isTrue();
        assertThat(frames.followToEnd(rest, 0, rest.length)).isZero();
    }

    @Test
    void knowsACloseFrameOnceItIsWhole() {
        Frames frames = new Frames();
        byte[] ping = frame(9, 3, false);
        byte[] close = frame(8, 2, false);

        frames.follow(ping, 0, ping.length);
        assertThat(frames.isClosed()).isFalse();
        frames.follow(close, 0, close.length - 1);
        assertThat(frames.isClosed()).isFalse();
        frames.follow(close, close.length - 1, 1);
        assertThat(frames.isClosed()).isTrue();
    }

    @Test
    void neverFindsTheEndOfAFrameOfImpossibleLength() {
        Frames frames = new Frames();
        byte[] header = {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1};
        frames.follow(header, 0, header.length);
        frames.follow(new byte[10_000], 0, 10_000);

        assertThat(frames.isBetween()).isFalse();
    }

    @Test
    void closeFramesSayGoingAwayMaskedTowardsServersOnly() {
        byte[] toClient = CloseFrame.toClient("stop");
        byte[] toServer = CloseFrame.toServer("stop");

        assertThat(toClient).startsWith(0x88, 6, 0x03, 0xe9).endsWith('s', 't', 'o', 'p');
        assertThat(toServer).hasSize(12).startsWith(0x88, 0x86);
        byte[] payload = new byte[6];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (toServer[6 + i] ^ toServer[2 + i % 4]);
        }
        assertThat(payload).containsExactly(0x03, 0xe9, 's', 't', 'o', 'p');
        assertThat(CloseFrame.toClient("x".repeat(500))).hasSize(127);
    }
}
