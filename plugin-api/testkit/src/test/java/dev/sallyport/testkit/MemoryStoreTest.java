package dev.sallyport.testkit;

import dev.sallyport.api.Store;

final class MemoryStoreTest extends StoreContract {

    @Override
    protected Store open(ManualClock clock) {
        return new MemoryStore(clock);
    }
}
