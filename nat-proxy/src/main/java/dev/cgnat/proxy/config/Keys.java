package dev.cgnat.proxy.config;

import java.util.List;

/** The keys that one kind of mapping may have. */
@FunctionalInterface
public interface Keys {
    /** All of them, in the order in which they are told to a reader; at least one. */
    List<String> keys();
}
