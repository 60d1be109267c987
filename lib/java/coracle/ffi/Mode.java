package coracle.ffi;

/** How a C function behaves towards collections and freezes. */
public enum Mode {
    /** Short; never waits; may get addresses of heap arrays. */
    LEAF,
    /** May wait. Gets native memory only. A freeze interrupts it (EINTR). */
    BLOCKING,
    /** May wait. A freeze waits for its end, up to a limit. */
    MUST_FINISH,
    /** May wait. After a thaw it has failed with its declared value. */
    ABANDONABLE
}
