package dev.cgnat.proxy.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a NAT before the tests of a class, and ends it after the last. A parameter of type {@link NatLab} of a test, of a
 * constructor or of a method that runs before or after tests is that NAT. A nested class without the annotation shares that of
 * the class around it.
 *
 * <p>All tests of a class draw from one pool: a port that rests after one of them rests for the next as well.
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(NatExtension.class)
public @interface NatTest {
    /** Which NAT: {@code natproxy config profiles} lists them. Empty = what {@link #config} says. */
    String profile() default "";

    /**
     * A configuration file, relative to the working directory, or {@code classpath:nat.yaml}. Its pools and limits count; its
     * listeners do not, as {@link NatLab} has its own. Empty = the profile alone.
     */
    String config() default "";

    /** What wins over both, such as {@code pools.0.ports=1024-1087}. */
    String[] overrides() default {};
}
