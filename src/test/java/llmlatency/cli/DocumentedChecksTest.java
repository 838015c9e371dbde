package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the documentation says of {@code check} is what it does: the answers that it shows, and the pipelines.
 * {@code -Dgolden.update=true} rewrites the answers.
 */
class DocumentedChecksTest {
    private static final String PAGE = "src/site/markdown/check.md";
    private static final String PROMPT = "$ ";
    private static final Pattern SESSION =
            Pattern.compile("(?m)^```\\n(\\$ llm-latency check .*?)^```$", Pattern.DOTALL);
    private static final Pattern SNIPPET = Pattern.compile("(?m)^```(?:sh|yaml|groovy)\\n(.*?)^```$", Pattern.DOTALL);
    private static final Pattern GROOVY = Pattern.compile("sh '''\\n(.*?)'''", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", PAGE})
    void a_session_that_a_page_shows_is_what_happens(String page) throws IOException {
        String text = Files.readString(Path.of(page));
        StringBuilder happened = new StringBuilder();
        Matcher sessions = SESSION.matcher(text);
        int sought = 0;
        while (sessions.find()) {
            String session = "```\n" + replayed(sessions.group(1)) + "```";
            sessions.appendReplacement(happened, Matcher.quoteReplacement(session));
            sought++;
        }
        sessions.appendTail(happened);
        assertThat(sought).as("sessions in " + page).isPositive();
        if (Boolean.getBoolean("golden.update") && !happened.toString().equals(text)) {
            Files.writeString(Path.of(page), happened);
            fail("page rewritten: " + page);
        }

        assertThat(text).isEqualTo(happened.toString());
    }

    /** The commands of a session, each with what it prints. */
    private static String replayed(String session) {
        StringBuilder text = new StringBuilder();
        int code = 0;
        for (String line :
                session.lines().filter(line -> line.startsWith(PROMPT)).toList()) {
            text.append(line).append('\n');
            if (line.equals("$ echo $?")) {
                text.append(code).append('\n');
            } else {
                Run run = Run.line(line.substring("$ llm-latency ".length()));
                text.append(run.out()).append(run.err());
                code = run.code();
            }
        }
        return text.toString();
    }

    /** The shell scripts in the page's pipelines. */
    static Stream<String> scripts() throws IOException {
        List<String> scripts = new ArrayList<>();
        Matcher snippets = SNIPPET.matcher(Files.readString(Path.of(PAGE)));
        while (snippets.find()) {
            String snippet = snippets.group(1);
            Matcher groovy = GROOVY.matcher(snippet);
            if (groovy.find()) {
                scripts.add(groovy.group(1));
            } else if (snippet.startsWith("#!/bin/sh")) {
                scripts.add(snippet);
            } else {
                scripts.add(block(snippet));
            }
        }
        return scripts.stream();
    }

    /** The block of a YAML file that a line ending in {@code |} opens. */
    private static String block(String yaml) {
        List<String> lines = yaml.lines().toList();
        StringBuilder script = new StringBuilder();
        int open = -1;
        for (String line : lines) {
            int indent = line.length() - line.stripLeading().length();
            if (open >= 0 && indent > open) {
                script.append(line.strip()).append('\n');
            } else {
                open = line.endsWith("|") ? indent : -1;
            }
        }
        return script.toString();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void the_script_of_a_pipeline_fails_where_a_budget_is_broken_and_only_there(String script, @TempDir Path folder)
            throws Exception {
        String broken = Files.readString(Path.of("src/site/resources/budgets/chat.json"));
        Files.writeString(folder.resolve("budgets.json"), broken);
        assertThat(run(script, folder)).as(script).isNotZero();

        Files.writeString(
                folder.resolve("budgets.json"),
                broken.replaceAll("\"max_(t...)\": \"[0-9]+ms\"", "\"max_$1\": \"9s\""));
        assertThat(run(script, folder)).as(script).isZero();
    }

    private static int run(String script, Path folder) throws Exception {
        Path launcher = Path.of(System.getProperty("launcher")).toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("PATH", launcher.getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return fail("the script did not end: " + script);
        }
        String output = Files.readString(folder.resolve("output"), StandardCharsets.UTF_8);
        assertThat(output).doesNotContain("not found");
        return process.exitValue();
    }
}
