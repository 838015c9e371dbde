package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsHeaderTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsReadTensorByTensor() throws IOException {
        Path file = new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("embed", "BF16", 48, 6, 4)
                .tensor("scale", "F32", 4)
                .tensor("packed", "F4", 16, 2, 16)
                .tensor("empty", "I32", 0, 0, 7)
                .write(folder.resolve("model.safetensors"));

        TensorListing listing = SafetensorsHeader.read(file);

        assertThat(listing.files()).containsExactly(file);
        assertThat(listing.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(listing.tensors())
                .containsExactly(
                        new StoredTensor("embed", "bf16", List.of(6L, 4L), 24, 48),
                        new StoredTensor("scale", "f32", List.of(), 1, 4),
                        new StoredTensor("packed", "f4", List.of(2L, 16L), 32, 16),
                        new StoredTensor("empty", "i32", List.of(0L, 7L), 0, 0));
        assertThat(listing.elements()).isEqualTo(57);
        assertThat(listing.bytes()).isEqualTo(68);
    }

    @Test
    void entriesMayComeInAnyOrderAndCarryUnknownFields() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Files.write(
                file,
                SafetensorsWriter.file(
                        "{\"b\":{\"data_offsets\":[4,8],\"shape\":[4],\"dtype\":\"U8\",\"note\":{\"x\":[1,{}]}},"
                                + "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}   \n",
                        8));
        assertThat(SafetensorsHeader.read(file).bytes()).isEqualTo(8);
    }

    @Test
    void anIndexNamesTheShards() throws IOException {
        shard("first.safetensors", "a");
        shard("second.safetensors", "b");
        shard("unrelated.safetensors", "c");
        Path index = index("{\"metadata\":{\"total_size\":8.0,\"parts\":{\"x\":1}},"
                + "\"weight_map\":{\"a\":\"first.safetensors\",\"b\":\"second.safetensors\"}}");

        TensorListing listing = SafetensorsHeader.read(folder);

        assertThat(listing.tensors()).extracting(StoredTensor::name).containsExactly("a", "b");
        assertThat(listing.metadata()).containsEntry("total_size", 8.0).doesNotContainKey("parts");
        assertThat(SafetensorsHeader.read(index)).isEqualTo(listing);
        assertThat(SafetensorsHeader.isAt(folder)).isTrue();
    }

    @Test
    void withoutAnIndexTheSetOfShardsIsRead() throws IOException {
        shard("model-00001-of-00002.safetensors", "a");
        Path second = shard("model-00002-of-00002.safetensors", "b");
        shard("other.safetensors", "c");

        assertThat(SafetensorsHeader.read(folder).tensors())
                .extracting(StoredTensor::name)
                .containsExactly("a", "b");
        assertThat(SafetensorsHeader.read(second)).isEqualTo(SafetensorsHeader.read(folder));
    }

    @Test
    void shardsMayBeCountedFromZero() throws IOException {
        shard("model-00000-of-00002.safetensors", "a");
        shard("model-00001-of-00002.safetensors", "b");
        assertThat(SafetensorsHeader.read(folder).tensors()).hasSize(2);
    }

    @Test
    void filesWithoutNumbersAreAllRead() throws IOException {
        shard("vision.safetensors", "v");
        shard("text.safetensors", "t");
        assertThat(SafetensorsHeader.read(folder).tensors()).hasSize(2);
    }

    @Test
    void modelSafetensorsStandsForTheWholeModel() throws IOException {
        shard("model.safetensors", "a");
        shard("adapter.safetensors", "b");
        assertThat(SafetensorsHeader.read(folder).tensors()).hasSize(1);
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        shard("model-00001-of-00003.safetensors", "a");
        shard("model-00003-of-00003.safetensors", "c");
        refused(folder, "model-00002-of-00003.safetensors is missing", "one of 3 files");
    }

    @Test
    void aShardThatOnlyTheIndexKnowsIsNamed() throws IOException {
        index("{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}");
        refused(folder, "model-00001-of-00001.safetensors", "there is no such file");
    }

    @Test
    void aTensorThatOnlyTheIndexKnowsIsNamed() throws IOException {
        shard("a.safetensors", "a");
        index("{\"weight_map\":{\"a\":\"a.safetensors\",\"b\":\"a.safetensors\"}}");
        refused(folder, "index.json, byte ", "none of the files holds the tensor 'b'");
    }

    @Test
    void anIndexMayNotLeaveItsFolder() throws IOException {
        for (String name :
                List.of("../a.safetensors", "/a.safetensors", "x/a.safetensors", "..\\\\a.safetensors", "a")) {
            index("{\"weight_map\":{\"a\":\"" + name + "\"}}");
            refused(folder, "is not the name of a safetensors file beside this one");
        }
    }

    @Test
    void anIndexWithoutFilesOrWithAnotherShapeIsRefused() throws IOException {
        index("{}");
        refused(folder, "names no file");
        index("{\"weight_map\":[]}");
        refused(folder, "expected an object");
        index("{\"weight_map\":{\"a\":1}}");
        refused(folder, "expected a text");
        shard("a.safetensors", "a");
        index("{\"weight_map\":{\"a\":\"a.safetensors\",\"a\":\"a.safetensors\"}}");
        refused(folder, "'a' stands twice");
    }

    @Test
    void aTensorInTwoShardsIsRefused() throws IOException {
        shard("model-00001-of-00002.safetensors", "a");
        shard("model-00002-of-00002.safetensors", "a");
        refused(folder, "lists the tensor 'a' twice");
    }

    @Test
    void severalSetsOfShardsAreAmbiguous() throws IOException {
        shard("model-00001-of-00001.safetensors", "a");
        shard("consolidated-00001-of-00001.safetensors", "b");
        refused(folder, "several sets of shards: consolidated-*-of-00001.safetensors, model-*-of-00001.safetensors");
    }

    @Test
    void aFolderWithoutWeightsIsRefused() {
        refused(folder, "holds no safetensors file");
        assertThat(SafetensorsHeader.isAt(folder)).isFalse();
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        Path loop = folder.resolve("loop.safetensors");
        Files.createSymbolicLink(loop, loop);
        refused(loop, "is a link that leads nowhere or in a circle");
        Path broken = Files.createSymbolicLink(folder.resolve("broken.safetensors"), Path.of("nowhere"));
        refused(broken, "is a link that leads nowhere or in a circle");
        refused(folder.resolve("absent.safetensors"), "there is no such file");
        Path inner = Files.createDirectories(folder.resolve("outer").resolve("model.safetensors"));
        refused(inner.getParent(), "is a folder; expected a file");
        refused(Path.of("/dev/zero"), "is not a regular file");
    }

    private Path shard(String name, String tensor) throws IOException {
        return new SafetensorsWriter().tensor(tensor, "F32", 4, 1).write(folder.resolve(name));
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    private static void refused(Path path, String... parts) {
        assertThatThrownBy(() -> SafetensorsHeader.read(path))
                .isInstanceOf(Refusal.class)
                .hasMessageContainingAll(parts);
    }
}
