package coracle.natives;

final class sun_management_VMManagementImpl {
    static String[] getVmArguments0(Object management) { return Command.vmArguments(); }
}
