#!/usr/bin/env python3
"""Runs `coracle java` and the JDK's java with right and wrong command lines, class files and jars, and compares them.

Standard output, standard error and exit status must be equal; in the cases marked `says`, where the words are the
machine's own, the status must be equal and standard error must hold the words given.
"""
import argparse
import concurrent.futures
import os
import re
import resource
import shutil
import socket
import struct
import signal
import subprocess
import sys
import tempfile
import zipfile

from checks import IMAGE_HEADER_BYTES, image_checksum, image_sections

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "commands")
TIMEOUT = 60
LARGE_PAGE = 2 << 20

SOURCES = {
    "Show.java": """
        public class Show {
            public static void main(String[] args) {
                System.out.println(args.length + java.util.Arrays.toString(args) + " " + System.getProperty("p") + " "
                    + System.getProperty("java.class.path"));
            }
        }""",
    "Local.java": """
        import java.nio.charset.Charset;
        import java.nio.file.Path;
        import java.util.Date;
        import java.util.Locale;
        import java.util.TreeSet;

        public class Local {
            public static void main(String[] args) throws Exception {
                for (String name : new TreeSet<>(System.getProperties().stringPropertyNames()))
                    if (name.matches("user\\\\.(language|country|script|variant|region|extensions).*|.*encoding|.*separator|java\\\\.io\\\\.tmpdir|(java|os)\\\\.(version|vendor|class|name|arch|runtime|spec|lib).*|jdk.debug|sun.boot.*|sun.java.*"))
                        System.out.println(name + "=" + System.getProperty(name));
                System.out.println(Charset.defaultCharset() + " " + Locale.getDefault() + " " + (Locale.getDefault() == Locale.US) + " "
                    + Locale.getDefault(Locale.Category.DISPLAY) + " " + Locale.getDefault(Locale.Category.FORMAT));
                String text = "h\\u00e9 \\u20ac \\u6f22 \\ud83d\\ude00";
                System.out.println(text + String.format(" %,.2f %tB ", 1234.5, new Date(0)) + Locale.GERMANY.getDisplayCountry());
                System.err.println(text);
                System.out.printf("%d %s%n", text.getBytes().length, new String(new byte[] {'a', (byte) 0xe9, (byte) 0xc3, (byte) 0xa9}));
                System.out.println(java.io.File.separator + java.io.File.pathSeparator + System.lineSeparator().length());
                for (String arg : args) System.out.println(arg.length() + " " + arg.chars().boxed().toList());
                for (String name : new String[] {"a", "\\u00e9", "\\u6f22"}) {
                    try {
                        System.out.println(Path.of(name).toAbsolutePath().getFileName().toString().length());
                    } catch (Exception e) {
                        System.out.println(e);
                    }
                    System.out.println(new java.io.File(name).exists());
                }
                throw new Exception(text);
            }
        }""",
    "Stubborn.java": """
        public class Stubborn extends ClassLoader {
            public Stubborn(ClassLoader parent) { super(parent); }
            public Class<?> loadClass(String name) { throw new IllegalStateException(name); }
        }""",
    "Properties.java": """
        public class Properties {
            public static void main(String[] args) {
                for (String name : new String[] {"java.class.path", "sun.java.command", "jdk.module.main", "jdk.module.main.class",
                        "jdk.internal.javac.source"})
                    System.out.println(name + " " + System.getProperty(name));
            }
        }""",
    "Settled.java": """
        import java.io.ByteArrayOutputStream;
        import java.io.PrintStream;
        import java.util.Arrays;
        import java.util.Random;
        import java.util.ResourceBundle;

        /** Depends on what the class library asks the properties for once only. */
        public class Settled {
            interface Part { Object run() throws Exception; }

            static void tell(Part part) {
                try {
                    System.out.println(part.run());
                } catch (Throwable e) {
                    System.out.println(e.getClass());
                }
            }

            public static void main(String[] args) {
                tell(() -> {
                    Random chance = new Random(1);
                    Integer[] numbers = new Random(2).ints(2000).boxed().toArray(Integer[]::new);
                    Arrays.sort(numbers, (a, b) -> chance.nextInt(3) - 1);
                    return Arrays.hashCode(numbers);
                });
                tell(() -> java.nio.file.FileSystems.getDefault().provider().getClass());
                for (String name : new String[] {"settled", "sound"}) {
                    try {
                        System.loadLibrary(name);
                        System.out.println("found");
                    } catch (UnsatisfiedLinkError e) {
                        System.out.println(e.getMessage().startsWith("no " + name + " in") ? e.getMessage() : "found");
                    }
                }
                PrintStream before = System.out;
                ByteArrayOutputStream seen = new ByteArrayOutputStream();
                System.setOut(new PrintStream(seen));
                tell(() -> ResourceBundle.getBundle("nowhere"));
                tell(() -> String.format("%,.2f", 1234.5));
                tell(() -> java.util.TimeZone.getTimeZone("Europe/Paris").getDisplayName());
                System.setOut(before);
                System.out.println(seen.toString().lines().count());
            }
        }""",
    "NoMain.java": "public class NoMain { public static void other(String[] args) { } }",
    "NotStatic.java": "public class NotStatic { public void main(String[] args) { } }",
    "NotVoid.java": "public class NotVoid { public static int main(String[] args) { return 1; } }",
    "Hidden.java": "public class Hidden { static void main(String[] args) { } }",
    "Face.java": "public interface Face { static void main(String[] args) { System.out.println(\"interface\"); } }",
    "Heir.java": "public class Heir extends Show { }",
    "BadInit.java": """
        public class BadInit {
            static int x = 1 / Integer.parseInt("0");
            public static void main(String[] args) { }
        }""",
    "Orphan.java": "public class Orphan extends Parent { public static void main(String[] args) { } }\nclass Parent { }",
    "p/q/Inside.java": """
        package p.q;
        public class Inside {
            public static void main(String[] args) {
                System.out.println(Inside.class + " " + Inside.class.getPackage() + " " + Inside.class.getResource("data.txt").getProtocol());
                System.out.println(Inside.class.getPackage().getImplementationVersion());
                try {
                    System.out.println(new String(Inside.class.getResourceAsStream("data.txt").readAllBytes()));
                    System.out.println(Class.forName("Extra").getDeclaredConstructor().newInstance());
                } catch (Exception e) {
                    System.out.println(e);
                }
            }
        }""",
    "a/b/Asserts.java": """
        package a.b;
        public class Asserts {
            static class Inner {
                static boolean isOn() {
                    boolean on = false;
                    assert on = true;
                    return on;
                }
            }
            public static void main(String[] args) {
                boolean on = false;
                assert on = true;
                System.out.println(on + " " + Inner.isOn() + " " + Integer.class.desiredAssertionStatus());
            }
        }""",
    "Collect.java": """
        public class Collect {
            public static void main(String[] args) {
                for (String word : "one two three".split(" ")) {
                    System.out.println(word);
                    System.gc();
                }
            }
        }""",
    "Limit.java": """
        public class Limit {
            public static void main(String[] args) throws Exception {
                new ProcessBuilder("sh", "-c", "ulimit -Sn; ulimit -Hn").inheritIO().start().waitFor();
            }
        }""",
    "Verbose.java": """
        import java.lang.management.*;
        public class Verbose {
            static void show() {
                System.gc();
                System.out.println(ManagementFactory.getMemoryMXBean().isVerbose() + " " + ManagementFactory.getClassLoadingMXBean().isVerbose());
            }
            public static void main(String[] args) {
                show();
                for (int i = 0; i < 4; i++) {
                    if (i < 2) ManagementFactory.getMemoryMXBean().setVerbose(i == 0);
                    else ManagementFactory.getClassLoadingMXBean().setVerbose(i == 2);
                    show();
                }
            }
        }""",
    "Direct.java": """
        public class Direct {
            public static void main(String[] args) {
                for (int size : new int[] {1 << 10, 1 << 18, 1 << 30}) {
                    try {
                        System.out.println(java.nio.ByteBuffer.allocateDirect(size));
                    } catch (OutOfMemoryError e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
        }""",
    "Boot.java": """
        public class Boot {
            public static void main(String[] args) {
                for (String name : args) {
                    try {
                        Class<?> type = Class.forName(name);
                        System.out.println(type.getDeclaredConstructor().newInstance() + " " + (type.getClassLoader() == null) + " " + type.getModule().isNamed()
                            + " " + type.getModule().getName() + " " + type.getPackage());
                    } catch (Throwable e) {
                        System.out.println(e);
                    }
                    System.out.println(ClassLoader.getPlatformClassLoader().getResource(name.replace('.', '/') + ".class") != null);
                }
            }
        }""",
    "Cut.java": """
        public class Cut {
            static class Inner { }
            static class Loader extends ClassLoader {
                Class<?> define(byte[] bytes, int size) { return defineClass(null, bytes, 0, size); }
            }
            static void define(byte[] bytes, int size) {
                try {
                    new Loader().define(bytes, size);
                } catch (Throwable e) {
                    System.out.println(e);
                }
            }
            public static void main(String[] args) throws Exception {
                byte[] inner = Cut.class.getResourceAsStream("Cut$Inner.class").readAllBytes();
                for (int size = inner.length - 8; size < inner.length; size++) define(inner, size); /* in its InnerClasses */
                for (int size = 0; size <= 8; size++) define(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, size);
            }
        }""",
    "Signals.java": """
        public class Signals {
            public static void main(String[] args) throws Exception {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                for (String name : "INT TERM HUP USR2 QUIT".split(" "))
                    try {
                        sun.misc.Signal signal = new sun.misc.Signal(name);
                        if (!args[1].contains(name)) continue;
                        sun.misc.Signal.handle(signal, got -> System.out.println("got " + got));
                        System.out.println("handled " + name);
                    } catch (IllegalArgumentException e) {
                        System.out.println(e.getMessage());
                    }
                new ProcessBuilder("kill", "-" + args[0], "" + ProcessHandle.current().pid()).start().waitFor();
                Thread.sleep(500);
                System.out.println("alive");
            }
        }""",
    "Inherited.java": """
        import java.nio.ByteBuffer;
        import java.nio.channels.*;
        public class Inherited {
            public static void main(String[] args) throws Exception {
                Channel channel = System.inheritedChannel();
                System.out.println(channel == null ? null : channel.getClass().getSuperclass().getName() + " " + channel.getClass().getName());
                System.out.println(channel == System.inheritedChannel());
                if (channel instanceof SocketChannel) {
                    SocketChannel socket = (SocketChannel) channel;
                    System.out.println(socket.isConnected() + " " + socket.getRemoteAddress().toString().replaceAll("[0-9]{4,}", "N"));
                    ByteBuffer buffer = ByteBuffer.allocate(100);
                    System.out.println(socket.read(buffer) + " " + new String(buffer.array(), 0, buffer.position()));
                    socket.write(ByteBuffer.wrap("answer".getBytes()));
                } else if (channel instanceof ServerSocketChannel) {
                    System.out.println(((ServerSocketChannel) channel).getLocalAddress().toString().replaceAll("[0-9]{4,}", "N"));
                } else if (channel instanceof DatagramChannel) {
                    System.out.println(((DatagramChannel) channel).getLocalAddress().toString().replaceAll("[0-9]{4,}", "N"));
                }
                if (channel != null) channel.close();
            }
        }""",
    "Descriptors.java": """
        import java.io.*;
        import java.net.*;
        import java.nio.ByteBuffer;
        import java.nio.channels.*;
        import java.util.*;
        public class Descriptors {
            interface Action { void run() throws Exception; }
            static String outcome(Action action) {
                try {
                    action.run();
                    return "done";
                } catch (Exception e) {
                    return e.toString();
                }
            }
            static String run(String... words) throws Exception {
                Process process = new ProcessBuilder(words).start();
                return new String(process.getInputStream().readAllBytes()).replace("\\n", " ") + process.waitFor();
            }
            /* Threads wait at sockets and at a pipe that are closed when the process can have no more descriptors. */
            static void close() throws Exception {
                InetAddress here = InetAddress.getLoopbackAddress();
                ServerSocket server = new ServerSocket(0, 5, here), other = new ServerSocket(0, 5, here);
                Socket client = new Socket(here, server.getLocalPort()), peer = server.accept();
                Pipe pipe = Pipe.open();
                DatagramChannel datagrams = DatagramChannel.open().bind(null);
                Action[] waits = {other::accept, client.getInputStream()::read, () -> pipe.source().read(ByteBuffer.allocate(1)),
                    () -> datagrams.receive(ByteBuffer.allocate(1))};
                Closeable[] closed = {other, client, pipe.source(), datagrams};
                String[] outcomes = new String[waits.length];
                Thread[] threads = new Thread[waits.length];
                for (int i = 0; i < threads.length; i++) {
                    int number = i;
                    threads[i] = new Thread(() -> outcomes[number] = outcome(waits[number]));
                    threads[i].setDaemon(true);
                    threads[i].start();
                }
                Thread.sleep(300);
                List<FileInputStream> files = new ArrayList<>();
                System.out.println(outcome(() -> { for (;;) files.add(new FileInputStream("/dev/null")); }));
                for (Closeable each : closed) System.out.println(outcome(each::close));
                for (Thread thread : threads) thread.join(5000);
                for (FileInputStream file : files) file.close();
                System.out.println(Arrays.toString(outcomes));
            }
            /* The child has three descriptors, and ls one. A file may have got the number of a closed standard stream. */
            static void spawn() throws Exception {
                try (FileInputStream file = new FileInputStream("/dev/null"); ServerSocket server = new ServerSocket(0); Pipe.SourceChannel pipe = Pipe.open().source()) {
                    System.err.println(run("ls", "/proc/self/fd"));
                }
                for (File out : new File[] {new File("/dev/null"), File.createTempFile("out", ".txt")}) {
                    Process process = new ProcessBuilder("sh", "-c", "read a; echo out $a; echo err >&2").redirectOutput(out).start();
                    process.getOutputStream().write("given\\n".getBytes());
                    process.getOutputStream().close();
                    System.err.println(new String(process.getErrorStream().readAllBytes()) + process.waitFor() + " " + out.length());
                    if (out.isFile()) out.delete();
                }
            }
            public static void main(String[] args) throws Exception {
                if (args[0].equals("print")) {
                    System.out.println("out");
                    System.err.println(System.out.checkError());
                    System.out.println(System.err.checkError());
                } else if (args[0].equals("close")) close();
                else spawn();
            }
        }""",
    "Memory.java": """
        public class Memory {
            public static void main(String[] args) {
                System.out.println(Math.round(Runtime.getRuntime().maxMemory() / (double) (1 << 27))); /* java's may be a little less */
                java.util.ArrayList<byte[]> all = new java.util.ArrayList<>();
                for (int round = 0; round < args.length; round++)
                    try {
                        if (args[round].equals("array")) System.out.println(new long[Integer.MAX_VALUE].length);
                        for (;;) all.add(new byte[1 << 20]);
                    } catch (OutOfMemoryError e) {
                        all.clear();
                        System.out.println(round + " " + e);
                    }
            }
        }""",
    "User.java": """
        public class User {
            public static void main(String[] args) {
                for (String name : "user.name user.home user.dir java.io.tmpdir".split(" ")) System.out.println(System.getProperty(name));
            }
        }""",
    "Limits.java": """
        public class Limits {
            public static void main(String[] args) {
                System.out.println(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
                System.out.println(Runtime.getRuntime().availableProcessors());
            }
        }""",
    "extra/Outside.java": "package p.q; public class Outside { public String toString() { return \"outside\"; } }",
    "extra/Extra.java": "public class Extra { public String toString() { return \"extra\"; } }",
}

