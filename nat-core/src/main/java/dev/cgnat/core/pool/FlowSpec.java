package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.select.SelectionInput;
import java.util.Optional;

/** A flow that asks a pool for an external endpoint. */
public interface FlowSpec extends SelectionInput {
    Protocol protocol();

    Subscriber subscriber();

    /** The pool's mapping behaviour if empty. */
    Optional<Mapping> mapping();

    ClientClass clientClass();

    /** The mapping behaviour in that pool. */
    default Mapping mappingIn(PoolConfig pool) {
        return mapping().orElse(pool.mapping().behaviour());
    }
}
