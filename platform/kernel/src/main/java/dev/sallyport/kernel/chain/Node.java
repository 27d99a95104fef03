package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;

/**
 * A place of a compiled chain. For an exchange that is recorded the chain is put together anew, of nodes that tell the
 * recording what they do: so what is not recorded runs through nodes that know nothing of it.
 */
interface Node extends Next {

    /** This place and all that comes after it, for an exchange that is recorded; with the same state. */
    Node traced();

    /** The same for any end of a chain: what is no node has nothing to tell. */
    static Next traced(Next next) {
        return next instanceof Node node ? node.traced() : next;
    }
}