# In files of arguments: what ends words and quotes, and what becomes of it at the end of the file.
ODD_WORDS = [b'"a\\\n \n\r\t b" c', b'"a\nb" c', b"'a\r\nb'", b"a\fb\vc \vd", b'"a\f\tb"', b"a#b\nc", b"'a'#b\nc", b"'a'b#c\rd'e'", b"a # b\rc # d",
             b'"', b"a \"", b"''", b"'' b", b"a '\n'", b'"\\\n', b'"a\\\n', b'"a\\', b'"a\\n\\q\\\\b', b"a\\\nb", b"a\\", b"#", b"a#", b"'a'#",
             b'a"b\'c"d\'e f"g', b"'a\\'b' c", b"\\'a b'", b'"#"a']


def prepare(javac):
    """Class files and jars, good and bad, in build/test/commands."""
    shutil.rmtree(WORK, ignore_errors=True)
    for name, text in SOURCES.items():
        path = os.path.join(WORK, "source", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    main = [os.path.join(WORK, "source", name) for name in SOURCES if not name.startswith("extra/")]
    subprocess.run([javac, "-nowarn", "-XDignore.symbol.file", "-d", os.path.join(WORK, "classes")] + main, check=True)
    subprocess.run([javac, "-nowarn", "-d", os.path.join(WORK, "extra"), os.path.join(WORK, "source", "extra/Extra.java"),
                    os.path.join(WORK, "source", "extra/Outside.java")], check=True)
    for module, folder, name, text in (
            ("java.base", "patch", "java/util/Patch", "package java.util; public class Patch { public String toString() { return \"patch\"; } }"),
            ("java.base", "patch", "java/util/TooManyListenersException",
             "package java.util; public class TooManyListenersException extends Exception { public String toString() { return \"own\"; } }"),
            ("java.logging", "logging", "java/util/logging/Patch", "package java.util.logging; public class Patch { public String toString() { return \"logging\"; } }"),
            ("java.sql", "sql", "java/sql/Patch", "package java.sql; public class Patch { public String toString() { return \"sql\"; } }")):
        write("source/%s.java" % name, text.encode())
        subprocess.run([javac, "-nowarn", "-d", at(folder), "--patch-module", module + "=" + at("source/" + os.path.dirname(name)),
                        at("source/%s.java" % name)], check=True)
    write("source/Wrong.java", b"class Wrong { public static void main(String[] args) { int number = args; } }")
    os.makedirs(at("locales"))
    for name in LOCALE_NAMES:
        os.symlink("/usr/lib/locale/C.utf8", at("locales/" + name))
    os.makedirs(at("settled"))
    shutil.copy(os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(javac))), "lib", "libjsig.so"), at("settled/libsettled.so"))
    write("source/text", SOURCES["Show.java"].encode())
    prepare_modules(javac)
    write("classes/p/q/data.txt", b"data")
    os.remove(at("classes/Parent.class"))
    show = read("classes/Show.class")
    for name, data in {
            "Truncated": show[:len(show) // 2], "Empty": b"", "Short": show[:6], "Garbage": b"this is no class file at all",
            "Future": show[:4] + struct.pack(">HH", 0, 99) + show[8:], "Preview": show[:4] + struct.pack(">HH", 65535, 60) + show[8:],
            "Ancient": show[:4] + struct.pack(">HH", 0, 44) + show[8:], "Renamed": show}.items():
        write("bad/%s.class" % name, data)
    write("tail/Show.class", show + b"more")
    write("bad/Show.class", show[:10] + bytes([99]) + show[11:])
    entries = {"p/q/Inside.class": read("classes/p/q/Inside.class"), "p/q/data.txt": b"data in the jar"}
    jar("good.jar", "Main-Class: p.q.Inside\nClass-Path: extra/ other.jar\nImplementation-Version: 7.1\n", entries)
    jar("stored.jar", "Main-Class: Show\n", {"Show.class": show}, zipfile.ZIP_STORED)
    write("many.jar", with_end64(read("stored.jar")))
    jar("nomain.jar", "", entries)
    jar("wrongmain.jar", "Main-Class: not.There\n", entries)
    jar("library/one.jar", "", {"Show.class": show})
    jar("boot.jar", "", {"p/q/Outside.class": read("extra/p/q/Outside.class"), "Extra.class": read("extra/Extra.class")})
    jar("patch.jar", "", {"java/util/Patch.class": read("patch/java/util/Patch.class")}, zipfile.ZIP_STORED)
    write("nojar.jar", b"this is no zip file")
    write("empty.jar", b"")
    good = read("good.jar")
    write("cut.jar", good[:len(good) * 2 // 3])
    write("flags", b"-XX:+UseSerialGC\n-Dp='from a file'")
    write("quotes", b'-Dp="x y\\n z" # foo\n-cp classes Show\n"a\\\n   b" c\\d "e\\tf"\n')
    write("nested", b"-cp classes Show a\n@options")
    for number, words in enumerate(ODD_WORDS):
        write("odd%d" % number, b"-cp classes Show " + words)
    write("options", b"-Dp=from-a-file\n# comment\n-cp classes Show 'a b' c")


def prepare_modules(javac):
    """modules/needs: m.needs, which requires a module that is not there any more; modules/twice: m.one two times;
    modules/broken: a jar that is none."""
    for name, text in (("m.gone/module-info", "module m.gone { }"), ("m.needs/module-info", "module m.needs { requires m.gone; }"),
                       ("m.needs/n/Main", "package n; public class Main { public static void main(String[] args) { System.out.println(\"n\"); } }"),
                       ("m.one/module-info", "module m.one { }")):
        write("source/modules/%s.java" % name, text.encode())
    for target, modules in (("needs", "m.gone,m.needs"), ("twice/a", "m.one"), ("twice/b", "m.one")):
        subprocess.run([javac, "-nowarn", "-d", at("modules/" + target), "--module-source-path", at("source/modules"), "-m", modules], check=True)
    shutil.rmtree(at("modules/needs/m.gone"))
    for which in "ab":
        os.rename(at("modules/twice/%s/m.one" % which), at("modules/twice/m.%s" % which))
        os.rmdir(at("modules/twice/" + which))
    write("modules/broken/x.jar", b"this is no zip file")


def at(name):
    return os.path.join(WORK, name)


def read(name):
    with open(at(name), "rb") as file:
        return file.read()


def write(name, data):
    os.makedirs(os.path.dirname(at(name)), exist_ok=True)
    with open(at(name), "wb") as file:
        file.write(data)


def jar(name, manifest, entries, method=zipfile.ZIP_DEFLATED):
    os.makedirs(os.path.dirname(at(name)), exist_ok=True)
    with zipfile.ZipFile(at(name), "w", method) as out:
        out.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n" + manifest + "\n")
        for entry, data in entries.items():
            out.writestr(entry, data)


def with_end64(data):
    """The archive, with a zip64 record before its end, which says that there are more entries than it can count."""
    at = data.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HII", data[at + 10:at + 20])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    return data[:at] + record + locator + data[at:at + 8] + b"\xff\xff\xff\xff" + data[at + 12:]


class Case:
    """says: None to compare everything; else words that standard error must hold. prints: as says, on standard output
    and by java as well. ignored: signals that the process finds ignored, as with nohup."""

    def __init__(self, name, words, says=None, environment=None, prints=None, ignored=()):
        self.name, self.words, self.says, self.environment, self.prints = name, words, says, environment or {}, prints
        self.ignored = ignored


CASES = [
    Case("arguments", ["-cp", "classes", "Show", "a", "", "b c", "-x"]),
    Case("class path option", ["-classpath", "classes", "Show"]),
    Case("long class path option", ["--class-path=classes", "Show"]),
    Case("class path variable", ["Show"], environment={"CLASSPATH": "classes"}),
    Case("two folders", ["-cp", "nowhere:extra:classes", "Show"]),
    Case("jars by wildcard", ["-cp", "library/*", "Show"]),
    Case("property", ["-Dp=a=b", "-cp", "classes", "Show"]),
    Case("argument file", ["@options", "-d"]),
    *[Case("assertions " + words, words.split() + ["-cp", "classes", "a.b.Asserts"]) for words in (
        "-ea:a.b.Asserts -da:a.b.Asserts", "-da:a.b.Asserts -ea:a.b.Asserts", "-ea:a.b... -da:a.b...", "-da:a.b... -ea:a.b...", "-ea:a... -da:a.b...",
        "-da:a.b... -ea:a...", "-ea:a.b.Asserts -da:a.b...", "-da:a.b... -ea:a.b.Asserts$Inner", "-ea -da", "-da -ea", "-ea -da:a.b.Asserts", "-ea:...",
        "-esa", "-esa -ea -dsa", "-ea:java.lang...", "-ea:java.lang.Integer -dsa", "-ea:a.b", "-ea:", "-enableassertions:a.b.Asserts -disableassertions")],
    Case("options variable", ["-cp", "classes", "Show"], says=["JDK_JAVA_OPTIONS"], environment={"JDK_JAVA_OPTIONS": "-Dp=variable"}),
    Case("package", ["-cp", "classes:extra", "p.q.Inside"]),
    Case("package by slashes", ["-cp", "classes", "p/q/Inside"]),
    Case("inherited main", ["-cp", "classes", "Heir", "x"]),
    Case("main of an interface", ["-cp", "classes", "Face"]),
    Case("jar", ["-jar", "good.jar"]),
    Case("stored jar", ["-jar", "stored.jar", "a"]),
    Case("jar with a zip64 record", ["-jar", "many.jar", "a"]),
    Case("jar with a zip64 record on the class path", ["-cp", "many.jar", "Show", "a"]),
    Case("jar with a zip64 record for boot classes", ["-Xbootclasspath/a:many.jar", "Show", "a"]),
    Case("jar on the class path", ["-cp", "good.jar", "p.q.Inside"]),
    Case("missing class", ["-cp", "classes", "Missing"]),
    Case("missing class in a package", ["-cp", "classes", "no.such.Missing"]),
    Case("class by file name", ["-cp", "classes", "Show.class"]),
    Case("wrong case", ["-cp", "classes", "show"]),
    Case("no main", ["-cp", "classes", "NoMain"]),
    Case("main not static", ["-cp", "classes", "NotStatic"]),
    Case("main not void", ["-cp", "classes", "NotVoid"]),
    Case("main not public", ["-cp", "classes", "Hidden"]),
    Case("failing initialiser", ["-cp", "classes", "BadInit"]),
    Case("missing parent", ["-cp", "classes", "Orphan"]),
    Case("truncated class file", ["-cp", "bad", "Truncated"]),
    Case("empty class file", ["-cp", "bad", "Empty"]),
    Case("class file cut in its header", ["-cp", "bad", "Short"]),
    Case("no class file", ["-cp", "bad", "Garbage"]),
    Case("future version", ["-cp", "bad", "Future"]),
    Case("preview of another version", ["-cp", "bad", "Preview"]),
    Case("ancient version", ["-cp", "bad", "Ancient"]),
    Case("other name inside", ["-cp", "bad", "Renamed"]),
    Case("bytes after the end", ["-cp", "tail", "Show"]),
    Case("bad constant tag", ["-cp", "bad", "Show"]),
    Case("missing jar", ["-jar", "missing.jar"]),
    Case("no jar", ["-jar", "nojar.jar"]),
    Case("empty jar", ["-jar", "empty.jar"]),
    Case("cut jar", ["-jar", "cut.jar"]),
    Case("jar without main class", ["-jar", "nomain.jar"]),
    Case("jar with a wrong main class", ["-jar", "wrongmain.jar"]),
    Case("broken jar on the class path", ["-cp", "nojar.jar:classes", "Show"]),
    Case("unknown option", ["-unknown", "Show"], says=["Unrecognized option: -unknown"]),
    Case("class path without a value", ["-cp"], says=["-cp requires class path specification"]),
    *[Case("an option in place of a value, " + option, [option, word, "-cp", "classes", "Show"])
      for option in ("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "-m", "--module", "--add-modules", "--limit-modules",
                     "--patch-module", "--add-reads", "--add-exports", "--add-opens", "--enable-native-access", "--source", "-d", "--describe-module")
      for word in ("-x", "-")],
    Case("a value that begins with a hyphen", ["--add-modules=-x", "-cp", "classes", "Show"]),
    Case("an option in place of a jar", ["-jar", "-cp", "classes", "Show"]),
    Case("jar without a file", ["-jar"], says=["-jar requires jar file specification", "Usage: "]),
    Case("a hyphen", ["-", "-cp", "classes", "Show"]),
    Case("missing argument file", ["@missing"], says=["missing"]),
    Case("nothing", [], says=["Usage: "]),
    Case("version", ["-version"], says=["version \"17."]),
    Case("full version", ["-fullversion"]),
    Case("full version, long", ["--full-version"]),
    Case("full version beside a wrong flag", ["-XX:+Nope", "-fullversion"]),
    Case("version beside a wrong flag", ["-XX:+Nope", "-version"]),
    Case("wrong flag behind the version", ["-version", "-XX:+Nope"], says=["version \"17."]),
    Case("launcher's errors come first", ["-unknown", "-cp"]),
    Case("empty value", ["--add-modules=", "Show"]),
    Case("help of the log", ["-Xlog:help"], says=["-Xlog"]),
    Case("module resolution", ["--show-module-resolution", "-cp", "classes", "Show"], says=["root java.sql jrt:/java.sql"]),
    Case("module described", ["--describe-module", "java.logging"]),
    Case("module described, short", ["-d", "java.nope"]),
    Case("dry run", ["--dry-run", "-cp", "classes", "Show"]),
    Case("dry run of nothing", ["--dry-run", "-cp", "classes", "Missing"]),
    Case("modules validated", ["--validate-modules"]),
    Case("modules listed", ["--list-modules"]),
    Case("source file", ["source/Show.java", "a"]),
    Case("source file of a version", ["--source", "8", "source/Show.java", "a"]),
    Case("source file of an old version", ["--source=7", "source/Show.java"]),
    Case("source file of no version", ["--source", "99", "source/Show.java"]),
    Case("source file with a preview", ["--enable-preview", "--source", "17", "source/Show.java"]),
    Case("source file of another name", ["--source", "17", "source/text"]),
    Case("source file that shows properties", ["source/Properties.java"]),
    Case("source file that shows properties, with a version", ["--source", "17", "source/Properties.java"]),
    Case("source file that shows properties, with a class path", ["-cp", "classes", "source/Properties.java"]),
    Case("source file that shows properties, class path variable", ["source/Properties.java"], environment={"CLASSPATH": "classes"}),
    Case("source file with a mistake", ["source/Wrong.java"]),
    Case("two dashes", ["-cp", "classes", "--", "Show"]),
    Case("class path as a property", ["-cp", "nowhere", "-Djava.class.path=classes", "Show"]),
    Case("jar beside a class path", ["-cp", "nowhere", "-jar", "stored.jar"]),
    Case("wildcard in the variable", ["Show"], environment={"CLASSPATH": "nowhere/*:library/*"}),
    Case("wildcard of the folder itself", ["-cp", "*", "Show"]),
    Case("machine's arguments", ["-Xmx64m", "-Dp=1", "-cp", "classes", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-ea",
                                 "-XX:ActiveProcessorCount=3", "Limits"]),
    Case("direct memory", ["-Xmx64m", "-cp", "classes", "Direct"]),
] + [Case("how much memory: " + " ".join(options), options + ["-cp", "classes", "Memory"]) for options in (
    ["-XX:MaxRAM=1g"], ["-XX:MaxRAM=2g", "-XX:MaxRAMPercentage=75"], ["-XX:MaxRAM=300m", "-XX:MaxRAMPercentage=10"], ["-XX:MaxRAM=200m"],
    ["-XX:MaxRAM=600m", "-XX:MinRAMPercentage=10"], ["-XX:MaxRAM=2g", "-XX:MaxRAMPercentage=0"], ["-XX:MaxRAM=4g", "-XX:MaxRAMFraction=2"],
    ["-XX:MaxRAM=2g", "-XX:MaxRAMFraction=1"], ["-XX:MaxRAM=2g", "-Xms1g"], ["-XX:MaxRAMPercentage=50", "-Xmx256m"], ["-XX:MaxRAM=100k"],
    ["-XX:MaxRAMPercentage=101"], ["-XX:MaxRAMPercentage=half"], ["-XX:MaxRAMFraction=0"])] + [
    Case("out of memory: " + " ".join(options), ["-Xmx48m"] + options + ["-cp", "classes", "Memory", "heap", "heap"]) for options in (
        [], ["-XX:+ExitOnOutOfMemoryError"], ["-XX:OnOutOfMemoryError=echo 100%% full; ; kill -0 %p >/dev/null; exit 7;"],
        ["-XX:OnOutOfMemoryError=echo one", "-XX:OnOutOfMemoryError=echo two", "-XX:+ExitOnOutOfMemoryError"],
        ["-XX:OnOutOfMemoryError="], ["-XX:+ExitOnOutOfMemoryError", "-XX:-ExitOnOutOfMemoryError"])] + [
    Case("out of memory for an array", ["-Xmx48m", "-XX:+ExitOnOutOfMemoryError", "-cp", "classes", "Memory", "array"]),
    Case("direct memory's own limit", ["-XX:MaxDirectMemorySize=1m", "-cp", "classes", "Direct"]),
    Case("no direct memory", ["-XX:MaxDirectMemorySize=0", "-cp", "classes", "Direct"]),
    Case("appended to the boot class path", ["-Xbootclasspath/a:nowhere:extra", "-cp", "classes", "Boot", "Extra"]),
    Case("a jar appended to the boot class path", ["-Xbootclasspath/a:nojar.jar:boot.jar:extra", "-cp", "classes", "Boot", "Extra", "p.q.Outside"]),
    Case("a damaged jar appended to the boot class path", ["-Xbootclasspath/a:cut.jar", "-cp", "classes", "Boot", "Extra"]),
    Case("java.base patched by a jar", ["--patch-module", "java.base=patch.jar", "-cp", "classes", "Boot", "java.util.Patch"]),
    Case("not on the boot class path", ["-cp", "classes:extra", "Boot", "Extra"]),
    Case("patched java.base", ["--patch-module", "java.base=extra:patch", "-cp", "classes", "Boot", "java.util.Patch", "java.util.TooManyListenersException"]),
    Case("patched module", ["--patch-module=java.logging=logging", "-cp", "classes", "Boot", "java.util.logging.Patch"]),
    Case("patched platform module", ["--patch-module=java.sql=sql", "-cp", "classes", "Boot", "java.sql.Patch"]),
    Case("cut classes and garbage", ["-cp", "classes", "Cut"]),
    Case("quotes in an argument file", ["@quotes"]),
    Case("argument files are not nested", ["@nested", "@options"]),
    *[Case("odd argument file %r" % words, ["@odd%d" % number, "b"]) for number, words in enumerate(ODD_WORDS)],
    Case("two at signs", ["@@options"]),
    Case("argument file is a folder", ["@classes", "Show"]),
]

# What java does with these before Show.
OPTIONS = """
-Xmx10 -Xmx0 -Xmx1m -Xmx-1 -Xmx12q -Xmx64mm -Xmx -Xmx99999999999t -Xmx0x4000000 -Xmx010m -Xmx64M -Xmx67108864 -Xmx65536k -Xmx1g
-Xms12q -Xms10 -Xms -Xms2g,-Xmx1g -Xmn12q -Xss10 -Xss1k -Xss135k -Xss136k -Xss1m -Xss1g -Xss2t -Xss12q -Xss -Xss0 -Xss1048576
-XX:+Nope -XX:-Nope -XX:Nope=3 -XX: -XX:+ -XX:+IgnoreUnrecognizedVMOptions,-XX:+Nope,-Xnope -XX:+Nope,-XX:+IgnoreUnrecognizedVMOptions
-XX:UseSerialGC -XX:UseSerialGC=true -XX:+UseSerialGC=1 -XX:+UseSerialGC -XX:+UseSerialGc -XX:+UseParallelOldGC -XX:+UseConcMarkSweepGC
-XX:+MaxHeapSize -XX:MaxHeapSize -XX:MaxHeapSize= -XX:MaxHeapSize=foo -XX:MaxHeapSiz=1 -XX:MaxHeapSize=1 -XX:InitialHeapSize=10
-XX:MaxPermSize=100m -XX:+UseBiasedLocking -XX:+CreateMinidumpOnCrash -XX:DefaultMaxRAMFraction=2 -XX:CompileThreshold=abc
-XX:MaxDirectMemorySize=1m -XX:MaxDirectMemorySize=foo -XX:MaxDirectMemorySize=-1 -XX:MaxDirectMemorySize=0
-XX:ThreadStackSize=512 -XX:ThreadStackSize=foo -XX:ThreadStackSize=0 -XX:NewSize=-1 -XX:NewSize=1m -XX:TieredStopAtLevel=1
-XX:MaxRAMPercentage=50.5 -XX:MaxRAMPercentage=foo -XX:MaxRAMPercentage=1e1 -XX:HeapDumpPath:=/tmp -XX:HeapDumpPath= -XX:HeapDumpPath
-XX:+LogCompilation -XX:+UnlockDiagnosticVMOptions,-XX:+LogCompilation -XX:+UseEpsilonGC -XX:Flags=foo -XX:VMOptionsFile=foo
-XX:VMOptionsFile=flags -XX:+HeapDumpOnOutOfMemoryError -XX:-UsePerfData -XX:CompileCommand=quiet -XX:ErrorFile=foo
-Xlog:gc+heap+GC -Xlog:gc+ -Xlog:safepoint= -Xlog:Safepoint=OFF -Xlog:safepoint=off:stdout:UpTime,TG
-Xlog:gc+alloc+barrier+cds+init+heap -Xlog:gc+alloc+barrier+cds+init+foo -Xlog:gc+gc=foo
-Xlog:foo -Xlog:gc+foo -Xlog:gc=blah -Xlog:gc::nope -Xlogfoo -Xlog:disable -Xlog:gc=off -Xlog:safepoint*=off -Xlog:gc:foo=bar
-Xshare:foo -Xshare:auto -Xshare:off -Xshare -Xverify:none -Xverify:foo -Xverify:all -noverify -Xint -Xint:x -Xcomp -Xfuture -Xprof
-Xdebug -Xnoagent -Xrs -Xcheck -Xcheck:jni -Xincgc -Xusealtsigs -Xoss100k -Xmaxf0.5 -Xmaxf -Xnope -XX -d32 -d64 -J-nope -minimal
-mx64m -ss1m -ms10m -debug -noclassgc -noasyncgc -cs -t -version:1.8 -jre-restrict-search -server -client -splash:nope -esa -esa:p
-Xbootclasspath:foo -Xbootclasspath/p:foo -Xbootclasspath -Djava.ext.dirs=/x -Djava.endorsed.dirs=/x -Djdk.module.path=x -D -D=
-javaagent -javaagent:nope.jar -agentlib --illegal-access=permit --illegal-access --nope --patch-module=java.base --add-opens=foo
-XX:+UseSerialGC,-XX:+UseParallelGC -XX:+UseSerialGC,-XX:+UseG1GC -XX:+UseSerialGC,-XX:+UseSerialGC -XX:+UseSerialGC,-XX:-UseG1GC
-XX:+UseG1GC,-XX:-UseG1GC,-XX:+UseSerialGC -XX:-UseG1GC,-XX:-UseSerialGC -XX:+UseZGC,-XX:+UseShenandoahGC -XX:+UseG1GC,-XX:-UseSerialGC
-XX:+UnlockExperimentalVMOptions,-XX:+UseEpsilonGC,-XX:+UseG1GC -XX:+UseSerialGC,-XX:+UseParallelGC,-Xmx10
-XX:+UseSerialGC,-XX:+UseParallelGC,-XX:MaxRAMPercentage=200 -XX:MaxRAMPercentage=200 -XX:InitialRAMPercentage=101.5
-XX:MaxTenuringThreshold=17 -XX:MaxTenuringThreshold=17,-XX:+Nope -XX:MaxTenuringThreshold=16 -XX:TieredStopAtLevel=5
-XX:TieredStopAtLevel=-1,-XX:NewRatio=0 -XX:TieredStopAtLevel=99999999999 -XX:ObjectAlignmentInBytes=7 -XX:MaxHeapFreeRatio=101
-XX:StackShadowPages=0 -XX:StringTableSize=0 -XX:StringTableSize=99999999999 -XX:ReservedCodeCacheSize=1k -XX:SurvivorRatio=0
-XX:NewRatio=0 -XX:MaxGCPauseMillis=0 -XX:ThreadPriorityPolicy=9 -XX:ThreadStackSize=2000000 -XX:ThreadStackSize=9999999999
-XX:MaxJavaStackTraceDepth=-1 -XX:MaxDirectMemorySize=9223372036854775808 -XX:MaxDirectMemorySize=99999999999999999999
-XX:GCTimeRatio=4294967296 -XX:SoftRefLRUPolicyMSPerMB=-1 -XX:AllocatePrefetchStyle=9 -XX:MaxRAMFraction=0 -XX:CompileThresholdScaling=-1
-XX:G1HeapRegionSize=3k -XX:G1ConcMarkStepDurationMillis=0.5 -XX:HeapBaseMinAddress=1 -XX:ParallelGCThreads=-1
--add-modules=nope --limit-modules=java.base --enable-preview --add-reads=java.base --finalization=disabled
"""
CASES += [Case(line, line.split(",") + ["-cp", "classes", "Show", "a"]) for line in OPTIONS.split()]
CASES += [Case("signal %s %s" % (signal, option), [option, "-cp", "classes", "Signals", signal, handled])
          for option in ("-Xrs", "-XX:+ReduceSignalUsage", "-XX:-ReduceSignalUsage")
          for signal, handled in (("INT", "USR2"), ("TERM", "INT,TERM,HUP"), ("HUP", "HUP"), ("USR2", "USR2"), ("TERM", ""), ("TERM", "QUIT"))]
CASES += [Case("signal TERM %s, others are ignored" % option, [option, "-cp", "classes", "Signals", "TERM", "INT,TERM,HUP"],
               ignored=[signal.SIGINT, signal.SIGHUP]) for option in ("-Xrs", "-XX:-ReduceSignalUsage")]
CASES += [Case("dump " + option, [option, "-cp", "classes", "Signals", "QUIT", ""]) for option in ("-Xrs", "-XX:+ReduceSignalUsage")]

# What is wrong is found while the class library boots: in the virtual machine (of which java tells on standard output) or in
# its first layer of modules. The machine's own exceptions are told with their frames, which -Xshare:off makes the same.
BOOTS = """
--module-path=/nonexistent -m foo/bar
-p modules/broken -m foo
-p modules/broken -cp classes Show
-p good.jar -cp classes Show
--module-path modules/broken --add-modules foo -cp classes Show
-p modules/needs -m m.needs/n.Main
-p modules/needs --add-modules m.needs -cp classes Show
-p modules/twice -m m.one
-p modules/twice --add-modules ALL-MODULE-PATH -cp classes Show
--validate-modules -p modules/broken
--validate-modules -p modules/twice
--validate-modules -p modules/needs
-p modules/needs --list-modules
--list-modules -p modules/needs
--describe-module java.logging -p modules/needs
--add-modules nonsense -cp classes Show
--add-modules java.nope,java.sql -cp classes Show
--add-modules java.se,,java.sql -cp classes Show
--add-modules ALL-NOPE -cp classes Show
--limit-modules nonsense -cp classes Show
--add-reads nope=java.sql -cp classes Show
--add-reads java.base=nope -cp classes Show
--add-exports java.base/nope=ALL-UNNAMED -cp classes Show
--add-exports nope/nope=ALL-UNNAMED -cp classes Show
--add-exports java.base=ALL-UNNAMED -cp classes Show
--add-exports java.base/sun.misc -cp classes Show
--add-opens java.base/java.lang=nope -cp classes Show
--patch-module nope=. -cp classes Show
--patch-module java.base= -cp classes Show
--patch-module java.base=. --patch-module java.base=. -cp classes Show
--patch-module java.sql=. --patch-module java.sql=. -cp classes Show
--upgrade-module-path modules/broken -cp classes Show
-m nope
-m java.base/java.lang.String
-m java.sql
--enable-native-access nope -cp classes Show
-Xshare:off -Djava.system.class.loader=nonsense -cp classes Show
-Xshare:off -Djava.system.class.loader=Show -cp classes Show
-Xshare:off -Djava.system.class.loader=java.lang.String -cp classes Show
-Xshare:off -Djava.system.class.loader=Stubborn -cp classes Show
-Djava.security.manager=nonsense -cp classes Show
-Djava.security.manager=Show -cp classes Show
-Djava.security.manager=java.lang.SecurityManager -cp classes Show
-Djava.security.manager=allow -cp classes Show
-Djava.security.manager=disallow -cp classes Show
-Djava.security.manager -cp classes Show
-Djava.security.manager=nonsense -version
-Djava.locale.providers=nonsense -cp classes Show
-Dfile.encoding=nonsense -cp classes Show
-Djava.home=/nope -cp classes Show
-Djava.lang.Integer.IntegerCache.high=abc -cp classes Show
-Dsun.nio.MaxDirectMemorySize=x -cp classes Show
"""
CASES += [Case("boot: " + line, line.split()) for line in BOOTS.strip().split("\n")]
CASES += [
    Case("agent " + word, [word, "-cp", "classes", "Show"], prints=words) for word, words in {
        "-javaagent:good.jar": "agent library failed to init: instrument", "-agentlib:nope": "Could not find agent library nope on",
        "-agentpath:/nope.so": "Could not find agent library /nope.so in absolute path", "-Xrunnope:x": "Could not find agent library nope on",
    }.items()]
CASES += [Case("JDK_JAVA_OPTIONS " + value, ["-Dq=1", "-cp", "classes", "Show", "a"], environment={"JDK_JAVA_OPTIONS": value}) for value in (
    "-Dp=v", "-Dp='a b'", "-Dp='a b", "-Dp=a\\b", "", " ", "Show 'a", "-version", "-jar stored.jar", "Show", "-m x", "--module=x", "--dry-run", "@options",
    "@missing", "-Xmx10", "-XX:+Nope")]
CASES += [Case(name + " " + value, ["-Dp=1", "-cp", "classes", "Show", "a"], environment={name: value})
          for name in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
          for value in ("-Dp=v", "-Dp='a b'", "-Dp='a b", "", "-cp classes", "-version", "-Xmx10", "-XX:+Nope", "--add-modules=nope", "Show",
                        "-XX:Flags=nope", "-Djava.class.path=nowhere")]

# Where the locale is another than that for which java.image is made. Those in LOCPATH are C.UTF-8 by other names.
LOCALES = """
LANG=
LANG=C
LANG=POSIX
LANG=C.UTF-8
LANG=C.utf8
LANG=nowhere.UTF-8
LC_ALL=C
LANG=C.UTF-8 LC_ALL=C
LANG=C.UTF-8 LC_CTYPE=C
LANG=C LC_CTYPE=C.UTF-8
LANG=C LC_MESSAGES=C.UTF-8
LANG=C.UTF-8 LC_MESSAGES=C
LANG=C.UTF-8 LC_TIME=nowhere
"""
LOCALE_NAMES = ("en_US.UTF-8 de_DE.UTF-8 de_DE@euro de de.UTF-8 sr_RS@latin uz_UZ@cyrillic nn_NO@nynorsk he_IL id_ID.UTF-8 in ua sh_YU cz hs su "
                "POSIX.UTF-8 C.x 12 @euro _DE de_ tt_RU@iqtelif be_BY@latin hi_IN@devanagari de_DE@arabic no_NO@bokmal abc xx").split()
LOCALE_CASES = [dict(setting.split("=") for setting in line.split()) for line in LOCALES.strip().split("\n")]
LOCALE_CASES += [{"LANG": name, "LOCPATH": "locales"} for name in LOCALE_NAMES]
LOCALE_CASES += [{"LANG": "de_DE.UTF-8", "LC_MESSAGES": "sr_RS@latin", "LOCPATH": "locales"},
                 {"LANG": "C.UTF-8", "LC_MESSAGES": "nn_NO@nynorsk", "LOCPATH": "locales"}]


def in_locale(settings):
    return {"LANG": None, "LC_ALL": None, **settings}


CASES += [Case("locale %s" % settings, ["-Dp=\u00e9", "-cp", "classes:\u00e9", "Local", "a", "\u00e9", "\u6f22"],
               environment=in_locale(settings)) for settings in LOCALE_CASES]
CASES += [Case("locale %s, from the classes" % settings, ["-Xshare:off", "-cp", "classes", "Local", "\u00e9"],
               environment=in_locale(settings)) for settings in LOCALE_CASES[1:4] + LOCALE_CASES[-2:]]
CASES += [Case("main class in locale %s" % settings, ["-cp", "classes", "\u00e9"], environment=in_locale(settings))
          for settings in LOCALE_CASES[:4]]

# Properties of which more depends on than what System.getProperty says.
DEFINED = """
-Duser.region=CA
-Duser.region=DE_X
-Duser.region=_X
-Duser.extensions=u-ca-buddhist
-Duser.language=fr
-Duser.country=CA
-Duser.variant=X
-Duser.script=Latn
-Duser.language.format=fr
-Duser.country.display=CA
-Dfile.encoding=ISO-8859-1
-Dfile.encoding=US-ASCII
-Dsun.jnu.encoding=ISO-8859-1
-Dnative.encoding=x
-Dsun.stdout.encoding=UTF-16
-Dsun.stderr.encoding=ISO-8859-1
-Dline.separator=xy
-Dpath.separator=x
-Dfile.separator=x
-Djava.version=9
-Djava.vendor=x
-Djava.vendor.version=x
-Djdk.debug=x
-Dsun.boot.library.path=/x -Dsun.boot.library.path=/y
-Dsun.java.launcher=x
-Djava.class.version=1
-Djava.runtime.name=x
-Djava.specification.version=5
-Djava.library.path=/x
-Dos.name=x
-Dos.arch=x
-Dos.version=5
-Djava.io.tmpdir=/x
-Duser.home=/x
-Duser.home=/x -Duser.home=/y
-Duser.dir=/tmp
-Duser.name=x
"""
CASES += [Case("defined %s, %s" % (line, locale), line.split() + ["-cp", "classes", "Local", "a", "\u00e9"], environment=in_locale({"LANG": locale}))
          for line in DEFINED.strip().split("\n") for locale in ("C", "C.UTF-8")]

# Properties, and a variable, that the class library reads when it first needs them: what it needed in the training is in java.image.
SETTLED = """
-Dp=1
-Djava.util.Arrays.useLegacyMergeSort=true
-Djava.nio.file.spi.DefaultFileSystemProvider=nonsense
-Djava.library.path=settled
-Djava.library.path=
-Djava.library.path=x::settled
-Dsun.boot.library.path=settled
-Dresource.bundle.debug=true
-Dlocale.resources.debug=true
"""
CASES += [Case("settled " + line, line.split() + ["-cp", "classes", "Settled"]) for line in SETTLED.strip().split("\n")]
CASES += [Case("settled, LD_LIBRARY_PATH=%s" % value, ["-cp", "classes", "Settled"], environment={"LD_LIBRARY_PATH": value})
          for value in ("settled", "nowhere:settled:", "")]


def run(command, case):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")}
    environment.update(TZ="UTC", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    environment.update(case.environment)
    environment = {name: value for name, value in environment.items() if value is not None}
    try:
        done = subprocess.run(command + case.words, cwd=WORK, env=environment, stdin=subprocess.DEVNULL, timeout=TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              preexec_fn=lambda: [signal.signal(number, signal.SIG_IGN) for number in case.ignored])
    except subprocess.TimeoutExpired:
        return "timeout", "", ""
    return done.returncode, text_of(done.stdout), text_of(done.stderr)


def text_of(output):
    """Without the times in lines of the log, and the process's number in what is executed for it."""
    output = re.sub(rb"(kill -0 )\d+", rb"\1N", output)
    return re.sub(r"\[\d+\.\d+s\]", "[time]", output.decode("utf-8", "backslashreplace"))


def judge(case, java, ours):
    """What is wrong with ours; None if nothing is."""
    problems = []
    if ours[0] != java[0]:
        problems.append("exit status %s, java's is %s" % (ours[0], java[0]))
    if case.prints is not None:
        return problems + ["does not print %r but %r" % (case.prints, text[1][:400]) for text in (java, ours) if case.prints not in text[1]]
    if ours[1] != java[1] and not case.says:
        problems.append("stdout %r, java's is %r" % (ours[1][:400], java[1][:400]))
    if case.says is None and ours[2] != java[2]:
        problems.append("stderr %r\n    java's is %r" % (ours[2][:600], java[2][:600]))
    for words in case.says or []:
        if words not in ours[2] + ours[1]:
            problems.append("does not say %r but %r" % (words, ours[2][:400]))
    return problems


def check_homes(coracle):
    """Where there is no JDK 17 the message must say so, and what to install or set."""
    for name in ("none/lib", "unnamed/lib"):
        os.makedirs(at("home/" + name))
    write("home/unnamed/lib/modules", b"")
    for version in ("25.0.3", "1.8.0_402", "170"):
        write("home/jdk%s/lib/modules" % version, b"")
        write("home/jdk%s/release" % version, b'IMPLEMENTOR="x"\nJAVA_VERSION="%s"\n' % version.encode())
    homes = {"/nonexistent": "is no folder", at("home/none"): "has no lib/modules", at("home/unnamed"): "`release`",
             at("home/jdk25.0.3"): "is version 25.0.3", at("home/jdk1.8.0_402"): "is version 1.8.0_402", at("home/jdk170"): "is version 170"}
    problems = []
    for home, words in homes.items():
        for command in (["java", "-cp", "classes", "Show"], ["javap", "java.lang.Object"]):
            status, _, text = run([coracle], Case("", command, environment={"JAVA_HOME": home}))
            for needed in (words, home, "JAVA_HOME", "JDK 17", "openjdk-17-jre-headless"):
                if status != 1 or needed not in text:
                    problems.append("%s, JAVA_HOME=%s: status %s, does not say %r but %r" % (command[0], home, status, needed, text[:300]))
    write("home/damaged/lib/modules", bytes(range(256)) * 100)
    write("home/damaged/release", b'JAVA_VERSION="17.0.1"\n')
    for command in (["java", "-cp", "classes", "Show"], ["javap", "java.lang.Object"]):
        status, _, text = run([coracle], Case("", command, environment={"JAVA_HOME": at("home/damaged")}))
        if status != 1 or not text.endswith(at("home/damaged/lib/modules") + ": no jimage file\n"):
            problems.append("%s, damaged lib/modules: status %s, %r" % (command[0], status, text[:300]))
    return problems


def check_other_jdk(java, coracle):
    """An image belongs to the lib/modules it was made with; where that file has another time, the JDK's `release` decides."""
    home, other = os.path.dirname(os.path.dirname(os.path.realpath(java))), at("other")
    modules = os.path.join(home, "lib", "modules")
    os.makedirs(os.path.join(other, "lib"))
    for folder in ("", "lib"):
        for name in os.listdir(os.path.join(home, folder)):
            if os.path.join(folder, name) not in ("lib", "lib/modules", "release"):
                os.symlink(os.path.join(home, folder, name), os.path.join(other, folder, name))
    shutil.copyfile(modules, os.path.join(other, "lib", "modules"))
    shutil.copyfile(os.path.join(home, "release"), os.path.join(other, "release"))
    subprocess.run([coracle, "freeze", "-o", at("show.image"), "--at", "Show.main", "--", "-cp", "classes", "Show", "a"], check=True, cwd=WORK)
    expected = run([java], Case("", ["-cp", "classes", "Show", "a"]))
    problems = []

    def look(what, thaws):
        case = Case("", [], environment={"JAVA_HOME": other})
        status, out, text = run([coracle, at("show.image")], case)
        if (thaws and (status, out, text) != expected) or \
           (not thaws and (status != 1 or "the image was made with another JDK than " + other not in text)):
            problems.append("other JDK, %s: status %s, %r %r" % (what, status, out, text))
        case.words = ["-cp", "classes", "Show", "a"]
        if run([coracle, "java"], case) != expected:
            problems.append("other JDK, %s: java.image is not passed over or taken" % what)

    look("same release", True)
    with open(os.path.join(other, "release"), "a") as file:
        file.write('BUILD="another"\n')
    look("another release", False)
    times = os.stat(modules)
    os.utime(os.path.join(other, "lib", "modules"), ns=(times.st_atime_ns, times.st_mtime_ns))
    look("same time", True)
    shutil.rmtree(other)
    return problems


def check_other_build(coracle):
    """A java.image that another build has made is passed over: what is native in it may be called otherwise by now."""
    with open(os.path.join(os.path.dirname(coracle), "java.image"), "rb") as file:
        image = bytearray(file.read())
    write("same.image", image)
    image[40] ^= 1  # ImageIdentity.build begins here
    struct.pack_into("<Q", image, IMAGE_HEADER_BYTES - 8, image_checksum(bytes(image[:IMAGE_HEADER_BYTES - 8])))
    write("other.image", image)
    problems = []
    for name, serves in (("same.image", True), ("other.image", False)):
        got = run([coracle, "java", "--dump=classes"], Case("", ["-XX:SharedArchiveFile=" + name, "-cp", "classes", "Show", "a"]))
        if got[0] != 0 or (" java.lang.Object:" not in got[2]) != serves:
            problems.append("%s: status %s, %r" % (name, got[0], got[2][:200]))
    return problems


def check_images(coracle):
    """What is no image, or not there, is named."""
    problems = []
    write("text.image", b"no image")
    library = os.path.join(os.path.dirname(coracle), "java.image")
    for words, status, needed in ((["nowhere/x"], 1, "nowhere/x: there is no such file"), (["none.image"], 1, "none.image: there is no such file"),
                                  (["."], 2, ".: this is no file"), (["./classes"], 1, "./classes: there is no such file, or it cannot be read"),
                                  (["text.image"], 1, "text.image: neither an image"),
                                  ([library], 1, library + ": this is the booted class library, and no program"), (["nonsense"], 2, "nonsense: no such command or file"), ([], 2, "Usage")):
        got, out, text = run([coracle], Case("", words))
        if got != status or needed not in text or out != "":
            problems.append("%s: status %s, %r, expected %d, %r" % (words, got, text[:200], status, needed))
    return problems


def check_places(coracle):
    """However the program is named, it finds its library."""
    problems = []
    os.makedirs(at("places"))
    os.symlink(coracle, at("places/link"))
    os.symlink(os.path.dirname(coracle), at("places/folder"))
    write("places/script", b"#!%s java\n" % coracle.encode())
    os.chmod(at("places/script"), 0o755)
    show = ["java", "-cp", "classes", "Show", "a"]
    expected = run([coracle], Case("", show))
    for program in (at("places/link"), at("places/folder/" + os.path.basename(coracle)), os.path.relpath(coracle, WORK)):
        if run([program], Case("", show)) != expected or expected[0] != 0:
            problems.append("%s: %s" % (program, run([program], Case("", show))))
    status, _, text = run([at("places/script")], Case("", []))
    if status != 1 or "Could not find or load main class" not in text:
        problems.append("a script: status %s, %r" % (status, text[:300]))
    return problems


def check_room(coracle):
    """java.image has room for the metadata that a start makes, beside what it writes, and a start writes nothing of the large page in
    which lies what it only reads, which is one in the file too (src/heap/arena.c draws the arena's beginning)."""
    with open(os.path.join(os.path.dirname(coracle), "java.image"), "rb") as image:
        head = image.read(65536)
        entries = dict(image_sections(head))
        start, size = struct.unpack_from("<QQ", head, entries["touched"] + 40)
        image.seek(start)
        touched = list(struct.iter_unpack("<IIII", image.read(size)))
        start = struct.unpack_from("<Q", head, entries["arena"] + 40)[0]
        image.seek(start)
        gap, end = struct.unpack("<QQ", image.read(16))
    problems = []
    if end - gap < 65536:
        problems.append("java.image: room for %d bytes of metadata before what a start does not touch (STATE_BYTES)" % (end - gap))
    if (start + end) % LARGE_PAGE != 0:
        problems.append("java.image: what a start reads of the arena begins at %#x of the file, in the midst of a large page" % (start + end))
    arena = list(entries).index("arena")
    pages = [(first, written) for section, first, _, written in touched if section == arena and first * 4096 >= end]
    if not pages or any(written and first * 4096 < end + LARGE_PAGE for first, written in pages):
        problems.append("java.image: a start reads and writes these pages of the arena behind %#x: %r" % (end, pages))
    return problems


def check_log(coracle):
    """-Xlog:gc: a line for each collection, in order, on standard output or in a file; none without it."""
    problems = []
    line = re.compile(r"\[time\]\[info\]\[gc\] GC\(\d+\) Pause Full \(System.gc\(\)\) \d+M->\d+M\(\d+M\) \d+\.\d+ms$")
    for option, where in {"-Xlog:gc": "stdout", "-Xlog:gc*": "stdout", "-verbose:gc": "stdout", "-Xlog:gc:gc.log": "file",
                          "-Xlog:gc:file=gc.log": "file", "-Xlog:gc=off": None, "-Xlog:safepoint": None, "-Xlog:disable": None}.items():
        _, text, _ = run([coracle, "java"], Case("", [option, "-cp", "classes", "Collect"]))
        lines = [one for one in text.split("\n") if line.match(one)]
        filed = read("gc.log").decode().count("(System.gc())") if where == "file" else 0
        if (len(lines), filed) != {"stdout": (3, 0), "file": (0, 3), None: (0, 0)}[where]:
            problems.append("%s: %d lines, %d in the file: %r" % (option, len(lines), filed, text))
        if where == "stdout" and not re.search("one\n.*System.gc.*\ntwo\n.*System.gc.*\nthree", text):
            problems.append("%s: not in order: %r" % (option, text))
    return problems


def decorations(text):
    """What stands before the line about System.gc(), numbers as N."""
    found = re.search(r"(?m)^(.*)GC\(\d+\) Pause Full \(System.gc\(\)\)", text)
    return found and re.sub(r"\d+", "N", found.group(1).replace("[time]", "[0.1s]"))


def check_decorations(java, coracle):
    """-Xlog's decorations: those of java, but for the numbers."""
    problems = []
    for option in ("", "none", "time", "utctime", "uptime", "timemillis", "uptimemillis", "timenanos", "uptimenanos", "hostname", "pid", "tid",
                   "level", "tags", "t,u,l,tg", "tg,l", "utc,tm,um,tn,un,hn,p,ti", "uptime,uptime", "none,level", "level,none", "u,", ",u"):
        case = Case("", ["-Xlog:gc:stdout:" + option, "-cp", "classes", "Collect"], environment={"TZ": "Asia/Kolkata"})
        theirs, ours = run([java, "-XX:+UseSerialGC"], case), run([coracle, "java"], case)
        if (theirs[0], decorations(theirs[1])) != (ours[0], decorations(ours[1])):
            problems.append("-Xlog:gc:stdout:%s: %r, java's are %r" % (option, decorations(ours[1]), decorations(theirs[1])))
    return problems


def check_verbose(java, coracle):
    """A program may ask for lines about collections later, and for none; those about classes there are only with java."""
    problems = []
    for options in ([], ["-Xlog:gc"], ["-Xlog:gc:file=gc.log"], ["-Xlog:disable"]):
        case = Case("", options + ["-cp", "classes", "Verbose"])
        theirs, ours = run([java, "-XX:+UseSerialGC"], case), run([coracle, "java"], case)
        texts = []
        for _, text, _ in (theirs, ours):
            text = re.sub(r"(?m)^.*\[class,(un)?load.*\n|^.*Using \w+\n", "", text)
            texts.append(re.sub(r"(?m)^.*\[gc *\] GC.*System.gc.*$", "line", text))
        if texts[0] != texts[1] or ours[0] != 0:
            problems.append("%s: status %d, %r, java's is %r" % (options, ours[0], texts[1], texts[0]))
    return problems


def check_file_limit(java, coracle):
    """As many files may be open as the system lets the process have, but with -XX:-MaxFDLimit."""
    problems = []
    for option in ("-XX:+MaxFDLimit", "-XX:-MaxFDLimit"):
        limits = []
        for command in ([java], [coracle, "java"]):
            words = ["sh", "-c", 'ulimit -Sn 200; ulimit -Hn 300; exec "$@"', "x"] + command + [option, "-cp", "classes", "Limit"]
            limits.append(subprocess.run(words, cwd=WORK, stdout=subprocess.PIPE).stdout)
        if limits[0] != limits[1] or limits[0] == b"":
            problems.append("%s: %r, java's are %r" % (option, limits[1], limits[0]))
    return problems


def inherit(command, kind):
    """What a program does whose standard input is a socket."""
    family = socket.AF_UNIX if "unix" in kind else socket.AF_INET6 if "6" in kind else socket.AF_INET
    here = {socket.AF_UNIX: at("socket"), socket.AF_INET6: ("::1", 0), socket.AF_INET: ("127.0.0.1", 0)}[family]
    if family == socket.AF_UNIX and os.path.exists(here):
        os.remove(here)
    given, other = socket.socket(family, socket.SOCK_DGRAM if "datagram" in kind else socket.SOCK_STREAM), None
    given.bind(here)
    if "datagram" not in kind:
        given.listen()
    if "connected" in kind:
        other = socket.create_connection(given.getsockname()[:2]) if family != socket.AF_UNIX else socket.socket(family)
        if family == socket.AF_UNIX:
            other.connect(here)
        given, _ = given.accept()
        other.sendall(b"question")
    done = subprocess.run(command + ["-cp", "classes", "Inherited"], cwd=WORK, stdin=given, timeout=TIMEOUT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    given.close()
    answer = other.recv(100) if other is not None else b""
    return done.returncode, done.stdout, done.stderr, answer


def check_inherited(java, coracle):
    """System.inheritedChannel."""
    problems = []
    for kind in ("server", "server 6", "connected", "connected 6", "datagram", "unix server", "unix connected"):
        theirs, ours = inherit([java], kind), inherit([coracle, "java"], kind)
        if theirs != ours:
            problems.append("inherited %s: %r, java's is %r" % (kind, ours, theirs))
    return problems


def check_descriptors(java, coracle):
    """Programs with few descriptors, with some of their parent's, and with standard streams that are closed."""
    problems = []
    for word, given, closed in (("close", (), ()), ("spawn", (), ()), ("spawn", (9, 50), ()), ("spawn", (), (0,)), ("spawn", (), (1,)), ("spawn", (), (0, 1)),
                                ("print", (), (1,)), ("print", (), (2,))):
        def prepare():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
            for number in given:
                os.dup2(1, number)
            for number in closed:
                os.close(number)
        done = [subprocess.run(command + ["-cp", "classes", "Descriptors", word], cwd=WORK, stdin=subprocess.DEVNULL, timeout=TIMEOUT, preexec_fn=prepare,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=False) for command in ([java], [coracle, "java"])]
        said = [(one.returncode, one.stdout, one.stderr) for one in done]
        if said[0] != said[1]:
            problems.append("descriptors %s %s %s: %r, java's are %r" % (word, given, closed, said[1], said[0]))
    return problems


def check_users(java, coracle):
    """java.image knows the user who made it; others get their own name and home folder. That they can run it, all is copied."""
    if os.getuid() != 0:
        print("commands: another user's properties are not compared: only root can become another user")
        return []
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("coracle", "java.image"):
            shutil.copy2(os.path.join(os.path.dirname(coracle), name), folder)
        shutil.copytree(os.path.join(os.path.dirname(coracle), "lib"), os.path.join(folder, "lib"))
        shutil.copy2(at("classes/User.class"), folder)
        for user in (0, 1, 65534, 4242):  # root, daemon, nobody, and one that nobody knows
            for home in ({}, {"HOME": "/home/of/the/environment"}):
                told = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "JAVA_HOME": os.environ.get("JAVA_HOME", ""), **home}
                said = [subprocess.run(command + ["-cp", folder, "User"], cwd="/", env=told, user=user, group=user, timeout=TIMEOUT,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout for command in
                        ([java], [os.path.join(folder, "coracle"), "java"])]
                if said[0] != said[1] or not said[0]:
                    problems.append("user %d %s: %r, java says %r" % (user, home, said[1], said[0]))
    return problems


def check_abort(java, coracle):
    """-XX:+CrashOnOutOfMemoryError: the same word, and death by the same signal. What java tells of itself then comes behind."""
    words = ["-Xmx48m", "-XX:+CrashOnOutOfMemoryError", "-XX:ErrorFile=/dev/null", "-cp", at("classes"), "Memory", "array"]
    with tempfile.TemporaryDirectory() as folder:
        ended = [subprocess.run(command + words, cwd=folder, timeout=TIMEOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))) for command in ([java], [coracle, "java"])]
    said = [(one.returncode, one.stdout.split(b"\n")[0]) for one in ended]
    return [] if said[0] == said[1] else ["-XX:+CrashOnOutOfMemoryError: %r, java %r" % (said[1], said[0])]


def main():
    parser = argparse.ArgumentParser(description="Compares command lines, wrong class files and jars with java.")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds the text")
    parser.add_argument("--show", action="store_true", help="only show what java does")
    options = parser.parse_args()
    homes = [os.environ.get("JAVA_HOME") or "", "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"]
    found = [home + "/bin/java" for home in homes if home and os.path.exists(home + "/bin/java")]
    java = (found + [shutil.which("java")])[0] or sys.exit("commands: no java")
    prepare(os.path.join(os.path.dirname(os.path.realpath(java)), "javac"))
    if not options.show and not os.access(options.coracle, os.X_OK):
        sys.exit("commands: %s is not there: run make first" % options.coracle)
    passed = failed = 0
    chosen = [case for case in CASES if options.only in case.name]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        theirs_all = pool.map(lambda case: run([java], case), chosen)
        ours_all = pool.map(lambda case: None if options.show else run([os.path.abspath(options.coracle), "java"], case), chosen)
    for case, theirs, ours in zip(chosen, theirs_all, ours_all):
        if options.show:
            print("%s: %s\n%s%s" % (case.name, theirs[0], theirs[1], theirs[2]))
            continue
        problems = judge(case, theirs, ours)
        if problems:
            failed += 1
            print("FAIL %s (java %s)\n    %s" % (case.name, " ".join(case.words), "\n    ".join(problems)))
        else:
            passed += 1
    if not options.show and not options.only:
        coracle = os.path.abspath(options.coracle)
        for problem in check_homes(coracle) + check_images(coracle) + check_other_build(coracle) + check_places(coracle) + check_room(coracle) + \
                check_other_jdk(java, coracle) + check_log(coracle) + check_decorations(java, coracle) + \
                check_verbose(java, coracle) + check_file_limit(java, coracle) + \
                check_inherited(java, coracle) + check_descriptors(java, coracle) + check_users(java, coracle) + check_abort(java, coracle):
            failed += 1
            print("FAIL " + problem)
    print("commands: %d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
