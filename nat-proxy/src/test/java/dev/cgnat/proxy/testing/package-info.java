/** Helpers for tests that need a program of the operating system. */
@NullMarked
package dev.cgnat.proxy.testing;

import org.jspecify.annotations.NullMarked;
