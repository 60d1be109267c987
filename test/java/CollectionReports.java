import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** What collectors tell of the last collection, and to listeners of each. */
public class CollectionReports {
    static boolean isPlausible(GcInfo info, Set<String> pools) {
        return info.getId() > 0 && info.getStartTime() >= 0 && info.getEndTime() >= info.getStartTime() && info.getDuration() >= 0
            && info.getMemoryUsageBeforeGc().keySet().equals(pools) && info.getMemoryUsageAfterGc().keySet().equals(pools)
            && info.getMemoryUsageAfterGc().values().stream().allMatch(u -> u.getUsed() <= u.getCommitted());
    }

    /** It begins anew in a process to which the program has been moved. */
    static CompositeData attribute(ObjectName name) throws Exception {
        for (;;) {
            Object data = ManagementFactory.getPlatformMBeanServer().getAttribute(name, "LastGcInfo");
            if (data != null) return (CompositeData) data;
            System.gc();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Set<String> pools = new HashSet<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) pools.add(pool.getName());
        List<java.lang.management.GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        CountDownLatch told = new CountDownLatch(1), plausible = new CountDownLatch(1);
        NotificationListener listener = (notification, handback) -> {
            GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            boolean named = collectors.stream().anyMatch(c -> c.getName().equals(info.getGcName()));
            if (!named || !info.getGcCause().equals("System.gc()") || !handback.equals("back")) return;
            if (info.getGcAction().equals("end of major GC")) told.countDown();
            if (isPlausible(info.getGcInfo(), pools)) plausible.countDown();
        };
        for (var each : collectors) ((NotificationEmitter) each).addNotificationListener(listener, null, "back");
        System.gc();
        System.out.println(told.await(20, TimeUnit.SECONDS) + " " + plausible.await(20, TimeUnit.SECONDS));
        int known = 0;
        for (var each : collectors) {
            GcInfo info = ((GarbageCollectorMXBean) each).getLastGcInfo();
            if (info == null) System.gc();
            info = ((GarbageCollectorMXBean) each).getLastGcInfo();
            if (info == null) continue;
            known++;
            System.out.println(isPlausible(info, pools));
            CompositeData data = attribute(each.getObjectName());
            System.out.println(new TreeSet<>(data.getCompositeType().keySet()) + " " + ((Integer) data.get("GcThreadCount") > 0));
            break;
        }
        System.out.println(known);
        for (var each : collectors) {
            ((NotificationEmitter) each).removeNotificationListener(listener);
            try {
                ((NotificationEmitter) each).removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                System.out.println(e);
            }
            break;
        }
    }
}
