import static org.junit.Assert.assertEquals;

import org.junit.BeforeClass;
import org.junit.Ignore;
import org.junit.Test;

public class SampleTest {
    @BeforeClass public static void before() {
        System.out.println("before");
    }

    @Test public void holds() {
        assertEquals(2, 1 + 1);
    }

    @Test public void fails() {
        assertEquals("told", 2, 3);
    }

    @Test(expected = IllegalStateException.class) public void throwsIt() {
        throw new IllegalStateException();
    }

    @Ignore @Test public void isIgnored() {}
}
