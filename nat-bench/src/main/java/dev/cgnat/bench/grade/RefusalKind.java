package dev.cgnat.bench.grade;

/** What a refusal looks like to a client. */
public enum RefusalKind {
    REPLY("a reply"),
    RESET("a reset"),
    CLOSED("closed without a byte"),
    UNREACHABLE("an ICMP error"),
    SILENCE("silence");

    private final String text;

    RefusalKind(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
