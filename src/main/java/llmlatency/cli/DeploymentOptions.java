package llmlatency.cli;

import llmlatency.estimate.Estimator;
import llmlatency.profile.ProfileLibrary;
import llmlatency.study.Terms;
import llmlatency.study.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One deployment and its budget: on the command line of {@code check}, or as an object of a budget file. */
@Command
final class DeploymentOptions {
    @Mixin
    LimitOptions limits = new LimitOptions();

    @Mixin
    JudgeOptions judge = new JudgeOptions();

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    /** The verdict on it. */
    Verdict verdict(ProfileLibrary library) {
        Terms terms = new Terms(limits.list(scenario.workload.underLoad()), judge.against(), judge.allowMisfit);
        return terms.judge(Estimator.estimate(scenario.scenario(library)));
    }
}
