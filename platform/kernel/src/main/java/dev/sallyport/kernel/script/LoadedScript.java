package dev.sallyport.kernel.script;

import java.util.Map;
import java.util.TreeMap;

/**
 * A script that a step runs, as it was when it was loaded. Immutable, but for the bytes, which nobody changes.
 *
 * @param file relative to the scripts folder
 * @param digest what stands for its content and that of all that it imports
 * @param files the bytes of it and of what it imports, by name relative to the scripts folder, with slashes
 */
public record LoadedScript(String file, String digest, Map<String, byte[]> files) {

    static LoadedScript of(String file, ScriptBundle bundle) {
        Map<String, byte[]> files = new TreeMap<>();
        bundle.files()
                .forEach((path, bytes) ->
                        files.put(bundle.root().relativize(path).toString().replace('\\', '/'), bytes));
        return new LoadedScript(file, bundle.digest(), files);
    }
}
