package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where sessions are between two requests. Thread-safe. */
sealed interface KeptSessions permits SessionCookies, StoredSessions {

    /** Whether a cookie of that name is one of these. */
    boolean owns(String cookie);

    /**
     * The session that a browser carries; null where there is none, or one that was not sealed here.
     *
     * @throws StoreUnavailableException where it is in a store that is away
     */
    @Nullable
    Session read(Map<String, String> carried);

    /**
     * The fields that give a browser this session, which has just begun, in the place of the one that it carries.
     *
     * @throws StoreUnavailableException where it belongs in a store that is away
     */
    List<String> begin(Session session, Map<String, String> carried);

    /** The fields that give a browser this session, which is newer than the one that it carries. */
    List<String> update(Session session, Map<String, String> carried);

    /** The fields that take away what a browser carries. */
    List<String> clear(Map<String, String> carried);
}
