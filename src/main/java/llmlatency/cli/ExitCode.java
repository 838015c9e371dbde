package llmlatency.cli;

/** The only place with exit codes. They never depend on the output format. */
final class ExitCode {
    static final int ANSWERED = 0;
    static final int BUDGET_BROKEN = 1;
    static final int WRONG_QUESTION = 2;
    static final int OUR_BUG = 70;

    private ExitCode() {}
}
