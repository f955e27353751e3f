package dev.cgnat.bench.grade;

/** The three far sides that tell reuse scopes and mappings apart. */
enum Destination {
    /** Where the pool is run dry. */
    MAIN("the first sink"),
    /** Another port of the same address. */
    OTHER_PORT("another port of that sink's address"),
    OTHER_HOST("another sink's address");

    private final String text;

    Destination(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
