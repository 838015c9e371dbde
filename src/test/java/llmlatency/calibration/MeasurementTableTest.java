package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasurementTableTest {
    private static final String HEADER = "model,gpu,engine,metric,value";
    private static final String ROW = "7b,rtx4090,ideal,tpot_ms,15";

    @Test
    void five_columns_are_enough_and_the_rest_has_its_usual_value() {
        Measurement measurement = Rows.read(HEADER + "\n" + ROW + "\n").get(0);

        assertThat(measurement)
                .isEqualTo(new Measurement(
                        new Measurement.Origin("m.csv", 2, null, null, null, null, true),
                        new Measurement.Subject("7b", "rtx4090", "ideal", null, null, null, null),
                        Measurement.Layout.ONE,
                        new Measurement.Request(false, 1, null, null, null, null, 0, false),
                        "tpot_ms",
                        15));
        assertThat(measurement.name()).isEqualTo("m.csv:2");
    }

    @Test
    void columns_are_found_by_name_in_any_order_and_others_are_left_alone() {
        String table =
                "value,colour,engine_version,moe_tp,split,replicas,attention_dp,ep,pp,tp,n_gpus,metric,engine,gpu,"
                        + "model,id,source,date,trust,weight_format,weight_bytes,kv_format,flash_attention,load,batch,"
                        + "prompt_tokens,output_tokens,depth,prefill_chunk,includes_prefill,cached_tokens,unit\n"
                        + "1.5e1,red,1.0.2,2,layer,3,4,5,6,7,8,ttft_ms,vllm/cuda,h100,x,one,who,2025-06,low,q4_k_m,123,q8_0,no,"
                        + "yes,32,100,200,300,512,yes,50,ms\n";

        assertThat(Rows.read(table))
                .containsExactly(new Measurement(
                        new Measurement.Origin("m.csv", 2, "one", "who", "2025-06", "1.0.2", false),
                        new Measurement.Subject("x", "h100", "vllm/cuda", "q4_k_m", 123L, "q8_0", false),
                        new Measurement.Layout(8, 7, 6, 5, 4, 2, 3, "layer"),
                        new Measurement.Request(true, 32, 100L, 200L, 300L, 512L, 50, true),
                        "ttft_ms",
                        15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "\n\n", ""})
    void a_byte_order_mark_blank_lines_and_windows_line_ends_are_no_trouble(String before) {
        assertThat(Rows.read(before + HEADER + "\r\n\r\n" + ROW + "\r\n\r\n" + ROW))
                .hasSize(2);
    }

    @Test
    void quoted_cells_may_hold_commas_quotes_and_line_ends_and_lines_are_still_counted() {
        List<Measurement> rows = Rows.read(HEADER + ",notes\n" + ROW + ",\"a, \"\"b\"\"\nc\nd\"\n" + ROW + ",\n");

        assertThat(rows).extracting(row -> row.origin().line()).containsExactly(2L, 5L);
    }

    @Test
    void a_table_without_rows_holds_no_measurement() {
        assertThat(Rows.read(HEADER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"value", "model", "gpu", "engine", "metric"})
    void a_column_that_must_be_there_is_asked_for_by_name(String column) {
        String without = HEADER.replace(column, "other");

        refused(without + "\n" + ROW, "m.csv has no column '" + column + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "value|0|not a number above zero",
                "value|-1|not a number above zero",
                "value|NaN|not a number above zero",
                "value|Infinity|not a number above zero",
                "value|1e999|not a number above zero",
                "value|0x10|not a number above zero",
                "value|1d|not a number above zero",
                "value|fast|not a number above zero",
                "value|1.5 ms|not a number above zero",
                "value|''|may not be empty",
                "batch|0|not a whole number from 1",
                "batch|1.5|not a whole number from 1",
                "batch|4k|not a whole number from 1",
                "batch|99999999999999999999|not a whole number from 1",
                "batch|1000000001|not a whole number from 1",
                "prompt_tokens|-1|not a whole number from 0",
                "output_tokens|0|not a whole number from 1",
                "depth|one|not a whole number from 0",
                "prefill_chunk|0|not a whole number from 1",
                "n_gpus|0|not a whole number from 1",
                "tp|1000001|not a whole number from 1",
                "weight_bytes|0|not a whole number from 1",
                "load|true|neither yes nor no",
                "flash_attention|on|neither yes nor no",
                "includes_prefill|YES|neither yes nor no",
                "trust|medium|neither low nor high",
                "date|June|not a date",
                "date|2025-6-1|not a date",
                "unit|s|tpot_ms is in ms",
                "model|''|may not be empty"
            })
    void a_cell_that_holds_what_it_may_not_is_refused_by_file_line_and_column(
            String column, String cell, String message) {
        boolean known = HEADER.contains(column);
        String header = known ? HEADER : HEADER + "," + column;
        String row = known ? ROW.replace(column.equals("value") ? "15" : "7b", cell) : ROW + "," + cell;

        refused(header + "\n" + row, "m.csv, line 2, column " + column + ": ", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7b,rtx4090,ideal,tpot_ms", ROW + ",more", ROW + ",", "7b"})
    void a_row_with_a_cell_too_few_or_too_many_is_refused_since_the_others_may_have_moved(String row) {
        refused(HEADER + "\n" + row + "\n", "m.csv, line 2: ", "the header names 5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEADER + ",model\n",
                HEADER + ",\n",
                HEADER + "\n\"7b,rtx4090,ideal,tpot_ms,15\n",
                HEADER + "\n\"7b\"x,rtx4090,ideal,tpot_ms,15\n",
                "",
                "\n",
                "\0",
                "{}"
            })
    void what_is_no_table_is_refused_in_one_line(String text) {
        refused(text, "m.csv");
    }

    @Test
    void text_that_is_not_utf_8_is_refused() {
        assertThatThrownBy(
                        () -> Rows.read((HEADER + "\n" + ROW.replace("7b", "é")).getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("m.csv is not text in UTF-8");
    }

    @Test
    void a_long_cell_is_cut_in_the_message() {
        assertThatThrownBy(() -> Rows.read(HEADER + "\n" + ROW + "9".repeat(100_000)))
                .isInstanceOf(Refusal.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    private static void refused(String text, String... messages) {
        assertThatThrownBy(() -> Rows.read(text))
                .isInstanceOf(Refusal.class)
                .satisfies(
                        e -> assertThat(e.getMessage()).contains(messages).doesNotContain("\n", "null", "Exception"));
    }
}
