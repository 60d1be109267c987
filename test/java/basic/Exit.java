/** System.exit with a status, from inside a finally. */
public class Exit {
    public static void main(String[] args) {
        System.out.println(args.length);
        System.out.println(args[1]);
        try {
            System.exit(42);
        } finally {
            System.out.println("not printed");
        }
    }
}
