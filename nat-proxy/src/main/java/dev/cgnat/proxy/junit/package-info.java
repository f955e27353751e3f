/**
 * A NAT for the tests of other programs, by JUnit 5: a class with {@link dev.cgnat.proxy.junit.NatTest} has a proxy
 * of its own, and {@link dev.cgnat.proxy.junit.NatLab} tells what its program took from it.
 *
 * <p>JUnit is not among what nat-proxy brings along; whoever uses this package has it.
 */
@NullMarked
package dev.cgnat.proxy.junit;

import org.jspecify.annotations.NullMarked;
