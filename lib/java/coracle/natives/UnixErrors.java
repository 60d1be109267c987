package coracle.natives;

import coracle.ffi.Errno;

/** sun.nio.fs.UnixException, which only its own package can make. */
final class UnixErrors {
    private static final Class<?> TYPE = Fields.type("sun.nio.fs.UnixException");
    private static final long ERRNO = Fields.offset(TYPE, "errno");

    private UnixErrors() {}

    static RuntimeException raise(int error) {
        Throwable made;
        try {
            made = (Throwable) Fields.U.allocateInstance(TYPE);
        } catch (InstantiationException e) {
            throw new InternalError(e);
        }
        Fields.U.putInt(made, ERRNO, error);
        return Fields.<RuntimeException>raise(made);
    }

    static RuntimeException raise() {
        return raise(Errno.get());
    }

    /** For the result of a call that gives -1 on failure. */
    static void check(long result) {
        if (result == -1) raise();
    }
}
