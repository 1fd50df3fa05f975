package walnut.server;

import org.junit.jupiter.api.Test;

/** What the profile {@code bench} runs; its arguments come in {@code -Dwalnut.bench="--rounds 5 …"}. */
class BenchSuite {
    @Test
    void ingest() throws Exception {
        String[] arguments = System.getProperty("walnut.bench", "").trim().split("\\s+");
        IngestBench.main(arguments);
    }
}
