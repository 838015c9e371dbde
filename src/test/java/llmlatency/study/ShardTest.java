package llmlatency.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "10,3", "3,10", "1000003,64", "9007199254740992,1000000"})
    void shards_follow_each_other_without_a_gap(long size, int of) {
        long end = 0;
        for (int i = 1; i <= of; i++) {
            Shard shard = new Shard(i, of);
            assertThat(shard.from(size)).isEqualTo(end);
            end = shard.to(size);
            assertThat(end - shard.from(size)).isBetween(size / of, size / of + 1);
        }
        assertThat(end).isEqualTo(size);
    }

    @Test
    void a_shard_is_read_from_its_number_and_theirs() {
        assertThat(Shard.parse(" 2/8")).isEqualTo(new Shard(2, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1/9999999"})
    void what_is_no_shard_is_refused(String text) {
        assertThatThrownBy(() -> Shard.parse(text)).isInstanceOf(Refusal.class).hasMessageContaining("I/N");
    }

    @Test
    void combinations_run_through_the_last_axis_first() {
        Combinations combinations = new Combinations(
                List.of(new Axis("--gpu", List.of("a", "b")), new Axis("--batch", List.of("1", "2", "4"))));

        assertThat(combinations.size()).isEqualTo(6);
        assertThat(combinations.at(0)).containsExactly("a", "1");
        assertThat(combinations.at(2)).containsExactly("a", "4");
        assertThat(combinations.at(3)).containsExactly("b", "1");
    }
}
