package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;

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

        @Override
        void check(String value) {
            if (!value.equals(Key.REST) && !value.matches("[1-9]\\d\\d")) {
                throw new ConfigException(toString(), value + " (expected: a status such as 502)");
            }
        }
    },
    CLASS("class") {
        @Override
        String of(Key key) {
            return key.status() == 0 ? Key.REST : key.status() / 100 + "xx";
        }

        @Override
        void check(String value) {
            if (!value.equals(Key.REST) && !value.matches("[1-5]xx")) {
                throw new ConfigException(toString(), value + " (expected: 1xx, 2xx, 3xx, 4xx or 5xx)");
            }
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

    /** @throws ConfigException where no request can have that value */
    void check(String value) {}

    @Override
    public String toString() {
        return word;
    }
}
