package llmlatency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import llmlatency.cli.Run;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start-up archive makes it faster where it fits, and never matters otherwise. */
class ArchiveTest {
    private static final String[] QUESTION = Run.words("estimate --model 7b --gpu rtx4090 --dtype fp16");
    private static final Launched ANSWERED = new Launched(0, Run.of(QUESTION).out(), "");
    private static final Map<String, String> ON = Map.of("LLM_LATENCY_ARCHIVE", "on");

    @TempDir
    Path scratch;

    private Path cache;

    @BeforeEach
    void anArchiveCanBeMadeHere() {
        cache = scratch.resolve("cache/llm-latency");
        assumeTrue(!Launched.archives(Launched.installation().resolve("lib")).isEmpty(), "no archive on this JDK");
    }

    private Launched run(Map<String, String> environment, Path home, String... arguments) {
        return Launched.run(scratch, environment, Launched.command(home.resolve("bin/llm-latency"), arguments));
    }

    private static Path archive(Path folder) {
        List<Path> archives = Launched.archives(folder);
        assertThat(archives).hasSize(1);
        return archives.get(0);
    }

    /** How many classes a run took from an archive. The Java in between turns its log on, which the launcher silences. */
    private long classesFromArchive(Map<String, String> environment, Path home) throws IOException {
        Path log = scratch.resolve("classes.log");
        Files.deleteIfExists(log);
        Path real = Path.of(System.getProperty("java.home"));
        Path jdk = scratch.resolve("jdk");
        if (!Files.exists(jdk)) {
            Files.createDirectories(jdk.resolve("bin"));
            Files.copy(real.resolve("release"), jdk.resolve("release"));
            Path java = Files.writeString(jdk.resolve("bin/java"), """
                    #!/bin/sh
                    for word; do
                        shift
                        case $word in -Xlog:*) ;; *) set -- "$@" "$word" ;; esac
                    done
                    exec "$REAL_JAVA" -Xlog:disable -Xlog:class+load:file="$CLASS_LOG" "$@"
                    """);
            assertThat(java.toFile().setExecutable(true)).isTrue();
        }
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(Map.of(
                "JAVA_HOME", jdk.toString(),
                "REAL_JAVA", real.resolve("bin/java").toString(),
                "CLASS_LOG", log.toString()));
        // The archive is bound to the Java it was made with: make one for this Java.
        assertThat(run(all, home, "--rebuild-archive").code()).isZero();
        assertThat(run(all, home, QUESTION)).isEqualTo(ANSWERED);
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("llmlatency.") && line.contains("shared objects file"))
                .count();
    }

    @Test
    void the_archive_beside_the_jars_is_used_unless_it_is_turned_off() throws IOException {
        Path home = Launched.copyTo(scratch.resolve("installed"));

        assertThat(classesFromArchive(ON, home)).isGreaterThan(20);
        assertThat(classesFromArchive(Map.of("LLM_LATENCY_ARCHIVE", "off"), home))
                .isZero();
        assertThat(scratch.resolve("cache")).doesNotExist();
    }

    @Test
    void without_an_archive_that_fits_it_answers_and_makes_one_for_the_next_time() throws Exception {
        Path home = Launched.copyTo(scratch.resolve("elsewhere"));

        assertThat(run(ON, home, QUESTION)).isEqualTo(ANSWERED);

        for (int i = 0;
                i < 300
                        && (Files.exists(cache.resolve("lock"))
                                || Launched.archives(cache).isEmpty());
                i++) {
            Thread.sleep(200);
        }
        Path made = archive(cache);
        Path place = Path.of(made + ".place");
        assertThat(cache.toFile().list())
                .containsExactlyInAnyOrder(
                        made.getFileName().toString(), place.getFileName().toString());
        assertThat(Files.readString(place)).endsWith("|" + home.toRealPath() + "\n");
        assertThat(run(ON, home, QUESTION)).isEqualTo(ANSWERED);
    }

    @Test
    void an_archive_that_is_cut_short_or_full_of_garbage_does_not_matter() throws IOException {
        Path home = Launched.copyTo(scratch.resolve("installed"));
        assertThat(run(Map.of(), home, "--rebuild-archive")).isEqualTo(new Launched(0, "", ""));
        byte[] whole = Files.readAllBytes(archive(home.resolve("lib")));
        for (int share : new int[] {0, 1, 50, 90}) {
            replace(archive(home.resolve("lib")), Arrays.copyOf(whole, (int) ((long) whole.length * share / 100)));

            assertThat(run(ON, home, QUESTION)).as(share + " % of the archive").isEqualTo(ANSWERED);
        }
        byte[] garbage = new byte[1 << 20];
        new Random(17).nextBytes(garbage);
        replace(archive(home.resolve("lib")), garbage);

        assertThat(run(ON, home, QUESTION)).isEqualTo(ANSWERED);
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }

    @Test
    void a_cache_folder_that_cannot_be_made_does_not_matter() throws IOException {
        Path home = Launched.copyTo(scratch.resolve("elsewhere"));
        Path file = Files.writeString(scratch.resolve("a-file"), "");

        assertThat(run(Map.of("LLM_LATENCY_ARCHIVE", "on", "XDG_CACHE_HOME", file.toString()), home, QUESTION))
                .isEqualTo(ANSWERED);
    }

    @Test
    void a_read_only_installation_answers_and_says_that_no_archive_could_be_made() throws IOException {
        Path home = Launched.copyTo(scratch.resolve("read-only"));
        Path lib = home.resolve("lib");
        assertThat(lib.toFile().setWritable(false)).isTrue();
        try {
            assumeFalse(Files.isWritable(lib), "root may write anyway");
            assertThat(run(Map.of(), home, QUESTION)).isEqualTo(ANSWERED);
            Launched rebuild = run(Map.of(), home, "--rebuild-archive");
            assertThat(rebuild.code()).isEqualTo(2);
            assertThat(rebuild.err())
                    .startsWith("llm-latency: no start-up archive")
                    .containsOnlyOnce("\n");
        } finally {
            assertThat(lib.toFile().setWritable(true)).isTrue();
        }
    }
}
