/** Runtime.halt runs no hooks; the status is taken modulo 256. */
public class HaltStatus {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("not printed")));
        System.out.println("before");
        System.out.flush();
        Runtime.getRuntime().halt(259);
    }
}
