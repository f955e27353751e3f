/**
 * A generator of random numbers that nobody can guess, and that a seed makes repeatable. Free for every caller of the
 * library; nothing in here is random by itself.
 */
@NullMarked
package dev.cgnat.core.random;

import org.jspecify.annotations.NullMarked;
