package llmlatency.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers byte for byte, in every format of every command, under three locales. {@code -Dgolden.update=true} rewrites the
 * files; read the difference before you keep it, since names and meanings never change within a schema version.
 */
@Isolated("sets the default locale")
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    /** Checksums of profiles, which change with any of their figures. */
    private static final String HASH = "((?:hash\"(?:: | value=)\"|profiles ))(?:[0-9a-f]{16}|[0-9a-f]{8})\\b";

    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final List<Locale> LOCALES = List.of(Locale.ROOT, Locale.GERMANY, Locale.forLanguageTag("tr-TR"));

    /** A file and the command line whose answer it holds; standard output and error, and the exit code if not zero. */
    private record Golden(String file, String commandLine) {
        Path path() {
            return FOLDER.resolve(file);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden> answers() {
        List<Golden> all = new ArrayList<>();
        String usual = "estimate -m 7b -g rtx4090 -d fp16 -e ideal";
        formats(all, "estimate/7b-rtx4090-fp16", usual);
        formats(
                all,
                "estimate/mixture-of-experts-batch",
                "estimate -m mixtral-8x7b-v0.1 -g b200 -b 32 -p 2k -n 256 -e ideal");
        formats(
                all,
                "estimate/tensor-parallel-4",
                "estimate -m llama-3.1-70b -g '4x h100-sxm' -p 1024 -n 512 -e ideal");
        formats(
                all,
                "estimate/assumed-format",
                "estimate -m llama-3.1-8b -g l4 -d int4 -p 4k --cached-tokens 1k -e ideal");
        formats(all, "estimate/unknown-memory", "estimate -m llama-3.2-1b -g ryzen-7950x -d q8_0 -e ideal");
        formats(all, "estimate/misfit", "estimate -m llama-3.1-70b -g rtx4090 -e ideal");
        formats(all, "estimate/single-token", "estimate -m qwen3-8b -g a100-sxm-80gb -n 1 -e ideal");
        formats(all, "estimate/unified-memory", "estimate -m gemma-2-9b -g 'm4-max-40 64GB' -d q4_k_m -e ideal");
        formats(
                all,
                "estimate/by-hand",
                "estimate -m gpt2 --bandwidth '1 TB/s' --memory 8GiB --peak 'fp32=10 TFLOP/s' -d fp32 -e ideal");
        one(all, "estimate/7b-rtx4090-fp16.quiet.table", usual + " -q");
        one(all, "estimate/7b-rtx4090-fp16.explain.table", usual + " --explain");
        one(all, "estimate/7b-rtx4090-fp16.explain.markdown", usual + " --explain -f markdown");
        one(all, "estimate/7b-rtx4090-fp16.explain.json", usual + " --explain -f json");
        one(
                all,
                "estimate/mixture-of-experts-batch.explain.table",
                "estimate -m mixtral-8x7b-v0.1 -g b200 -b 32 -p 2k -n 256 --explain -e ideal");
        one(all, "estimate/beyond-trained-context.table", "estimate -m llama-3.1-8b -g h200-sxm -p 200000 -e ideal");
        checks(all);
        String overlay = " --profiles src/test/resources/overlay";
        String engine = usual.replace(" -e ideal", overlay);
        formats(all, "expected/7b-rtx4090-fp16", engine);
        formats(
                all,
                "expected/mixture-of-experts-tensor-parallel",
                "estimate -m mixtral-8x7b-v0.1 -g '4x h100-sxm' -d q4_k_m -b 32 -p 2k -n 256" + overlay);
        one(all, "expected/7b-rtx4090-fp16.quiet.table", engine + " -q");
        one(all, "expected/7b-rtx4090-fp16.explain.table", engine + " --explain");
        one(all, "expected/7b-rtx4090-fp16.explain.markdown", engine + " --explain -f markdown");
        one(all, "expected/7b-rtx4090-fp16.explain.json", engine + " --explain -f json");
        one(
                all,
                "expected/given-by-hand.explain.table",
                engine + " --explain -e llama.cpp/vulkan --engine-version b2345 --flash-attention off"
                        + " --efficiency weight_bandwidth=0.6 -n 1");
        one(all, "expected/large-batch.table", engine + " -e llama.cpp -b 256 -p 4k --flash-attention on");
        one(all, "expected/no-parameters.table", engine + " -e bare");
        one(all, "expected/no-parameters.markdown", engine + " -e bare -f markdown");
        one(all, "expected/check.table", "check" + engine.substring("estimate".length()) + " --max-tpot 15ms");
        String load = "estimate -m llama-3.1-70b -g '4x h100-sxm' -p 1024 -n 512 -e ideal --concurrency 32";
        formats(all, "load/closed-floor", load);
        formats(all, "load/closed", load.replace("-e ideal", "-e llama.cpp --tp 4") + overlay);
        one(all, "load/closed.explain.table", load.replace("-e ideal", "-e llama.cpp --tp 4") + overlay + " --explain");
        one(all, "load/saturated.table", load.replace("32", "4000"));
        one(all, "load/saturated.json", load.replace("32", "4000") + " -f json");
        String open = load.replace("--concurrency 32", "--request-rate 2.5").replace("-e ideal", "-e llama.cpp --tp 4");
        for (String format : List.of("table", "json")) {
            one(all, "load/open." + format, open + overlay + " -f " + format);
            one(all, "load/open-saturated." + format, open.replace("2.5", "250") + overlay + " -f " + format);
            one(
                    all,
                    "load/check." + format,
                    "check -m llama-3.1-8b -g h100-sxm -e ideal --concurrency 64 --max-ttft 300ms --max-tpot 5ms -f "
                            + format);
        }
        one(
                all,
                "load/layout.explain.table",
                "estimate -m mixtral-8x7b-v0.1 -g h100-sxm -e ideal --tp 2 --dp 4 --ep 4 --replicas 2 --explain"
                        + " --request-rate 20");
        String compared = "compare -m 7b -g rtx4090,l40s,rtx3060,ryzen-7950x -d fp16" + overlay;
        formats(all, "compare/gpus", compared);
        formats(all, "compare/floors", "compare -m llama-3.1-8b,7b -g h100-sxm,l4 --tp 1,2,3 -e ideal --sort cost");
        one(all, "compare/load.table", "compare -m 7b -g 'l4,2x l4' --concurrency 4,64 -e ideal --sort ttft");
        one(all, "compare/batches.table", "compare -m 7b -g l40s -b '1..64*4' --sort tokens-per-second" + overlay);
        String planned = "plan -m llama-3.1-8b -d bf16,fp8 -g h100-sxm,l4,rtx4060 --gpus 1,2 -e ideal --max-tpot 12ms"
                + " --against floor";
        formats(all, "plan/cheapest", planned);
        one(all, "plan/none.table", planned.replace("12ms", "1ms --max-ttft 1ms"));
        one(all, "plan/none.json", planned.replace("12ms", "1ms --max-ttft 1ms") + " --json");
        String sought = "plan -m 7b -d fp16 -g rtx4090,l4 --max-tpot 20ms" + overlay;
        formats(all, "plan/batch", sought + " --find batch");
        for (String find : List.of("smallest", "fastest", "concurrency", "context", "bandwidth", "memory")) {
            one(all, "plan/" + find + ".table", sought + " --find " + find);
        }
        String drawn = "plot -m 7b -g rtx4090,l4 -d fp16" + overlay;
        for (String format : List.of("ascii", "svg", "html", "csv", "json")) {
            one(all, "plot/line." + format, drawn + " -f " + format);
        }
        for (String kind : List.of("context", "batch", "concurrency", "roofline")) {
            one(all, "plot/" + kind + ".ascii", drawn + " -f ascii --kind " + kind);
            one(all, "plot/" + kind + ".svg", drawn + " -f svg --kind " + kind);
        }
        String swept = "sweep -m 7b,gpt2 -g rtx4090,l4 --tp 1,3 -b '1..4*2'" + overlay;
        one(all, "sweep/grid.csv", swept);
        one(all, "sweep/grid.ndjson", swept + " -f ndjson");
        one(all, "sweep/columns.csv", swept + " --columns question_gpu,question_batch,floor_tpot_ms --shard 1/3");
        String hosted = "estimate -m llama-3.1-70b -g rtx4090 -d q4_k_m --gpu-layers 30 --host 'cpu-ddr5-5600 64GB'";
        formats(all, "offload/layers-floor", hosted + " -e ideal");
        formats(all, "offload/layers", hosted + " -e hosted" + overlay);
        one(all, "offload/layers.explain.table", hosted + " -e hosted --explain" + overlay);
        String experts =
                "estimate -m mixtral-8x7b-v0.1 -g rtx4090 -d q4_k_m --cpu-moe -e hosted --host-bandwidth '80 GB/s'";
        one(all, "offload/experts.table", experts + overlay);
        one(all, "offload/experts.explain.table", experts + " --explain" + overlay);
        one(all, "offload/misfit.table", hosted.replace("64GB", "16GB") + " -e hosted -q" + overlay);
        one(all, "offload/load.table", experts + " --host-memory 64GiB --concurrency 4 -q" + overlay);
        String waves = "estimate -m llama-3.1-8b -g rtx4090 -d fp16 -e hosted -b 100 -p 2k -n 256" + overlay;
        formats(all, "waves/whole", waves);
        one(all, "waves/whole.explain.table", waves + " --explain");
        formats(all, "list/gpus", "list gpus 'rtx40*'");
        formats(all, "list/formats", "list formats 'q4*'");
        formats(all, "list/engines", "list engines ideal");
        formats(all, "list/engines-with-rules", "list engines tests" + overlay);
        for (String format : List.of("json", "ndjson", "csv", "markdown")) {
            one(all, "list/models." + format, "list models llama-3.1 -f " + format);
        }
        formats(all, "show/gpu", "show gpu rtx4090");
        formats(all, "show/model", "show model 7b");
        formats(all, "show/format", "show format q4_k_m");
        formats(all, "show/engine", "show engine ideal");
        formats(all, "show/engine-with-rules", "show engine llama.cpp" + overlay);
        String measured = "src/test/resources/measured/";
        String validated = "validate " + measured + "small.csv --profiles " + measured + "profiles";
        for (String format : List.of("table", "json", "csv")) {
            one(all, "validate/small." + format, validated + " --by regime,gpu,structure --worst 2 -f " + format);
            one(all, "validate/nothing-expected." + format, "validate " + measured + "small.csv -f " + format);
        }
        String fitted = "fit " + measured + "fit.csv -e tuned --profiles " + measured + "profiles";
        for (String format : List.of("table", "json")) {
            one(all, "fit/devices." + format, fitted + " -f " + format);
            one(all, "fit/whole-profile." + format, fitted + " --whole-profile --leave-out gpu,model -f " + format);
            one(all, "fit/times." + format, "fit " + measured + "times.csv -m 7b -g rtx4090 -d fp16 -f " + format);
        }
        one(
                all,
                "fit/about.table",
                fitted + " --about phase=decode --about gpu=rtx* --by model --min-group-rows 2 -f table");
        one(all, "fit/times-alone.table", "fit " + measured + "times.csv");
        one(all, "help/root.help", "--help");
        one(all, "help/version.help", "--version");
        for (String command :
                List.of("estimate", "compare", "sweep", "plan", "plot", "check", "validate", "fit", "list", "show")) {
            one(all, "help/" + command + ".help", command + " --help");
        }
        one(all, "errors/none.error", "");
        one(all, "errors/unknown-gpu.error", "estimate -m 7b -g rtx409");
        one(all, "errors/unknown-option.error", "estimate -m 7b -g rtx4090 --promt-tokens 512");
        one(all, "errors/undividing-tp.error", "estimate -m 7b -g rtx4090 --tp 3");
        one(all, "errors/layout.error", "estimate -m 7b -g rtx4090 --gpus 8 --tp 2 --pp 2");
        one(all, "errors/host-unknown.error", "estimate -m 7b -g rtx4090 -e ideal --gpu-layers 10");
        one(all, "errors/host-no-cpu.error", "estimate -m 7b -g rtx4090 -e ideal --gpu-layers 10 --host rtx4090");
        one(all, "errors/no-offload.error", "estimate -m 7b -g rtx4090 -e vllm --gpu-layers 10 --host epyc-9654");
        one(all, "errors/load-and-batch.error", "estimate -m 7b -g rtx4090 --concurrency 4 -b 2");
        return all.stream();
    }

    /** Verdicts: on options alone, on a budget file, with engines that do not change, since a baseline. */
    private static void checks(List<Golden> all) {
        String budgets = "src/test/resources/budgets/";
        String alone = "check -m 7b -g rtx4090 -d fp16 -e ideal ";
        String file = "check " + budgets + "three.json --no-user-profiles --profiles src/test/resources/overlay";
        for (VerdictFormat format : VerdictFormat.values()) {
            String name = format.name().toLowerCase(Locale.ROOT);
            String as = " -f " + name;
            one(all, "check/kept." + name, alone + "--max-ttft 300ms --max-tpot 20ms" + as);
            one(
                    all,
                    "check/broken." + name,
                    alone + "--max-ttft 20ms --max-tpot 20ms --max-total 1s --min-tokens-per-second 100" + as);
            one(all, "check/misfit." + name, "check -m llama-3.1-70b -g rtx4090 --max-tpot 1s -e ideal" + as);
            one(
                    all,
                    "check/unknown-memory-allowed." + name,
                    "check -m 7b -g ryzen-7950x --max-tpot 1s --allow-misfit -e ideal" + as);
            one(all, "check/budgets." + name, file + as);
            one(all, "check/pessimistic." + name, file + " --against pessimistic" + as);
            one(
                    all,
                    "check/baseline." + name,
                    file + " --dtype q8_0 --baseline " + budgets + "three-before.json --max-regression 5%" + as);
        }
        one(all, "errors/check-unknown-key.error", "check " + budgets + "unknown-key.json");
        one(all, "errors/check-nothing-expected.error", alone + "--max-tpot 20ms --against expected");
        one(all, "errors/check-no-price.error", "check -m 7b -g mi60 --max-cost 2");
    }

    private static void formats(List<Golden> all, String name, String commandLine) {
        for (ReportFormat format : ReportFormat.values()) {
            one(all, name + "." + format.key(), commandLine + " -f " + format.key());
        }
    }

    private static void one(List<Golden> all, String file, String commandLine) {
        all.add(new Golden(file, commandLine));
    }

    static Stream<Golden> tables() {
        return answers()
                .filter(golden ->
                        golden.file().endsWith(".table") || golden.file().endsWith(".help"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void the_answer_is_the_golden_one_in_every_locale(Golden golden) throws IOException {
        if (UPDATE) {
            Files.createDirectories(golden.path().getParent());
            Files.writeString(golden.path(), text(golden, Locale.ROOT));
            fail("golden file rewritten: " + golden.path());
        }
        assertThat(golden.path()).isRegularFile();
        String expected = Files.readString(golden.path());
        for (Locale locale : LOCALES) {
            assertThat(text(golden, locale))
                    .as("%s, %s: %s", golden, locale, golden.commandLine())
                    .isEqualTo(expected);
        }
    }

    @Test
    void every_golden_file_belongs_to_an_answer() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            assertThat(files.filter(Files::isRegularFile))
                    .containsExactlyInAnyOrderElementsOf(
                            answers().map(Golden::path).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void a_table_fits_80_columns_of_ascii(Golden golden) {
        assertThat(Run.line(golden.commandLine()).out().lines()).allSatisfy(line -> {
            assertThat(line).doesNotEndWith(" ");
            assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(line))
                    .as(line)
                    .isTrue();
            if (!line.matches("\\S* +https://\\S+")) { // an address is not broken
                assertThat(line).hasSizeLessThanOrEqualTo(80);
            }
        });
    }

    /** What a terminal would show, the version aside. */
    private static String text(Golden golden, Locale locale) {
        Locale before = Locale.getDefault();
        Run run;
        try {
            Locale.setDefault(locale);
            run = Run.line(golden.commandLine());
        } finally {
            Locale.setDefault(before);
        }
        String text = run.out() + run.err() + (run.code() == 0 ? "" : "exit code " + run.code() + "\n");
        return text.replace(version(), "VERSION").replaceAll(HASH, "$1HASH");
    }

    private static String version() {
        return Run.of("--version").out().strip().replace("llm-latency ", "");
    }
}
