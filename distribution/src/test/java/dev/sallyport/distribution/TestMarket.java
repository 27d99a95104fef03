package dev.sallyport.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A marketplace on this machine, with one publisher, made by the commands that people use. */
final class TestMarket implements AutoCloseable {

    private final Path folder = Folders.temporary("market");
    private final Path site = folder.resolve("site");
    private final String publisher;
    private final String keys;
    private FileServer server;

    private TestMarket() {
        publisher = keygen("acme");
        keys = keygen("shop").lines().filter(line -> line.contains("keys:")).collect(Collectors.joining());
    }

    /** Begins one that offers nothing yet. */
    static TestMarket make() {
        return new TestMarket();
    }

    private String keygen(String name) {
        String printed =
                Command.sallyport(folder, "market", "keygen", name).succeeds().out();
        return printed.substring(printed.indexOf("    - name:"));
    }

    /** Signs a jar, and offers it. */
    void publish(Path jar) throws IOException {
        Command.sallyport(folder, "market", "sign", "--key", "acme.key", jar.toString())
                .succeeds();
        Command.sallyport(folder, "market", "publish", "site", "--name", "shop", "--key", "shop.key", jar.toString())
                .succeeds();
        if (server == null) {
            server = FileServer.jdk(site);
        }
    }

    /** Says more of what it offers, in JSON. */
    void say(String about) throws IOException {
        Files.writeString(folder.resolve("about.json"), about);
        Command.sallyport(
                        folder,
                        "market",
                        "publish",
                        "site",
                        "--name",
                        "shop",
                        "--key",
                        "shop.key",
                        "--about",
                        "about.json")
                .succeeds();
    }

    /** What a configuration says to trust it. */
    String trust() {
        return "trust:\n  publishers:\n" + publisher + "  marketplaces:\n    - name: shop\n      url: "
                + server.address() + "/\n" + keys + "\n";
    }

    /** Nobody answers at its address any more. */
    void goesDown() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public void close() {
        goesDown();
        Folders.delete(folder);
    }
}
