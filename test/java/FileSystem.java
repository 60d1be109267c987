import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** java.nio.file and channels, in a temporary folder. */
public class FileSystem {
    interface Action {
        Object run() throws IOException;
    }

    static void attempt(String what, Action action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (IOException e) {
            System.out.println(what + ": " + e);
        }
    }

    public static void main(String[] args) throws Exception {
        Path base = Path.of("work");
        Files.createDirectories(base.resolve("a/b/c"));
        Path text = base.resolve("a/text.txt");
        Files.writeString(text, "one\ntwo\nthr\u00e9e\n");
        Files.write(base.resolve("a/b/bytes"), new byte[] {1, 2, 3});
        System.out.println(Files.readAllLines(text) + " " + Files.size(text) + " " + Files.exists(text) + " " + Files.isDirectory(base) + " " + Arrays.toString(Files.readAllBytes(base.resolve("a/b/bytes"))));
        Files.write(text, List.of("four", "five"), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        try (Stream<String> lines = Files.lines(text)) {
            System.out.println(lines.map(String::length).collect(Collectors.toList()));
        }
        Files.copy(text, base.resolve("copy"));
        attempt("copy again", () -> Files.copy(text, base.resolve("copy")));
        attempt("copy over", () -> Files.copy(text, base.resolve("copy"), new CopyOption[] {StandardCopyOption.REPLACE_EXISTING}));
        attempt("move", () -> Files.move(base.resolve("copy"), base.resolve("a/b/moved")));
        attempt("missing", () -> Files.readString(base.resolve("missing")));
        attempt("create", () -> Files.createFile(text));
        attempt("folder", () -> Files.createDirectory(base));
        attempt("delete full", () -> {
            Files.delete(base);
            return null;
        });
        attempt("delete missing", () -> {
            Files.delete(base.resolve("missing"));
            return null;
        });
        attempt("if exists", () -> Files.deleteIfExists(base.resolve("missing")));
        attempt("link", () -> Files.createSymbolicLink(base.resolve("link"), Path.of("a/text.txt")));
        attempt("read link", () -> Files.readSymbolicLink(base.resolve("link")) + " " + Files.isSymbolicLink(base.resolve("link")) + " " + Files.isSameFile(text, base.resolve("link")));
        attempt("list file", () -> Files.newDirectoryStream(text));
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(base.resolve("a"), "*.txt")) {
            for (Path path : stream) {
                System.out.println(path);
            }
        }
        try (Stream<Path> walk = Files.walk(base)) {
            System.out.println(walk.map(Path::toString).sorted().collect(Collectors.toList()));
        }
        Files.setLastModifiedTime(text, FileTime.fromMillis(1234567890000L));
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rw-r-----"));
        BasicFileAttributes attributes = Files.readAttributes(text, BasicFileAttributes.class);
        System.out.println(attributes.lastModifiedTime() + " " + attributes.isRegularFile() + " " + attributes.size() + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(text)) + " "
                + new TreeSet<>(Files.readAttributes(text, "size,isDirectory,lastModifiedTime").keySet()) + " " + Files.getAttribute(text, "unix:mode"));
        try (FileChannel channel = FileChannel.open(base.resolve("channel"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            buffer.putInt(42).put("text".getBytes()).putDouble(1.5).flip();
            System.out.println(channel.write(buffer) + " " + channel.position() + " " + channel.size());
            ByteBuffer direct = ByteBuffer.allocateDirect(16);
            System.out.println(channel.read(direct, 4) + " " + (char) direct.get(0) + " " + direct.position());
            channel.position(1000).write(ByteBuffer.wrap(new byte[] {9}));
            channel.truncate(900);
            ByteBuffer[] parts = {ByteBuffer.allocate(4), ByteBuffer.allocate(4)};
            channel.position(0);
            System.out.println(channel.size() + " " + channel.read(parts) + " " + parts[0].getInt(0) + " " + new String(parts[1].array()));
            try (FileChannel target = FileChannel.open(base.resolve("transferred"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                System.out.println(channel.transferTo(0, 8, target));
            }
            channel.close();
            channel.size();
        } catch (IOException e) {
            System.out.println(e.getClass().getName());
        }
        Path temporary = Files.createTempFile(base, "prefix", ".suffix");
        String name = temporary.getFileName().toString();
        System.out.println(name.startsWith("prefix") + " " + name.endsWith(".suffix") + " " + Files.size(temporary));
        Path p = Path.of("/x/./y/../z");
        System.out.println(p.normalize() + " " + p.getNameCount() + " " + p.subpath(1, 3) + " " + p.getParent() + " " + Path.of("/x/y").relativize(Path.of("/x/q/r")) + " " + p.resolveSibling("s") + " "
                + p.startsWith("/x") + " " + Path.of("a").compareTo(Path.of("b")) + " " + p.toUri() + " " + Path.of("").toAbsolutePath().isAbsolute() + " " + base.resolve("a").toRealPath().endsWith("work/a"));
        int[] counts = new int[2];
        Files.walkFileTree(base, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                counts[0]++;
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                counts[1]++;
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
        System.out.println(counts[0] + " " + counts[1] + " " + Files.exists(base));
        File old = new File("old");
        System.out.println(old.mkdirs() + " " + new File(old, "f").createNewFile() + " " + old.list().length + " " + old.delete() + " " + new File(old, "f").renameTo(new File("g")) + " " + old.delete() + " "
                + new File("g").setReadOnly() + " " + new File("g").lastModified() / 1000000000000000L + " " + new File("g").delete() + " " + new File("a/../b").getPath() + " " + new File("x").getAbsoluteFile().isAbsolute());
    }
}
