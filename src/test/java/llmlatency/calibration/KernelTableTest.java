package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import llmlatency.engine.Engine;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTableTest {
    static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());
    private static final Path FOLDER = Path.of("src/test/resources/kernels");
    private static final String OTHERS = "other engines' or formats' kernels serve better";
    private static final String SHAPES = "shapes outside what is fitted";
    private static final String INTEGERS = "integer formats have no rules";

    static KernelTable read(Path file) {
        KernelTable table =
                new MeasurementFiles(LIBRARY, Given.NOTHING, InputStream.nullInputStream()).kernels(file.toString());
        if (table == null) {
            throw new AssertionError(file + " is no table of kernels");
        }
        return table;
    }

    private static KernelTable read(String name) {
        return read(FOLDER.resolve(name + ".csv"));
    }

    private static KernelTable written(Path folder, String text) throws IOException {
        return read(Files.writeString(folder.resolve("written.csv"), text));
    }

    @Test
    void products_are_taken_by_engine_format_and_shape() {
        KernelTable table = read("gemm");

        assertThat(table.rows()).isEqualTo(7);
        assertThat(table.timings())
                .extracting(
                        KernelTiming::kind,
                        one -> one.gpu().name(),
                        one -> one.format().name(),
                        KernelTiming::rows,
                        one -> Math.round(one.seconds() * 1e10))
                .containsExactly(
                        tuple(KernelTable.Kind.GEMM, "h100-sxm", "bf16", 64.0, 156_770L),
                        tuple(KernelTable.Kind.GEMM, "h100-sxm", "bf16", 8192.0, 6_730_200L),
                        tuple(KernelTable.Kind.GEMM, "a100-sxm-80gb", "bf16", 1.0, 977_610L),
                        tuple(KernelTable.Kind.GEMM, "b200", "nvfp4", 64.0, 91_467L),
                        tuple(KernelTable.Kind.GEMM, "h200-sxm", "fp8-block", 64.0, 84_480L));
        assertThat(table.skipped()).containsOnly(Map.entry(INTEGERS, 1), Map.entry(SHAPES, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "attention_decode, ATTENTION_DECODE, 3, 1, 1",
        "attention_prefill, ATTENTION_PREFILL, 1, 1, 1",
        "mla_decode, MLA_DECODE, 1, 1, 1",
        "mla_prefill, MLA_PREFILL, 1, 1, 0",
        "moe, EXPERTS, 6, 1, 3",
        "allreduce, ALL_REDUCE, 2, 1, 0",
    })
    void each_kind_of_table_is_recognised_by_its_header(
            String name, KernelTable.Kind kind, int taken, int others, int shapes) {
        KernelTable table = read(name);

        assertThat(table.timings())
                .hasSize(taken)
                .allSatisfy(one -> assertThat(one.kind()).isEqualTo(kind));
        assertThat(table.skipped().getOrDefault(OTHERS, 0)).isEqualTo(others);
        assertThat(table.skipped().getOrDefault(SHAPES, 0)).isEqualTo(shapes);
    }

    @Test
    void tables_of_recurrent_states_are_known_and_left_out() {
        assertThat(read("gated_delta_net").timings()).isEmpty();
        assertThat(read("gated_delta_net").skipped()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gemm", "attention_decode", "attention_prefill", "mla_decode", "mla_prefill", "moe", "allreduce"
            })
    void the_shipped_rules_meet_published_times(String name) {
        Engine serving = LIBRARY.engine("serving").value();
        EngineFamily family = new EngineFamily(
                serving,
                List.of(LIBRARY.engine("sglang").value(), LIBRARY.engine("vllm").value()));

        assertThat(KernelCase.of(List.of(read(name)), family))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.logError(family.together()))
                        .as(one.group())
                        .isCloseTo(0, within(0.6)));
    }

    @Test
    void decode_kernels_with_as_many_rows_as_prompts_are_left_out() {
        EngineFamily family = new EngineFamily(LIBRARY.engine("serving").value(), List.of());

        assertThat(KernelCase.of(List.of(read("attention_decode")), family)).hasSize(2);
    }

    @Test
    void experts_of_vllm_speak_for_vllm_and_sglang_or_stand_in_for_all() {
        EngineFamily family = new EngineFamily(
                LIBRARY.engine("serving").value(),
                List.of(LIBRARY.engine("sglang").value(), LIBRARY.engine("vllm").value()));

        assertThat(KernelCase.of(List.of(read("moe")), family))
                .extracting(KernelCase::device, KernelCase::format, KernelCase::engine)
                .containsExactlyInAnyOrder(
                        tuple("h100-sxm", "fp8-block", "serving"),
                        tuple("h100-sxm", "fp8-block", "sglang"),
                        tuple("h100-sxm", "fp8-block", "vllm"),
                        tuple("h100-sxm", "mxfp4", "serving"),
                        tuple("b200", "bf16", "serving"),
                        tuple("b200", "mxfp4", "serving"),
                        tuple("b200", "nvfp4", "serving"));
    }

    @Test
    void a_compressed_table_says_the_same(@TempDir Path folder) throws IOException {
        Path packed = folder.resolve("gemm.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(FOLDER.resolve("gemm.csv"), out);
        }

        assertThat(read(packed).timings())
                .extracting(KernelTiming::seconds)
                .isEqualTo(read("gemm").timings().stream()
                        .map(KernelTiming::seconds)
                        .toList());
    }

    @Test
    void large_tables_are_thinned_evenly(@TempDir Path folder) throws IOException {
        StringBuilder text = new StringBuilder("latency,gpu,backend,gemm_dtype,m,n,k\n");
        for (int m = 1; m <= 1000; m++) {
            text.append("0.01,h100_sxm,trtllm,bfloat16,").append(m).append(",4096,4096\n");
        }
        List<Double> rows = written(folder, text.toString()).timings().stream()
                .map(KernelTiming::rows)
                .toList();

        assertThat(rows)
                .hasSize(300)
                .isSorted()
                .startsWith(1.0, 4.0, 7.0)
                .last()
                .isEqualTo(997.0);
    }

    @Test
    void tables_of_other_things_are_no_tables_of_kernels() {
        MeasurementFiles files = new MeasurementFiles(LIBRARY, Given.NOTHING, InputStream.nullInputStream());

        assertThat(files.kernels("src/test/resources/measured/small.csv")).isNull();
        assertThat(files.kernels("src/test/resources/measured/llama-bench.json"))
                .isNull();
        assertThat(files.kernels("there/is/none.csv")).isNull();
        assertThat(files.kernels("-")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'h100_sxm,trtllm,bfloat16,x,4096,4096,0.1', column m",
        "'h100_sxm,trtllm,bfloat16,1,4096,4096,-1', column latency",
        "'h100_sxm,trtllm,bfloat16,1,4096,,0.1', column k",
        "'nothing_sxm,trtllm,bfloat16,1,4096,4096,0.1', column gpu",
        "'h100_sxm,trtllm,bfloat16,1,4096', line 2",
    })
    void what_none_may_hold_is_refused_with_its_place(String row, String place, @TempDir Path folder) {
        assertThatThrownBy(() -> written(folder, "gpu,backend,gemm_dtype,m,n,k,latency\n" + row + "\n"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(place);
    }
}
