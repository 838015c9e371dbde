package llmlatency.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import llmlatency.document.Document;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.profile.ProfileLibrary;
import llmlatency.profile.UsedProfiles;
import llmlatency.study.Baseline;
import llmlatency.study.Checked;
import llmlatency.study.Inquiry;
import llmlatency.study.Remedies;
import llmlatency.study.Remedy;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** One run of {@code check}: asks deployments, and what would have to change where a budget is broken. */
final class Check {
    private static final int LONGEST_INPUT = (4 << 20) + 1;
    private final Console console;
    private final ProfileOptions profiles;
    private final AskedOptions options;
    private final UsedProfiles used = new UsedProfiles();
    private byte @Nullable [] input;

    Check(Console console, ProfileOptions profiles, AskedOptions options) {
        this.console = console;
        this.profiles = profiles;
        this.options = options;
    }

    /** The profiles that all verdicts rest on. */
    UsedProfiles used() {
        return used;
    }

    /** A library that remembers what was read of it. */
    private ProfileLibrary library(Asked asked) {
        Map<String, String> environment = console.environment();
        byte[] read = "-".equals(asked.given("model")) ? input() : new byte[0];
        return new ProfileLibrary(profiles.overlays(environment), environment, new ByteArrayInputStream(read));
    }

    /** Standard input can be read once, but is asked for with every change. */
    private byte[] input() {
        if (input == null) {
            try {
                input = console.in().readNBytes(LONGEST_INPUT);
            } catch (IOException e) {
                throw new Refusal("standard input cannot be read: " + e.getMessage());
            }
        }
        return input;
    }

    /** The deployment that options ask for. */
    Checked checked(Asked asked, DeploymentOptions parsed) {
        return checked(null, null, asked, () -> parsed);
    }

    /** A deployment of a budget file; what is wrong with it is said with its place. */
    Checked checked(BudgetFile.Deployment deployment, Asked given) {
        try {
            Asked asked = deployment.asked().with(given);
            return checked(
                    deployment.name(),
                    new Checked.Place(deployment.file(), deployment.line()),
                    asked,
                    () -> options.read(asked));
        } catch (Refusal e) {
            throw e.at(deployment.place());
        }
    }

    private Checked checked(
            @Nullable String name, Checked.@Nullable Place place, Asked asked, Supplier<DeploymentOptions> parsed) {
        ProfileLibrary library = library(asked);
        Verdict verdict = parsed.get().verdict(library);
        used.addAll(library.used());
        List<Remedy> remedies = verdict.kept() ? List.of() : Remedies.of(verdict, new Asking(asked), library(asked));
        return new Checked(name, place, flat(asked), options.tree(name, asked), verdict, remedies);
    }

    /** The texts of options, those of a repeated one side by side. */
    private static Map<String, String> flat(Asked asked) {
        Map<String, String> flat = new LinkedHashMap<>();
        asked.options().forEach((key, values) -> flat.put(key, String.join(", ", values)));
        return flat;
    }

    /** A question that is asked again with options changed. */
    private final class Asking implements Inquiry {
        private final Asked asked;
        private final ProfileLibrary library;

        Asking(Asked asked) {
            this.asked = asked;
            this.library = library(asked);
        }

        @Override
        public @Nullable String given(String option) {
            return asked.given(option);
        }

        @Override
        public Verdict changed(Map<String, String> options) {
            boolean input = "-".equals(asked.given("model"));
            return Check.this.options.read(asked.changed(options)).verdict(input ? library(asked) : library);
        }
    }

    /**
     * What moved since an earlier verdict.
     *
     * @param baseline what {@code check -f json} printed then
     * @param allowedPercent by how much a figure may become worse; null: by any
     */
    Shift comparison(Document baseline, List<Checked> now, @Nullable Double allowedPercent) {
        return Shift.of(
                Baseline.read(baseline), now, used, Version.text(), allowedPercent, new Again(new UsedProfiles()));
    }

    /** Old questions asked today, and the profiles that were read for them. */
    private final class Again implements Shift.Again {
        private final BudgetFile file = new BudgetFile(options);
        private final UsedProfiles used;

        Again(UsedProfiles used) {
            this.used = used;
        }

        @Override
        public UsedProfiles used() {
            return used;
        }

        @Override
        public Map<String, String> options(Baseline.Before before) {
            return flat(file.lenient(before.asked()));
        }

        @Override
        public @Nullable Estimate estimate(Baseline.Before before) {
            try {
                Asked asked = file.asked(before.asked());
                ProfileLibrary library = library(asked);
                Estimate estimate =
                        Estimator.estimate(options.read(asked).scenario.scenario(library));
                used.addAll(library.used());
                return estimate;
            } catch (Refusal impossible) {
                return null;
            }
        }
    }

    /** The warnings of all answers, with the names of their deployments. */
    static List<String> warnings(List<Checked> deployments) {
        List<String> warnings = new ArrayList<>();
        for (Checked checked : deployments) {
            String name = checked.name() == null ? "" : checked.name() + ": ";
            checked.verdict().estimate().warnings().forEach(warning -> warnings.add(name + warning));
        }
        return warnings;
    }
}
