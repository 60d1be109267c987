package coracle.ffi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that a static native method is a C function. The machine reads this from the class file and looks the
 * symbol up at the first call. The C signature follows from the method's descriptor: boolean is bool, char is u16,
 * byte, short, int and long are i8 to i64, a primitive array is a pointer to its elements (leaf functions only).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Function {
    /** The symbol. */
    String value();

    /**
     * "c", "m", "z" or a file name; "coracle": a function of the machine; "fact": a number from the system's headers,
     * such as "O_RDONLY", "stat.st_mode" (an offset) or "struct stat" (a size).
     */
    String library() default "c";

    Mode mode() default Mode.LEAF;

    /** Where the descriptor cannot say it: "ptr,i32,...,i32->i32". */
    String signature() default "";

    /** What an abandonable call gives after a thaw: a number, or the name of a platform fact. */
    String failure() default "-1";
}
