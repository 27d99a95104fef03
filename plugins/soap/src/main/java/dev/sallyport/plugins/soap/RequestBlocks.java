package dev.sallyport.plugins.soap;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Template;
import dev.sallyport.plugins.soap.SoapAsRestConfig.PasswordType;
import dev.sallyport.plugins.soap.SoapAsRestConfig.UserNameToken;
import dev.sallyport.xml.XmlOutput;
import dev.sallyport.xml.XmlOutput.UnfitCharacterException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;

/** The blocks of the header that each request gets by the settings. Thread-safe. */
final class RequestBlocks {

    private static final String WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";

    private final SoapAsRestConfig config;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RequestBlocks(SoapAsRestConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** As XML. A block whose expression has no value is left out. */
    String of(Request request) {
        if (config.addHeaders().isEmpty() && config.wsSecurity() == null) {
            return "";
        }
        XmlOutput out = new XmlOutput();
        try {
            for (Map.Entry<String, Template> each : config.addHeaders().entrySet()) {
                String text = each.getValue().fill(request, (_, value) -> value);
                if (text != null) {
                    int end = each.getKey().indexOf('}');
                    String tag = "h:" + each.getKey().substring(end + 1);
                    out.raw("<").raw(tag).attribute("xmlns:h", each.getKey().substring(1, end));
                    out.raw(">")
                            .text(text.replaceAll("[\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]", " "))
                            .raw("</" + tag + ">");
                }
            }
            if (config.wsSecurity() != null) {
                token(config.wsSecurity(), out);
            }
        } catch (UnfitCharacterException e) {
            throw new IllegalStateException("made fit before", e);
        }
        return out.toString();
    }

    private void token(UserNameToken token, XmlOutput out) throws UnfitCharacterException {
        String created = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        boolean digest = token.type() == PasswordType.DIGEST;
        String password = token.password().value();
        out.raw("<o:Security").attribute("xmlns:o", WSS + "wssecurity-secext-1.0.xsd");
        out.attribute("xmlns:u", WSS + "wssecurity-utility-1.0.xsd").attribute("s:mustUnderstand", "1");
        out.raw("><o:UsernameToken><o:Username>").text(token.username()).raw("</o:Username><o:Password");
        out.attribute("Type", WSS + "username-token-profile-1.0#Password" + (digest ? "Digest" : "Text"))
                .raw(">");
        out.text(digest ? digest(nonce, created, password) : password).raw("</o:Password>");
        if (digest) {
            out.raw("<o:Nonce")
                    .attribute("EncodingType", WSS + "soap-message-security-1.0#Base64Binary")
                    .raw(">");
            out.raw(Base64.getEncoder().encodeToString(nonce)).raw("</o:Nonce>");
            out.raw("<u:Created>").raw(created).raw("</u:Created>");
        }
        out.raw("</o:UsernameToken></o:Security>");
    }

    /** As the profile has it, §3.1: Base64(SHA-1(nonce + created + password)). */
    private static String digest(byte[] nonce, String created, String password) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(nonce);
            sha1.update((created + password).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is part of every JDK", e);
        }
    }
}
