package coracle.natives;

final class sun_management_MemoryPoolImpl {
    static Object[] getMemoryManagers0(Object self) {
        return Fields.U.getBoolean(self, Fields.offset(self.getClass(), "isHeap")) ? Memories.managers() : Memories.noManagers();
    }

    /** No thresholds: nothing to tell a sensor. */
    static void setPoolUsageSensor(Object self, Object sensor) {}
    static void setPoolCollectionSensor(Object self, Object sensor) {}
    static void resetPeakUsage0(Object self) {}
}
