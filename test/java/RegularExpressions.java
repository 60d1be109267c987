import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** java.util.regex: groups, quantifiers, look-around, flags, replacement, errors. */
public class RegularExpressions {
    static void find(String pattern, String text, int flags) {
        Matcher matcher = Pattern.compile(pattern, flags).matcher(text);
        StringBuilder found = new StringBuilder();
        while (matcher.find()) {
            found.append('<').append(matcher.start()).append('-').append(matcher.end());
            for (int i = 0; i <= matcher.groupCount(); i++) {
                found.append(' ').append(matcher.group(i));
            }
            found.append('>');
        }
        System.out.println(pattern + " in " + text.replace("\n", "\\n") + ": " + found);
    }

    public static void main(String[] args) {
        find("a+b?", "aab ab b aaa", 0);
        find("(\\w+)@(\\w+)\\.com", "x@y.com, long.name@host.com", 0);
        find("(a|ab)(c|bcd)(d*)", "abcd", 0);
        find("<(.+?)>", "<a><bb><>", 0);
        find("<(.+)>", "<a><bb>", 0);
        find("a*+a", "aaa", 0);
        find("(?<year>\\d{4})-(?<month>\\d\\d)", "2024-01 1999-12", 0);
        find("\\bfoo\\b", "foo food foo-bar", 0);
        find("(?<=\\$)\\d+(?!\\d|%)", "$100 $20% 30", 0);
        find("(?i)hello|WORLD", "HeLLo world WORLD", 0);
        find("^line.$", "line1\nline2\nlines 3", Pattern.MULTILINE);
        find("a.b", "a\nb axb", Pattern.DOTALL);
        find("(['\"])(.*?)\\1", "'it' \"is\" 'so\"", 0);
        find("\\p{Lu}\\p{L}*|\\p{Digit}+", "\u00c9t\u00e9 Zur 42", 0);
        find("[a-z&&[^aeiou]]+", "hello world", 0);
        find("a b # comment", "ab a b", Pattern.COMMENTS);
        find("\u00e9", "\u00c9\u00e9", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        find("x{2,3}", "x xx xxx xxxxx", 0);
        find("(?:(a)|b)*", "abab", 0);
        find("\\Qa.b\\E", "a.b axb", 0);
        find("", "ab", 0);
        find(".", "\ud83d\ude00", 0);
        System.out.println("x1y22".replaceAll("(\\d+)", "[$1]") + " "
                + Pattern.compile("(?<w>o)").matcher("foo").replaceAll("${w}${w}") + " "
                + Pattern.compile("\\d+").matcher("a1b23").replaceAll(r -> "" + Integer.parseInt(r.group()) * 2) + " "
                + Matcher.quoteReplacement("$1\\"));
        System.out.println(Pattern.compile("\\s*,\\s*").splitAsStream("a , b,c  ,d").collect(Collectors.toList()) + " "
                + Arrays.toString(Pattern.compile("-").split("-a-b-", 2)) + " "
                + Pattern.compile("o").matcher("foo boo").results().map(MatchResult::start).collect(Collectors.toList()));
        Matcher matcher = Pattern.compile("(a)(b)?").matcher("xxac");
        System.out.println(matcher.matches() + " " + matcher.lookingAt() + " " + matcher.find() + " " + matcher.group(2) + " "
                + matcher.start(2) + " " + matcher.hitEnd() + " " + matcher.reset("ab").matches() + " " + matcher.toMatchResult().group(2));
        StringBuilder out = new StringBuilder();
        matcher = Pattern.compile("cat").matcher("one cat two cats");
        while (matcher.find()) {
            matcher.appendReplacement(out, "dog");
        }
        System.out.println(matcher.appendTail(out));
        for (String bad : new String[] {"(", "[a", "*a", "a{2,1}", "\\k<x>", "(?<1>a)", "\\", "a**"}) {
            try {
                Pattern.compile(bad);
                System.out.println(bad + " compiles");
            } catch (PatternSyntaxException e) {
                System.out.println(e.getMessage());
            }
        }
        try {
            matcher.reset().group();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        StringBuilder hay = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            hay.append("key").append(i * 7919 % 1000).append('=').append(i).append(';');
        }
        long sum = 0;
        for (Matcher m = Pattern.compile("key(\\d*5)=(\\d+);").matcher(hay); m.find(); ) {
            sum += Long.parseLong(m.group(1)) * Long.parseLong(m.group(2));
        }
        System.out.println(sum);
    }
}
