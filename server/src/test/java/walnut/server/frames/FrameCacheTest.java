package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class FrameCacheTest {
    private final AtomicInteger reads = new AtomicInteger();
    private volatile String revision = "r1";
    private volatile boolean broken;

    private final FrameCache cache = new FrameCache(new PaneSource() {
        @Override
        public Optional<String> revision(String caseId) {
            return caseId.equals("unknown") ? Optional.empty() : Optional.of(revision);
        }

        @Override
        public Optional<CasePanes> panes(String caseId) {
            reads.incrementAndGet();
            if (broken) {
                throw new WalnutException(FailureCode.INPUT_GONE, "the images were removed");
            }
            return Optional.of(new CasePanes(revision, Map.of(Pane.T2W, voxel())));
        }
    });

    @Test
    void a_case_is_read_once_however_many_ask_together() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<CaseFrames>>> answers = new ArrayList<>();
            for (int reader = 0; reader < 64; reader++) {
                answers.add(readers.submit(() -> cache.frames("a")));
            }
            for (Future<Optional<CaseFrames>> answer : answers) {
                assertThat(answer.get()).isPresent();
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void a_new_revision_is_read_again() {
        cache.frames("a");
        revision = "r2";

        assertThat(cache.frames("a").orElseThrow().revision()).isEqualTo("r2");
        assertThat(reads).hasValue(2);
    }

    @Test
    void a_failed_read_is_tried_again() {
        broken = true;
        assertThatThrownBy(() -> cache.frames("a"))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INPUT_GONE));
        broken = false;

        assertThat(cache.frames("a")).isPresent();
    }

    @Test
    void the_case_looked_at_longest_ago_makes_room() {
        for (String caseId : List.of("a", "b", "c", "d")) {
            cache.frames(caseId);
        }
        cache.frames("a");
        cache.frames("e");
        assertThat(reads).hasValue(5);

        cache.frames("a");
        assertThat(reads).as("a was used again and stays").hasValue(5);
        cache.frames("b");
        assertThat(reads).as("b had to go").hasValue(6);
    }

    @Test
    void an_unknown_case_has_no_pictures() {
        assertThat(cache.frames("unknown")).isEmpty();
        assertThat(reads).hasValue(0);
    }

    private static Volume voxel() {
        VolumeGeometry geometry = new VolumeGeometry(
                1, 1, 1, 1, 1, 1, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        return new Volume(geometry, new float[] {1});
    }
}
