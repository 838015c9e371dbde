package llmlatency.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.CatalogueReport;
import llmlatency.units.Refusal;

/** Keeps profiles in the user's own folder. */
final class UserProfiles {
    private UserProfiles() {}

    /**
     * Refuses a name that no profile can have, or that one has already.
     *
     * @param force whether a profile of that name may be replaced
     */
    static void requireFree(ProfileKind kind, String name, boolean force, ProfileLibrary library) {
        if (!name.matches("[a-z0-9][a-z0-9._-]*")) {
            throw new Refusal("--save '" + name + "': a profile's name is of lower-case letters, digits and . _ -");
        }
        if (!force && library.names(kind).contains(name)) {
            String article = "aeiou".indexOf(kind.noun().charAt(0)) < 0 ? "a " : "an ";
            throw new Refusal("there is " + article + kind.noun() + " named '" + name
                    + "' already; choose another name, or --force");
        }
    }

    /**
     * Writes a profile.
     *
     * @return the file that it stands in
     * @throws Refusal when the name is taken and not forced, or the file cannot be written
     */
    static String save(
            ProfileKind kind,
            Profile<?> profile,
            String name,
            boolean force,
            ProfileLibrary library,
            Map<String, String> environment) {
        requireFree(kind, name, force, library);
        Path own = ProfileOptions.own(environment);
        if (own == null) {
            throw new Refusal("--save needs a home: set HOME or XDG_CONFIG_HOME");
        }
        Path folder = own.resolve(kind.folder());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Refusal("--save cannot make the folder " + folder + ": " + e.getMessage());
        }
        String file = folder.resolve(name + ".json").toString();
        OutputFile.write(file, CatalogueReport.document(profile));
        return file;
    }
}
