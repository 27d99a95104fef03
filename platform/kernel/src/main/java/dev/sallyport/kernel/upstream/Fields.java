package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** Header fields between the SPI's form and Jetty's. */
final class Fields {

    private Fields() {}

    /** Jetty writes the names of fields that it knows in its own case, so it is not told which one it is. */
    static HttpField raw(String name, String value) {
        return new HttpField(null, name, value);
    }

    /** Whether a field of a request speaks about its connection or framing (RFC 9110 §7.6.1), or is {@code Expect}. */
    static boolean isMadeByTheWire(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 6 -> name.equalsIgnoreCase("expect");
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 14 -> name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("http2-settings");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            default -> false;
        };
    }

    /**
     * Fields that a target has sent, without those of the connection and those that {@code Connection} names.
     *
     * @param switched whether it has switched protocols, so that {@code Upgrade} says to which
     * @throws IllegalArgumentException where a name or value cannot stand in a header
     */
    static Headers received(HttpFields fields, boolean switched) {
        List<String> named =
                fields.contains(HttpHeader.CONNECTION) ? fields.getCSV(HttpHeader.CONNECTION, false) : List.of();
        int size = fields.size();
        Headers.Builder builder = Headers.builder(size);
        for (int i = 0; i < size; i++) {
            HttpField field = fields.getField(i);
            if (!isOfTheConnection(field, named, switched)) {
                String value = field.getValue();
                builder.add(field.getName(), value == null ? "" : value);
            }
        }
        return builder.build();
    }

    private static boolean isOfTheConnection(HttpField field, List<String> named, boolean switched) {
        HttpHeader known = field.getHeader();
        if (known != null) {
            switch (known) {
                case UPGRADE -> {
                    return !switched;
                }
                case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING -> {
                    return true;
                }
                default -> {}
            }
        }
        for (String name : named) {
            if (field.is(name)) {
                return true;
            }
        }
        return false;
    }
}
