/**
 * Messages: what passes in a WebSocket (RFC 6455) or an event stream, one by one. A step that wants to see them hands its
 * request to {@link dev.sallyport.api.message.Messages}; a connection that no step looks into passes as bytes and costs
 * nothing.
 */
@NullMarked
package dev.sallyport.api.message;

import org.jspecify.annotations.NullMarked;
