package dev.sallyport.plugins.analytics;

/** What requests are told apart by. */
enum Dimension {
    ROUTE("route") {
        @Override
        String of(Key key) {
            return key.route();
        }
    },
    CONSUMER("consumer") {
        @Override
        String of(Key key) {
            return key.consumer();
        }
    },
    STATUS("status") {
        @Override
        String of(Key key) {
            return key.status() == 0 ? Key.REST : Integer.toString(key.status());
        }
    },
    CLASS("class") {
        @Override
        String of(Key key) {
            return key.status() == 0 ? Key.REST : key.status() / 100 + "xx";
        }
    },
    CLIENT("client") {
        @Override
        String of(Key key) {
            return key.client();
        }
    };

    private final String word;

    Dimension(String word) {
        this.word = word;
    }

    abstract String of(Key key);

    @Override
    public String toString() {
        return word;
    }
}
