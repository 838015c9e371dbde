package llmlatency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import llmlatency.cli.Run;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Start-up time, by what it is made of and no clock sees alike twice: how many classes one answer loads, and how many of
 * them the archive does not hold. If a bound breaks, look at what the new code loads (a stream, a regular expression, a
 * lambda, a format string) before you raise it.
 */
class StartupTest {
    /** Measured and 4 %. The Java of other versions loads other classes of its own. */
    private static final int MOST_CLASSES_ON_JAVA_17 = 1741;

    /** Classes of ours, of picocli and of Jackson: measured and 4 %. */
    private static final int MOST_CLASSES_OF_THE_JARS = 575;

    /** Measured and a few. */
    private static final int MOST_CLASSES_FROM_ELSEWHERE = 18;

    private static final Pattern LOADED = Pattern.compile("\\] (\\S+) source: (.*)");
    private static List<Loaded> classes = List.of();

    /** A class of one run, and where it came from. */
    private record Loaded(String name, String source) {
        boolean ofTheJars() {
            return Stream.of("llmlatency.", "picocli.", "com.fasterxml.").anyMatch(name::startsWith);
        }

        boolean fromArchive() {
            return source.startsWith("shared objects file");
        }
    }

    @BeforeAll
    static void answerOnce(@TempDir Path scratch) throws IOException {
        Path lib = Launched.installation().resolve("lib");
        assumeTrue(Launched.archives(lib).size() == 1, "no archive on this JDK");
        Path log = scratch.resolve("classes.log");
        String[] question = Run.words("estimate --model 7b --gpu rtx4090 --dtype fp16");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.add("-Xlog:class+load:file=" + log);
        command.add("-XX:SharedArchiveFile=" + Launched.archives(lib).get(0));
        command.add("-cp");
        command.add(Stream.of("llm-latency", "picocli", "jackson-core")
                .map(name -> lib.resolve(name + ".jar").toString())
                .reduce((a, b) -> a + ":" + b)
                .orElseThrow());
        command.add("llmlatency.Main");
        command.addAll(List.of(question));
        assertThat(Launched.run(scratch, Map.of(), command))
                .isEqualTo(new Launched(0, Run.of(question).out(), ""));
        classes = Files.readAllLines(log).stream()
                .flatMap(line -> LOADED.matcher(line).results())
                .map(match -> new Loaded(match.group(1), match.group(2)))
                .toList();
    }

    /** What the launcher tells the JVM, but for the log and the archive. */
    private static List<String> flags() throws IOException {
        String launcher = Files.readString(Launched.launcher());
        String start = launcher.substring(launcher.lastIndexOf("exec \"$java\""));
        List<String> flags = Pattern.compile("(?<= )-X[^\\s\"]+")
                .matcher(start)
                .results()
                .map(MatchResult::group)
                .filter(flag -> !flag.startsWith("-Xlog"))
                .toList();
        assertThat(flags).contains("-Xshare:auto");
        return flags;
    }

    @Test
    void an_answer_loads_few_classes() {
        assertThat(classes).filteredOn(Loaded::ofTheJars).hasSizeBetween(100, MOST_CLASSES_OF_THE_JARS);
    }

    @Test
    void an_answer_loads_few_classes_of_java() {
        assumeTrue(Runtime.version().feature() == 17, "measured on Java 17");

        assertThat(classes).hasSizeBetween(500, MOST_CLASSES_ON_JAVA_17);
    }

    @Test
    void nearly_all_classes_come_from_the_archive() {
        assumeTrue(Runtime.version().feature() == 17, "newer ones archive no class of picocli's old class files");

        assertThat(classes)
                .filteredOn(loaded -> !loaded.fromArchive())
                .hasSizeLessThanOrEqualTo(MOST_CLASSES_FROM_ELSEWHERE);
    }
}
