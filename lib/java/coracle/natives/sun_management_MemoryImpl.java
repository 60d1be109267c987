package coracle.natives;

final class sun_management_MemoryImpl {
    static Object[] getMemoryPools0() { return Memories.pools(); }
    static void setVerboseGC(Object self, boolean on) { Command.setVerbose(on); }
    static Object[] getMemoryManagers0() { return Memories.managers(); }
}
