import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Opening through symbolic links, and refusing to. The flags' numbers differ between processors. */
public class SymbolicLinks {
    static String read(Path path, Set<? extends java.nio.file.OpenOption> options) {
        try (var channel = Files.newByteChannel(path, options)) {
            return "read " + channel.size() + " bytes";
        } catch (FileSystemException e) {
            return e.getClass().getName() + ": " + e.getReason();
        } catch (IOException e) {
            return e.toString();
        }
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("."), "links");
        Path file = Files.writeString(folder.resolve("file"), "twelve bytes");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path toInner = Files.createSymbolicLink(folder.resolve("toInner"), Path.of("inner"));
        try {
            for (Path path : new Path[] {file, link, dangling}) {
                System.out.println(path.getFileName() + ": " + read(path, Set.of(StandardOpenOption.READ)));
                System.out.println("    not through links: " + read(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
            }
            System.out.println(Files.isDirectory(toInner) + " " + Files.isDirectory(toInner, LinkOption.NOFOLLOW_LINKS));
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                SecureDirectoryStream<Path> secure = (SecureDirectoryStream<Path>) stream;
                secure.newDirectoryStream(Path.of("toInner")).close();
                try {
                    secure.newDirectoryStream(Path.of("toInner"), LinkOption.NOFOLLOW_LINKS).close();
                    System.out.println("opened");
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
                try {
                    secure.newByteChannel(Path.of("link"), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)).close();
                    System.out.println("opened");
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
                System.out.println(secure.getFileAttributeView(Path.of("link"), java.nio.file.attribute.BasicFileAttributeView.class,
                        LinkOption.NOFOLLOW_LINKS).readAttributes().isSymbolicLink());
            }
            BasicFileAttributes attributes = Files.readAttributes(link, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            System.out.println(attributes.isSymbolicLink() + " " + Files.readSymbolicLink(link));
        } finally {
            for (Path path : new Path[] {toInner, inner, dangling, link, file, folder}) {
                Files.delete(path);
            }
        }
    }
}
