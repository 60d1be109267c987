import com.sun.management.UnixOperatingSystemMXBean;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the bean of the operating system says of this process and of the host: what holds of it wherever it runs. */
public class HostReports {
    static final UnixOperatingSystemMXBean HOST = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static void show(String what, Object value) {
        System.out.println(what + " " + value);
    }

    static boolean isLoad(double load) {
        return load >= 0 && load <= 1;
    }

    static long fromProc(String file, String name) throws Exception {
        for (String line : Files.readAllLines(Path.of(file)))
            if (line.startsWith(name)) return Long.parseLong(line.substring(name.length()).trim().split(" +")[0]);
        return -1;
    }

    public static void main(String[] args) throws Exception {
        show("version", ManagementFactory.getRuntimeMXBean().getManagementSpecVersion());
        show("limit of files", HOST.getMaxFileDescriptorCount() == fromProc("/proc/self/limits", "Max open files"));
        long before = HOST.getOpenFileDescriptorCount();
        List<RandomAccessFile> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) files.add(new RandomAccessFile("/proc/self/stat", "r"));
        show("files opened", HOST.getOpenFileDescriptorCount() - before);
        for (RandomAccessFile file : files) file.close();
        show("files closed", HOST.getOpenFileDescriptorCount() - before);
        long total = HOST.getTotalMemorySize(), free = HOST.getFreeMemorySize();
        show("memory", total == 1024 * fromProc("/proc/meminfo", "MemTotal:") && free > 0 && free < total);
        show("swap", HOST.getTotalSwapSpaceSize() == 1024 * fromProc("/proc/meminfo", "SwapTotal:")
            && HOST.getFreeSwapSpaceSize() <= HOST.getTotalSwapSpaceSize());
        show("addresses", HOST.getCommittedVirtualMemorySize() > 1 << 20);
        show("loads", isLoad(HOST.getCpuLoad()) + " " + isLoad(HOST.getProcessCpuLoad()));
        long work = 0, spent = HOST.getProcessCpuTime(), began = System.nanoTime();
        while (System.nanoTime() - began < 300_000_000) work++;
        show("processor time", work > 0 && HOST.getProcessCpuTime() - spent > 10_000_000);
        double own = HOST.getProcessCpuLoad(), all = HOST.getCpuLoad();
        show("loads after work", isLoad(own) + " " + isLoad(all) + " " + (own > 0) + " " + (all > 0));
    }
}
