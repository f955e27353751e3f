package dev.cgnat.core.pool;

/** What a look into a pool's regions comes back with. */
sealed interface Found permits Claim.Drawn, Shortage {}
