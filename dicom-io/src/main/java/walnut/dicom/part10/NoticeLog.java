package walnut.dicom.part10;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Notices of one reading, each once, and only so many: a hostile file can do the same thing wrong a million times. */
final class NoticeLog {
    private static final int MOST = 100;

    private final Set<ReadNotice> notices = new LinkedHashSet<>();

    void add(ReadNotice.Kind kind, int tag) {
        if (notices.size() < MOST) {
            notices.add(new ReadNotice(kind, tag));
        }
    }

    List<ReadNotice> toList() {
        return List.copyOf(notices);
    }
}
