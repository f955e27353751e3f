package dev.cgnat.core.pool;

/** What a look into a pool's regions comes back with: a slot, in a dry run that there is one, or why there is none. */
sealed interface Found permits Place, Look, Shortage {}
