package llmlatency.benchmark;

import java.util.List;
import java.util.concurrent.TimeUnit;
import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Timeline;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.estimate.Workshop;
import llmlatency.model.Parallelism;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.profile.Storage;
import llmlatency.report.EstimateRows;
import llmlatency.report.ReportFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many answers a core gives in a second, and on what that depends. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class EstimatorBenchmark {
    /** A dense model, one with a window, one with experts, one with layers of many shapes. */
    @Param({"llama-3.1-8b"})
    public String model = "llama-3.1-8b";

    /** Prompt, output and batch. */
    @Param({"512/128/1"})
    public String workload = "512/128/1";

    private Scenario scenario;
    private Workload asked;
    private final Workshop workshop = new Workshop();
    private Estimate answer;
    private final EstimateRows rows =
            new EstimateRows(ReportFormat.CSV, new EstimateRows.Parts(false, false, false), List.of(), List.of());
    private final StringBuilder text = new StringBuilder();

    @org.openjdk.jmh.annotations.Setup(Level.Trial)
    public void prepare() {
        ProfileLibrary library = new ProfileLibrary(List.of());
        Profile<ModelProfile> found = library.model(model);
        Storage storage = Storage.of(library, found.value(), null, null);
        Engine engine = library.engine("vllm").value();
        Setup setup = new Setup(engine, "cuda", engine.newest(), null, java.util.Map.of());
        String[] numbers = workload.split("/");
        asked = new Workload(
                Long.parseLong(numbers[0]), 0, Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        scenario = new Scenario(
                found.name(),
                model,
                found.value().model(),
                found.value().trainedContext(),
                storage.weights().value().format(),
                storage.scheme(),
                true,
                storage.cache(),
                new Deployment(library.gpu("h100-sxm").gpu(), 1, Parallelism.NONE, setup),
                asked,
                List.of(),
                List.of());
        answer = Estimator.estimate(scenario, workshop);
    }

    /** The floor of prefill and decode. */
    @Benchmark
    public Timings floor() {
        return Timeline.floor(scenario, workshop).timings(asked);
    }

    /** A whole answer, with what is expected and its interval, alike ones before it. */
    @Benchmark
    public Estimate estimate() {
        return Estimator.estimate(scenario, workshop);
    }

    /** The same with nothing kept from before. */
    @Benchmark
    public Estimate alone() {
        return Estimator.estimate(scenario);
    }

    /** An answer as a row of CSV, all columns. */
    @Benchmark
    public int row() {
        text.setLength(0);
        rows.append(text, answer, List.of());
        return text.length();
    }
}
