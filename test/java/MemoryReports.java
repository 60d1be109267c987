import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Arrays;

/** That the beans of memory say something, and what holds of them whatever the collector. */
public class MemoryReports {
    static long collections() {
        long count = 0;
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += bean.getCollectionCount();
        }
        return count;
    }

    public static void main(String[] args) {
        long before = collections();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        System.out.println(collections() >= before + 3);
        boolean hasHeap = false, isSound = true;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            hasHeap |= pool.getType() == MemoryType.HEAP && usage.getUsed() > 0 && pool.getMemoryManagerNames().length > 0;
            isSound &= pool.isValid() && usage.getUsed() <= usage.getCommitted() && pool.getPeakUsage() != null;
        }
        System.out.println(hasHeap + " " + isSound);
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            isSound &= bean.isValid() && bean.getCollectionTime() >= 0 && !Arrays.asList(bean.getMemoryPoolNames()).isEmpty() && !bean.getName().isEmpty();
        }
        System.out.println(isSound + " " + !ManagementFactory.getGarbageCollectorMXBeans().isEmpty());
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        System.out.println(heap.getUsed() > 0 && heap.getUsed() <= heap.getCommitted() && heap.getCommitted() <= heap.getMax());
    }
}
