package coracle.natives;

final class sun_management_MemoryImpl {
    static Object[] getMemoryPools0() { return Memories.pools(); }
    static Object[] getMemoryManagers0() { return Memories.managers(); }
}
