/** Bytes of a dump by position, whatever wraps them: plain files, gzip with and without independent members. */
@NullMarked
package dev.holdfast.dump.io;

import org.jspecify.annotations.NullMarked;
