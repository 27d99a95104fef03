package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages;
import dev.sallyport.api.ServiceContext;

/** The console: what a path under its name means. Thread-safe. */
final class Console implements AdminPages {

    private final StaticFiles files = new StaticFiles();

    Console(ConsoleConfig config, ServiceContext context) {}

    @Override
    public Answer answer(Call call) {
        if (!call.method().equals("GET")) {
            return Answers.methodNotAllowed("GET, HEAD");
        }
        return files.answer(call, call.path());
    }
}
