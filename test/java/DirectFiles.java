import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files opened past the system's cache: blocks go through, what is not aligned is refused. */
public class DirectFiles {
    static void refuse(String what, FileChannel channel, ByteBuffer buffer, long position) {
        try {
            System.out.println(what + " " + channel.read(buffer, position));
        } catch (IOException e) {
            System.out.println(what + ": " + e.getMessage().replaceAll("\\d{3,}", "N"));
        }
    }

    public static void main(String[] args) throws IOException {
        Path path = Files.createTempFile(Path.of("."), "direct", ".data");
        int block = (int) Files.getFileStore(path).getBlockSize();
        ByteBuffer blocks = ByteBuffer.allocateDirect(4 * block).alignedSlice(block);
        System.out.println(Integer.bitCount(block) + " " + blocks.alignmentOffset(0, block));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            for (int i = 0; i < 2 * block; i++)
                blocks.put((byte) (i * 31));
            blocks.flip();
            System.out.println(channel.write(blocks) == 2 * block);
            blocks.clear().limit(block + 1);
            try {
                channel.write(blocks);
            } catch (IOException e) {
                System.out.println("write: " + e.getMessage().replaceAll("\\d{3,}", "N"));
            }
            System.out.println(channel.size() == 2 * block);
        } catch (IOException e) {
            System.out.println(e);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            blocks.clear().limit(block);
            System.out.println(channel.read(blocks, block) == block);
            System.out.println(blocks.get(0) == (byte) (block * 31) && blocks.get(block - 1) == (byte) ((2 * block - 1) * 31));
            refuse("a heap buffer", channel, ByteBuffer.allocate(block), 0);
            refuse("a position", channel, blocks.clear().limit(block), 1);
            refuse("a size", channel, blocks.clear().limit(block - 1), 0);
            refuse("an address", channel, blocks.clear().position(1).limit(block + 1), 0);
            refuse("the end", channel, blocks.clear().limit(block), 2L * block);
            System.out.println(channel.map(FileChannel.MapMode.READ_ONLY, 1, 2).get(0));
        } catch (IOException e) {
            System.out.println(e);
        } finally {
            Files.delete(path);
        }
    }
}
