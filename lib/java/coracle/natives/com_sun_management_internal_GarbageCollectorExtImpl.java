package coracle.natives;

final class com_sun_management_internal_GarbageCollectorExtImpl {
    static void setNotificationEnabled(Object self, Object collector, boolean on) { Collections.tell(collector, on); }
}
