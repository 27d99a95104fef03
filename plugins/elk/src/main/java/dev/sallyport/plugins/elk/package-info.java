/** The step {@code elk}: what happened to each exchange, kept on disk until Elasticsearch or Logstash has it. */
@NullMarked
package dev.sallyport.plugins.elk;

import org.jspecify.annotations.NullMarked;
