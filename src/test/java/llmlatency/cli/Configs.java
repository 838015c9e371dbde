package llmlatency.cli;

import java.nio.file.Path;

/** Published configs that tests of commands inspect. */
final class Configs {
    static final Path FOLDER = Path.of("src/test/resources/configs");
    static final String DEEPSEEK = config("deepseek-ai__DeepSeek-V3");
    static final String KIMI = config("moonshotai__Kimi-K3");
    static final String QWEN = config("Qwen__Qwen3-8B");

    private Configs() {}

    private static String config(String name) {
        return FOLDER.resolve(name + ".json").toString();
    }
}
