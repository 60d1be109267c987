package coracle.natives;

import coracle.ffi.Function;

final class jdk_internal_misc_Unsafe {
    @Function("getloadavg")
    private static native int getloadavg(double[] averages, int count);

    static int getLoadAverage0(Object self, double[] averages, int count) {
        return getloadavg(averages, count);
    }
}
