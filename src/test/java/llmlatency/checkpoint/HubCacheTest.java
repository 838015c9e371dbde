package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {
    private static final String ID = "org/name";

    @TempDir
    private Path home;

    private Path model;

    @BeforeEach
    void cacheOneModel() throws IOException {
        model = cached(home.resolve("cache"));
    }

    @Test
    void theReferenceMainNamesTheSnapshot() throws IOException {
        Files.createDirectories(model.resolve("snapshots/other"));
        assertThat(find()).isEqualTo(model.resolve("snapshots/abc123"));
    }

    @Test
    void withoutReferencesTheOnlySnapshotIsTaken() throws IOException {
        Files.delete(model.resolve("refs/main"));
        Files.writeString(model.resolve("snapshots/.DS_Store"), "");
        assertThat(find()).isEqualTo(model.resolve("snapshots/abc123"));
        Files.createDirectories(model.resolve("snapshots/other"));
        refused("holds 2 snapshots and no refs/main says which is meant");
    }

    @Test
    void filesAreLinksToBlobs() throws IOException {
        Path blob = Files.createDirectories(model.resolve("blobs")).resolve("0f1e");
        new SafetensorsWriter().tensor("a", "F32", 4, 1).write(blob);
        Path snapshot = model.resolve("snapshots/abc123");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/0f1e"));
        assertThat(SafetensorsHeader.read(snapshot).bytes()).isEqualTo(4);

        Files.delete(blob);
        assertThatThrownBy(() -> SafetensorsHeader.read(snapshot))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("model.safetensors is a link that leads nowhere");
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE,hub",
        "HUGGINGFACE_HUB_CACHE,hub",
        "HF_HOME,hub/hub",
        "XDG_CACHE_HOME,hub/huggingface/hub",
        "HOME,hub/.cache/huggingface/hub"
    })
    void everyVariableLeadsToTheCache(String variable, String folder) throws IOException {
        Path found = cached(home.resolve(folder)).resolve("snapshots/abc123");
        assertThat(HubCache.find(ID, Map.of(variable, home.resolve("hub").toString())))
                .isEqualTo(found);
    }

    @Test
    void theMoreSpecialVariableWins() {
        String wrong = home.resolve("wrong").toString();
        Map<String, String> environment = Map.of(
                "HF_HUB_CACHE",
                home.resolve("cache").toString(),
                "HF_HOME",
                wrong,
                "XDG_CACHE_HOME",
                wrong,
                "HOME",
                wrong);
        assertThat(HubCache.find(ID, environment)).isNotNull();
        assertThat(HubCache.find(ID, Map.of("HF_HUB_CACHE", "", "HF_HOME", "~/x", "HOME", home.toString())))
                .isNull();
        assertThat(HubCache.find(ID, Map.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"other/name", "", "..", "../..", "org/..", "org/name/more", "/etc", "org\\name", "a b/c", "a\0b"
            })
    void whatIsNotThereIsNotFound(String id) {
        assertThat(HubCache.find(
                        id, Map.of("HF_HUB_CACHE", home.resolve("cache").toString())))
                .isNull();
    }

    @Test
    void anEmptyModelFolderIsNotFound() throws IOException {
        Files.delete(model.resolve("refs/main"));
        Files.delete(model.resolve("snapshots/abc123"));
        assertThat(find()).isNull();
        Files.delete(model.resolve("snapshots"));
        assertThat(find()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../..", "abc/def", "a\nb"})
    void aReferenceThatNamesNoCommitIsRefused(String reference) throws IOException {
        Files.writeString(model.resolve("refs/main"), reference);
        refused("names no commit");
    }

    @Test
    void aReferenceToWhatIsNotThereIsRefused() throws IOException {
        Files.writeString(model.resolve("refs/main"), "fff000\n");
        refused("names the snapshot fff000, which is not in the cache");
    }

    @Test
    void linksThatLoopEndTheSearch() throws IOException {
        Path snapshot = model.resolve("snapshots/abc123");
        Files.delete(snapshot);
        Files.createSymbolicLink(snapshot, snapshot);
        refused("names the snapshot abc123, which is not in the cache");
        Files.delete(model.resolve("refs/main"));
        Files.createSymbolicLink(model.resolve("refs/main"), model.resolve("refs/main"));
        assertThat(find()).isNull();
    }

    private Path find() {
        return HubCache.find(ID, Map.of("HF_HUB_CACHE", home.resolve("cache").toString()));
    }

    private void refused(String message) {
        assertThatThrownBy(this::find).isInstanceOf(Refusal.class).hasMessageContaining(message);
    }

    private static Path cached(Path cache) throws IOException {
        Path model = cache.resolve("models--org--name");
        Files.createDirectories(model.resolve("snapshots/abc123"));
        Files.createDirectories(model.resolve("refs"));
        Files.writeString(model.resolve("refs/main"), "abc123");
        return model;
    }
}
