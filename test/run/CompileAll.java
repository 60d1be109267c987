import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles many small programs in one process, each into a folder of its own. Standard input has a line for each
 * program: folder, options and source files, separated by tabs (options and sources by spaces). For each program a line
 * goes to standard output: "ok FOLDER" or "failed FOLDER"; what the compiler says goes to standard error.
 */
public class CompileAll {
    public static void main(String[] arguments) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintWriter messages = new PrintWriter(System.err, true);
        for (String line; (line = in.readLine()) != null; ) {
            String[] fields = line.split("\t");
            List<String> options = new ArrayList<>(List.of("-encoding", "UTF-8", "-nowarn", "-Xlint:none", "-XDsuppressNotes",
                    "-proc:none", "-d", fields[0]));
            for (String option : fields[1].split(" ")) {
                if (!option.isEmpty()) {
                    options.add(option);
                }
            }
            try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
                boolean ok = compiler.getTask(messages, files, null, options, null,
                        files.getJavaFileObjects(fields[2].split(" "))).call();
                System.out.println((ok ? "ok " : "failed ") + fields[0]);
            }
        }
    }
}
