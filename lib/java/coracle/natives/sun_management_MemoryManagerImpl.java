package coracle.natives;

final class sun_management_MemoryManagerImpl {
    static Object[] getMemoryPools0(Object self) { return Memories.heap(); }
}
