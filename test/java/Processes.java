import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Running other programs: pipes in both directions, statuses, environment, folders, redirection, killing. */
public class Processes {
    static String read(java.io.InputStream in) throws IOException {
        return new String(in.readAllBytes()).trim();
    }

    /** Files that say no program to run them are the shell's, by their path and by PATH, which may hold folders without them. */
    static void scripts(File folder) throws Exception {
        File script = new File(folder, "a script"), bare = new File(folder, "echo");
        java.nio.file.Files.writeString(script.toPath(), "echo $0 $# \"$1\"; exit 3\n");
        script.setExecutable(true);
        Process byPath = new ProcessBuilder("folder/a script", "b  c", "").start();
        System.out.println(read(byPath.getInputStream()) + " " + byPath.waitFor());
        Process inFolder = new ProcessBuilder("./a script").directory(folder).redirectErrorStream(true).start();
        System.out.println(read(inFolder.getInputStream()) + " " + inFolder.waitFor());
        java.nio.file.Files.write(bare.toPath(), new byte[0]);
        bare.setExecutable(true);
        System.out.println(new ProcessBuilder("./echo", "a").directory(folder).start().waitFor());
        System.out.println(script.delete() + " " + bare.delete());
    }

    public static void main(String[] args) throws Exception {
        Process echo = new ProcessBuilder("echo", "hello", "two words").start();
        System.out.println(read(echo.getInputStream()) + " " + echo.waitFor());
        Process cat = Runtime.getRuntime().exec(new String[] {"cat"});
        cat.getOutputStream().write("through a pipe".getBytes());
        cat.getOutputStream().close();
        System.out.println(read(cat.getInputStream()) + " " + cat.waitFor() + " " + cat.isAlive());
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "echo out $OWN; echo err >&2; pwd | sed 's|.*/||'; exit 7");
        builder.environment().put("OWN", "value");
        File folder = new File("folder");
        folder.mkdir();
        builder.directory(folder);
        Process shell = builder.start();
        System.out.println(read(shell.getInputStream()).replace('\n', ' ') + " / " + read(shell.getErrorStream()) + " " + shell.waitFor() + " " + shell.exitValue());
        Process merged = new ProcessBuilder("/bin/sh", "-c", "echo a; echo b >&2").redirectErrorStream(true).start();
        System.out.println(read(merged.getInputStream()).replace('\n', ' ') + " " + merged.waitFor());
        File out = new File("out.txt");
        System.out.println(new ProcessBuilder("echo", "to a file").redirectOutput(out).start().waitFor() + " " + out.length());
        Process inherited = new ProcessBuilder("echo", "inherited").inheritIO().start();
        inherited.waitFor();
        Process sleeper = new ProcessBuilder("sleep", "100").start();
        System.out.println(sleeper.waitFor(5, TimeUnit.MILLISECONDS) + " " + sleeper.isAlive());
        try {
            sleeper.exitValue();
        } catch (IllegalThreadStateException e) {
            System.out.println(e.getMessage());
        }
        sleeper.destroy();
        System.out.println(sleeper.waitFor() + " " + sleeper.isAlive());
        System.out.println(new ProcessBuilder("true").start().onExit().get().exitValue());
        try {
            new ProcessBuilder("/no/such/program").start();
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
        try {
            new ProcessBuilder(List.of()).start();
        } catch (IndexOutOfBoundsException e) {
            System.out.println("no command");
        }
        scripts(folder);
        System.out.println(out.delete() + " " + folder.delete());
    }
}
