/**
 * Runs the scripts of the scripts folder as filters, in GraalJS: {@link dev.sallyport.kernel.script.ScriptService} is the
 * way in.
 *
 * <p><b>Threads.</b> JavaScript runs on a few platform threads of the service's own, since the JVM's accounts of
 * processor time and memory answer nothing on virtual ones. A call is cut into segments, from one {@code await} to the
 * next. The exchange's virtual thread has a worker run a segment and is parked meanwhile; then it does what the script
 * waits for ({@code next}, reading a body) itself, and has a worker run the following segment. So a worker is held only
 * while JavaScript runs, and nothing of a call happens on two threads at once.
 *
 * <p><b>Isolation.</b> A context serves one call from its beginning to its end, also while that call waits: calls never
 * interleave in a context, so a call that is cut off takes no other one with it, and no account of limits is shared. The
 * price is a context (about 165 KB) for each call that waits at the same time; their number is bounded, and a call that
 * finds none free within its limit is answered 503. Between calls a context is
 *
 * <ul>
 *   <li>{@code request}: kept with all built-in objects frozen, and the module is evaluated anew. The engine keeps
 *       imported modules for as long as their context, so a script that imports gets a fresh context for each request;
 *   <li>{@code context}: thrown away;
 *   <li>{@code none}: kept with all that the module's variables hold. Each context has variables of its own.
 * </ul>
 *
 * <p>After a call was cut off its context is thrown away; after an exception it is kept, since it is whole.
 *
 * <p><b>Versions.</b> A loaded script is a snapshot of its file and of all files that it names in imports, so that contexts
 * made later run the same code, whatever happens to the files; its digest says whether the files are still the same.
 *
 * <p>It is a sandbox against accidents, not against an enemy: scripts are the operator's own code.
 */
@NullMarked
package dev.sallyport.kernel.script;

import org.jspecify.annotations.NullMarked;
