package coracle.natives;

final class sun_management_VMManagementImpl {
    static String[] getVmArguments0(Object management) { return Command.vmArguments(); }
    static boolean getVerboseGC(Object self) { return Command.isVerbose(); }
    static boolean getVerboseClass(Object self) { return sun_management_ClassLoadingImpl.isVerbose; }
}
