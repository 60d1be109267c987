package coracle.natives;

final class com_sun_management_internal_GcInfoBuilder {
    static int getNumGcExtAttributes(Object self, Object collector) { return 1; }

    static void fillGcAttributeInfo(Object self, Object collector, int count, String[] names, char[] types, String[] texts) {
        names[0] = "GcThreadCount";
        types[0] = 'I';
        texts[0] = "Number of GC threads";
    }

    static Object getLastGcInfo0(Object self, Object collector, int count, Object[] more, char[] types, Object[] before, Object[] after) {
        try {
            return Collections.info(self, before, after, more);
        } catch (ReflectiveOperationException e) {
            throw new InternalError(e);
        }
    }
}
