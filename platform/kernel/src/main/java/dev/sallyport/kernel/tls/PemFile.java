package dev.sallyport.kernel.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A file of PEM blocks (RFC 7468). Keys may be PKCS#8, or the older forms of RSA (PKCS#1) and EC (SEC 1); text between
 * blocks is passed over.
 */
public final class PemFile {

    private static final long MOST_BYTES = 1 << 20;

    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private final Path file;
    private final List<Block> blocks;

    private record Block(String label, int line, String base64) {

        byte[] der() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    private PemFile(Path file, List<Block> blocks) {
        this.file = file;
        this.blocks = blocks;
    }

    /** Reads a file whole. */
    public static PemFile read(Path file) throws TlsFileException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new TlsFileException(file + " is larger than 1 MiB; give a PEM file");
            }
            return new PemFile(file, blocks(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file + " does not exist; create it, or mend the path", e);
        } catch (AccessDeniedException e) {
            throw new TlsFileException(file + " may not be read; give the gateway's user the right to read it", e);
        } catch (IOException e) {
            throw new TlsFileException(file + " cannot be read: " + e.getMessage() + "; mend the path", e);
        }
    }

    private static List<Block> blocks(Path file, String text) throws TlsFileException {
        List<Block> blocks = new ArrayList<>();
        String label = "";
        int begin = 0;
        StringBuilder body = new StringBuilder();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String bare = line.strip();
            if (begin == 0 && bare.startsWith("-----BEGIN ") && bare.endsWith("-----")) {
                label = bare.substring(11, bare.length() - 5);
                begin = number;
                body.setLength(0);
            } else if (begin > 0 && bare.startsWith("-----END ")) {
                if (!bare.equals("-----END " + label + "-----")) {
                    throw broken(file, number, "does not end the " + label + " that begins in line " + begin);
                }
                blocks.add(new Block(label, begin, checked(file, begin, body.toString())));
                begin = 0;
            } else if (begin > 0) {
                body.append(bare).append('\n');
            }
        }
        if (begin > 0) {
            throw broken(
                    file, begin, "begins a " + label + " that does not end, as if the file was cut off; copy it anew");
        }
        return blocks;
    }

    private static String checked(Path file, int line, String body) throws TlsFileException {
        if (body.contains(":")) {
            throw broken(
                    file,
                    line,
                    "begins a block with a password, which cannot be used; decrypt it: openssl pkey -in ENCRYPTED"
                            + " -out key.pem");
        }
        try {
            Base64.getMimeDecoder().decode(body);
            return body;
        } catch (IllegalArgumentException e) {
            throw broken(file, line, "begins a block that is no base64; copy the file anew");
        }
    }

    /** The certificates in the order in which they stand; at least one. */
    public List<X509Certificate> certificates() throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (CertificateException e) {
                    throw broken(file, block.line(), "begins a certificate that is broken; copy the file anew");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(file + " has no certificate; give a PEM file with -----BEGIN CERTIFICATE-----");
        }
        return List.copyOf(certificates);
    }

    /** The first private key. */
    public PrivateKey key() throws TlsFileException {
        for (Block block : blocks) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block, block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(block, wrapped(RSA, block.der()));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(block, wrapped(tagged(0x30, EC, curve(block)), block.der()));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw broken(
                            file,
                            block.line(),
                            "begins a key with a password, which cannot be used; decrypt it: openssl pkey -in "
                                    + file.getFileName() + " -out key.pem");
                default -> {} // parameters of a curve, certificates
            }
        }
        throw new TlsFileException(file + " has no private key; give a PEM file with -----BEGIN PRIVATE KEY-----");
    }

    private PrivateKey pkcs8(Block block, byte[] der) throws TlsFileException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException other) {
                // one of the next, or none
            }
        }
        throw broken(
                file, block.line(), "begins a key that is broken, or neither RSA nor EC nor Ed25519; copy it anew");
    }

    /** The name of the curve, which stands in the optional field [0] of the old form (RFC 5915). */
    private byte[] curve(Block block) throws TlsFileException {
        byte[] der = block.der();
        for (int i = 0; i + 3 < der.length; i++) {
            if ((der[i] & 0xff) == 0xa0 && der[i + 2] == 0x06 && der[i + 1] == der[i + 3] + 2) {
                int end = i + 4 + der[i + 3];
                if (end <= der.length) {
                    return java.util.Arrays.copyOfRange(der, i + 2, end);
                }
            }
        }
        throw broken(
                file,
                block.line(),
                "begins an EC key that does not name its curve; convert it: openssl pkey -in " + file.getFileName()
                        + " -out key.pem");
    }

    /** PKCS#8 around a key of an older form: version, algorithm, the key (RFC 5958 §2). */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return tagged(0x30, new byte[] {0x02, 0x01, 0x00}, algorithm, tagged(0x04, key));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        result.write(tag);
        int length = content.size();
        if (length < 0x80) {
            result.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            result.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                result.write(length >> (8 * i));
            }
        }
        result.writeBytes(content.toByteArray());
        return result.toByteArray();
    }

    private static TlsFileException broken(Path file, int line, String what) {
        return new TlsFileException(file + ": line " + line + " " + what);
    }
}
