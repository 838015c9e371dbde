package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --out} writes a file whole or not at all. */
class OutputFileTest {
    private static final List<String> QUESTION = List.of("list", "gpus", "rtx40*");
    private static final String ANSWER = Run.of("list", "gpus", "rtx40*").out();

    @TempDir
    Path folder;

    private static Run to(Path file) {
        return Run.of(Stream.concat(QUESTION.stream(), Stream.of("--out", file.toString()))
                .toArray(String[]::new));
    }

    private void assertRefused(Path file, String... files) {
        Run run = to(file);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("llm-latency: --out ")
                .contains(file.toString())
                .containsOnlyOnce("\n");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(files);
    }

    @Test
    void the_file_holds_the_answer_and_nothing_stands_beside_it() {
        assertThat(to(folder.resolve("answer"))).isEqualTo(new Run(0, "", ""));
        assertThat(folder.resolve("answer")).hasContent(ANSWER);
        assertThat(folder.toFile().list()).containsExactly("answer");
    }

    @Test
    void an_old_file_is_replaced_not_overwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("answer"), "old");
        Path other = Files.createLink(folder.resolve("link"), file);

        assertThat(to(file).code()).isZero();

        assertThat(file).hasContent(ANSWER);
        assertThat(other).hasContent("old");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("answer", "link");
    }

    @Test
    void an_old_file_keeps_its_permissions() throws IOException {
        Path file = Files.writeString(folder.resolve("answer"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(to(file).code()).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void a_symbolic_link_stays_one() throws IOException {
        Path file = Files.writeString(folder.resolve("answer"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file.getFileName());

        assertThat(to(link).code()).isZero();

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent(ANSWER);
    }

    @Test
    void a_folder_is_refused() throws IOException {
        assertRefused(Files.createDirectory(folder.resolve("sub")), "sub");
    }

    @Test
    void a_missing_folder_is_refused_and_not_made() {
        assertRefused(folder.resolve("sub/answer"));
    }

    @Test
    void a_file_in_place_of_a_folder_is_refused() throws IOException {
        assertRefused(Files.writeString(folder.resolve("file"), "").resolve("answer"), "file");
    }

    @Test
    void a_folder_that_may_not_be_written_is_refused() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Files.setPosixFilePermissions(sub, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(sub), "root may write anyway");

        assertRefused(sub.resolve("answer"), "sub");
        assertThat(sub).isEmptyDirectory();
    }

    @Test
    void a_name_that_no_file_can_have_is_refused() {
        for (String name : Arrays.asList("", "nul\0byte", "x".repeat(300))) {
            Run run = Run.of("list", "engines", "--out", name);
            assertThat(run.code()).as(name).isEqualTo(2);
            assertThat(run.err()).startsWith("llm-latency: --out ").containsOnlyOnce("\n");
        }
    }

    @Test
    void a_question_that_is_refused_leaves_the_old_file() throws IOException {
        Path file = Files.writeString(folder.resolve("answer"), "old");

        assertThat(Run.of("estimate", "-m", "7b", "-g", "no-such-gpu", "--out", file.toString())
                        .code())
                .isEqualTo(2);
        assertThat(file).hasContent("old");
    }

    @Test
    void a_broken_budget_is_written_too() {
        Path file = folder.resolve("verdict");

        Run run = Run.of("check", "-m", "7b", "-g", "rtx4090", "--max-tpot", "1ms", "--json", "-o", file.toString());

        assertThat(run).isEqualTo(new Run(1, "", ""));
        assertThat(file).content().contains("\"kept\": false");
    }
}
