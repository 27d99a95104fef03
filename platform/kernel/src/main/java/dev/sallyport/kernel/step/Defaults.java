package dev.sallyport.kernel.step;

import dev.sallyport.api.Filter;

/** Which methods a filter leaves as the plugin API has them: to call those would cost a thread each, for nothing. */
final class Defaults {

    private Defaults() {}

    /** Whether that method is the plugin API's own. */
    static boolean has(Filter filter, String method, Class<?>... parameters) {
        try {
            return filter.getClass().getMethod(method, parameters).getDeclaringClass() == Filter.class;
        } catch (NoSuchMethodException | LinkageError e) {
            return false; // then the call tells what is wrong
        }
    }
}
