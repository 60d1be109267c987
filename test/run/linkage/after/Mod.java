class Mod { static Object m() { return jdk.internal.misc.VM.maxDirectMemory(); } static Object n() { return new sun.nio.ch.IOUtil[1]; } }
