package walnut.store;

/**
 * Judges two objects of one SOP Instance UID whose bytes differ. An {@link InstanceIndex} asks it within
 * {@link InstanceIndex#commit}, and only then: reading two files is rare and slow beside a commit.
 */
@FunctionalInterface
public interface ContentComparison {
    Likeness compare(StoredInstance earlier, StoredInstance arrived);
}
