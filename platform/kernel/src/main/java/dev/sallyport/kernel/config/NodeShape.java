package dev.sallyport.kernel.config;

/** Anything, kept as it was written. */
record NodeShape() implements Shape {

    @Override
    public Object bind(ConfigNode node, String key, Binding binding) {
        return node;
    }

    @Override
    public String expected() {
        return "anything";
    }
}
