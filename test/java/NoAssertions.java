/** Without -ea no assertion is evaluated, unless a loader says so. */
public class NoAssertions {
    public static void main(String[] args) throws Exception {
        boolean on = false;
        assert on = true;
        System.out.println(on + " " + NoAssertions.class.desiredAssertionStatus());
        ClassLoader.getSystemClassLoader().setClassAssertionStatus("NoAssertions$Later", true);
        System.out.println(Later.enabled() + " " + Latest.enabled());
    }

    static class Later {
        static boolean enabled() {
            boolean on = false;
            assert on = true;
            return on;
        }
    }

    static class Latest {
        static boolean enabled() {
            boolean on = false;
            assert on = true;
            return on;
        }
    }
}
