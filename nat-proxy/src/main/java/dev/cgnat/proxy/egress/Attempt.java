package dev.cgnat.proxy.egress;

/** A flow on its way out. <b>Ownership</b>: its event loop. */
public interface Attempt {
    /** The client is gone: what was taken is given back, the listener hears nothing more. */
    void cancel();
}
