package dev.cgnat.core.config;

/** Which of the free ports is taken (RFC 6056): first what is preferred, then by the selection. */
public record SelectionConfig(PortSelection selection, PortPreference prefer) {
    /** Uniform, no preference. */
    public static SelectionConfig defaults() {
        return new SelectionConfig(PortSelection.UNIFORM, PortPreference.NONE);
    }
}
