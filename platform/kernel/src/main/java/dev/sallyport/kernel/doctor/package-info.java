/** What unloaded plugins leave behind: finds it, takes back what can be taken back, and says what their authors must mend. */
@NullMarked
package dev.sallyport.kernel.doctor;

import org.jspecify.annotations.NullMarked;
