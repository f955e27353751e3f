package dev.cgnat.proxy.client;

/** How answers are printed. */
enum Format {
    /** Columns that fit the terminal. */
    TABLE,
    /** Every column, however wide. */
    WIDE,
    /** One JSON document, as the API gave it. */
    JSON,
    /** One JSON object per line. */
    JSONL,
    /** RFC 4180, every column, values as the API gave them. */
    CSV;

    boolean isForPeople() {
        return this == TABLE || this == WIDE;
    }
}
