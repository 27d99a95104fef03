package dev.sallyport.marketplace;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The keys of the specification's vectors, which are those of RFC 8032, section 7.1, tests 1 and 2. */
final class Keys {

    static final Signer A = ofSeed("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    static final Signer B = ofSeed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

    private Keys() {}

    private static Signer ofSeed(String seed) {
        byte[] pkcs8 = HexFormat.of().parseHex("302e020100300506032b657004220420" + seed);
        try {
            return Signer.parse("-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(pkcs8) + "\n-----END PRIVATE KEY-----\n");
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static Publisher publisher(int threshold, Signer... signers) {
        return new Publisher(
                "acme",
                Arrays.stream(signers).map(Signer::publicKey).toList(),
                List.of(IdPrefix.parse("acme-")),
                threshold);
    }
}
