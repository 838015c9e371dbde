package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles of the user's own: they win over the shipped ones, and lie in folders or single files. */
class UserProfilesTest {
    @TempDir
    Path first;

    @TempDir
    Path second;

    private static String engine(String title, String aliases, String utilisation) {
        return "{\"title\": \"" + title + "\", \"aliases\": [" + aliases + "], \"memory_utilisation\": " + utilisation
                + ", \"reserve\": \"1 GiB\", \"sources\": [{\"title\": \"nobody\", \"kind\": \"assumed\"}]}";
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        Path place = Files.createDirectories(folder.resolve("engines"));
        return Files.writeString(place.resolve(name + ".json"), text);
    }

    @Test
    void aUsersProfileWinsOverTheShippedOneOfItsName() throws IOException {
        write(first, "ideal", engine("Mine", "", "0.5"));
        assertThat(utilisation("ideal", first)).isEqualTo(0.5);
        assertThat(utilisation("IDEAL", first)).isEqualTo(0.5);
        assertThat(utilisation("ideal")).isEqualTo(1);
    }

    @Test
    void aUsersAliasWinsOverTheShippedName() throws IOException {
        write(first, "half", engine("Mine", "\"ideal\"", "0.5"));
        assertThat(new ProfileLibrary(List.of(first)).engine("ideal").name()).isEqualTo("half");
    }

    @Test
    void theFirstFolderWinsOverTheNext() throws IOException {
        write(first, "mine", engine("First", "", "0.1"));
        write(second, "mine", engine("Second", "", "0.2"));
        assertThat(utilisation("mine", first, second)).isEqualTo(0.1);
        assertThat(utilisation("mine", second, first)).isEqualTo(0.2);
    }

    @Test
    void anAliasOfTwoProfilesInOneFolderIsRefusedWithBoth() throws IOException {
        write(first, "one", engine("One", "\"both\"", "0.1"));
        write(first, "two", engine("Two", "\"both\"", "0.2"));
        assertThatThrownBy(() -> utilisation("both", first))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'both' fits several engines: one, two");
    }

    @Test
    void aUsersNameIsListedAndOffered() throws IOException {
        write(first, "turbo-server", engine("Mine", "", "0.5"));
        ProfileLibrary library = new ProfileLibrary(List.of(first));
        assertThat(library.names(ProfileKind.ENGINE)).contains("turbo-server", "ideal");
        assertThatThrownBy(() -> library.engine("turbo-servr"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("did you mean turbo-server");
    }

    @Test
    void aProfileMayBeNamedByItsPath() throws IOException {
        Path file = write(first, "mine", engine("Mine", "", "0.5"));
        Profile<?> profile = new ProfileLibrary(List.of()).engine(file.toString());
        assertThat(profile.name()).isEqualTo("mine");
        assertThat(profile.title()).isEqualTo("Mine");
    }

    @Test
    void aPathWithoutAFileIsRefused() {
        for (String path : List.of("./nowhere.json", first + "/nowhere.json", first.toString(), "./", "../", "/")) {
            assertThatThrownBy(() -> new ProfileLibrary(List.of()).model(path))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(path);
        }
    }

    @Test
    void noWordCrashesTheSearch() throws IOException {
        write(first, "mine", engine("Mine", "\"x\"", "0.5"));
        ProfileLibrary library = new ProfileLibrary(List.of(first));
        for (String word : List.of(
                "",
                " ",
                "#",
                "\t",
                "\0",
                "\n",
                ".json",
                "../../etc/passwd",
                "é",
                "😀",
                "a".repeat(10_000),
                "%s",
                "64GB",
                "NVIDIA",
                "nvidia 24GB")) {
            for (ProfileKind kind : ShippedProfilesTest.KINDS) {
                assertThatThrownBy(() -> library.any(kind, word))
                        .as("%s '%s'", kind, word)
                        .isInstanceOf(Refusal.class);
            }
        }
    }

    @Test
    void aByteOrderMarkDoesNoHarm() throws IOException {
        write(first, "mine", "\uFEFF" + engine("Mine", "", "0.5"));
        assertThat(utilisation("mine", first)).isEqualTo(0.5);
    }

    @Test
    void aTitleMayHoldAnyLetters() throws IOException {
        write(first, "mine", engine("Größe 模型", "", "0.5"));
        assertThat(new ProfileLibrary(List.of(first)).engine("mine").title()).isEqualTo("Größe 模型");
    }

    @Test
    void aBrokenNeighbourDoesNotHideAProfile() throws IOException {
        write(first, "broken", "{");
        write(first, "mine", engine("Mine", "", "0.5"));
        assertThat(utilisation("mine", first)).isEqualTo(0.5);
    }

    private static double utilisation(String word, Path... folders) {
        return new ProfileLibrary(List.of(folders)).engine(word).value().memoryUtilisation();
    }
}
