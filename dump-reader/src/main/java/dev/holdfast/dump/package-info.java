/** What a dump records or lets one discover, whatever its format. */
@NullMarked
package dev.holdfast.dump;

import org.jspecify.annotations.NullMarked;
