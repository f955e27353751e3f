package dev.cgnat.bench.processes;

/** What a driver process is told, a line each. If its input ends, so does it. */
enum Orders {
    START,
    STOP,
    FINISH
}
