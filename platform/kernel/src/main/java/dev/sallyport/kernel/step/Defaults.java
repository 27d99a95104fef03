package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Filter;

/** Which methods what a plugin has made leaves as the plugin API has them: to call those would cost a thread each, for nothing. */
final class Defaults {

    private Defaults() {}

    /** Whether that method is the plugin API's own. */
    static boolean has(Object made, String method, Class<?>... parameters) {
        try {
            Class<?> from = made.getClass().getMethod(method, parameters).getDeclaringClass();
            return from == Filter.class || from == Discovery.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return false; // then the call tells what is wrong
        }
    }
}
