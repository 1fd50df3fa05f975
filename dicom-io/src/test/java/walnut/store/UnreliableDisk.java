package walnut.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that forgets, when the power goes, what was not synced: bytes after a file's last sync, and names made
 * or removed since their directory's last sync. What it was not bound to keep it keeps or drops by a seed, as real disks
 * do. It can also be full.
 */
final class UnreliableDisk implements Disk {
    /** What a file holds, and how much of it is safe. */
    private static final class Content {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private byte[] synced = {};
    }

    /** Thrown by every operation once the power is gone. */
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super("the power is gone");
        }
    }

    private final Map<Path, Content> files = new TreeMap<>();
    private final Map<Path, Content> durableFiles = new TreeMap<>();
    private final Set<Path> directories = new HashSet<>();
    private final Set<Path> durableDirectories = new HashSet<>();
    private long operationsUntilPowerCut = Long.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private boolean syncsFail;
    private long operations;
    private long failFrom = Long.MAX_VALUE;
    private long failUntil;

    /** Lets this many more operations happen before the power goes. */
    synchronized void cutPowerAfter(long operations) {
        operationsUntilPowerCut = operations;
    }

    synchronized boolean isPowerless() {
        return operationsUntilPowerCut <= 0;
    }

    /** One operation of somebody else on the same machine, such as the index's commit. */
    synchronized void operate() throws PowerCut {
        if (operationsUntilPowerCut <= 0) {
            throw new PowerCut();
        }
        operationsUntilPowerCut--;
        operations++;
    }

    /** Operations so far, others' on the same machine included. */
    synchronized long operations() {
        return operations;
    }

    /** From the n-th operation to the m-th, whatever takes room (create, write, sync, rename) finds none: ENOSPC. */
    synchronized void fullBetween(long from, long until) {
        failFrom = from;
        failUntil = until;
    }

    /** One operation that needs room on the disk, such as the index's commit. */
    synchronized void takeRoom() throws IOException {
        operate();
        if (operations > failFrom && operations <= failUntil) {
            throw new IOException("No space left on device");
        }
    }

    /** Room for this many bytes in all files together. */
    synchronized void limitCapacity(long bytes) {
        capacity = bytes;
    }

    synchronized void failSyncs(boolean fail) {
        syncsFail = fail;
    }

    /** What becomes of each thing that was not synced. */
    interface Survival {
        /** Nothing that was not synced is there: the disk that lost its whole cache. */
        Survival NOTHING = choices -> 0;

        /** Everything reached the disk by chance, as after kill -9. */
        Survival EVERYTHING = choices -> choices - 1;

        /** A number in [0, choices); 0 keeps only what was synced. */
        int choose(int choices);

        static Survival random(Random random) {
            return random::nextInt;
        }

        default boolean survives() {
            return choose(2) == 1;
        }
    }

    /** What a machine finds on this disk when it starts again. */
    synchronized UnreliableDisk afterPowerCut(Survival survival) {
        UnreliableDisk found = new UnreliableDisk();
        found.directories.addAll(durableDirectories);
        directories.stream()
                .filter(directory -> !durableDirectories.contains(directory) && survival.survives())
                .forEach(found.directories::add);
        // What was done to a name since its directory's sync may or may not have reached the disk; a name that was
        // replaced stands for the old file or the new one, never for none.
        Set<Path> names = new TreeSet<>(files.keySet());
        names.addAll(durableFiles.keySet());
        for (Path name : names) {
            Content content = survival.survives() ? files.get(name) : durableFiles.get(name);
            if (content != null) {
                found.put(name, surviving(content, survival));
            }
        }
        found.files.keySet().removeIf(path -> !found.directories.contains(path.getParent()));
        found.durableFiles.putAll(found.files);
        found.durableDirectories.addAll(found.directories);
        return found;
    }

    private void put(Path path, byte[] bytes) {
        Content content = new Content();
        content.bytes.writeBytes(bytes);
        content.synced = bytes;
        files.put(path, content);
    }

    /** Synced bytes for certain; of the others some prefix, or zeros where only the length reached the disk. */
    private static byte[] surviving(Content content, Survival survival) {
        byte[] all = content.bytes.toByteArray();
        int length = content.synced.length
                + (all.length > content.synced.length ? survival.choose(all.length - content.synced.length + 1) : 0);
        byte[] found = new byte[length];
        System.arraycopy(all, 0, found, 0, survival.survives() ? length : content.synced.length);
        return found;
    }

    synchronized List<Path> paths() {
        return List.copyOf(files.keySet());
    }

    synchronized byte[] bytes(Path file) {
        Content content = files.get(file);
        return content == null ? new byte[0] : content.bytes.toByteArray();
    }

    synchronized void overwrite(Path file, byte[] bytes) {
        put(file, bytes);
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        takeRoom();
        if (!directories.contains(file.getParent())) {
            throw new FileNotFoundException("no directory for a new file");
        }
        Content content = new Content();
        if (files.putIfAbsent(file, content) != null) {
            throw new FileAlreadyExistsException("file exists");
        }
        return new OpenFile(content);
    }

    @Override
    public synchronized InputStream read(Path file) throws IOException {
        operate();
        return new ByteArrayInputStream(existing(file).bytes.toByteArray());
    }

    @Override
    public synchronized OptionalLong size(Path file) throws IOException {
        operate();
        Content content = files.get(file);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.bytes.size());
    }

    @Override
    public synchronized void syncFile(Path file) throws IOException {
        takeRoom();
        sync(existing(file));
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        takeRoom();
        directories.add(directory);
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        takeRoom();
        requireSyncs();
        if (!directories.contains(directory)) {
            throw new FileNotFoundException("no such directory");
        }
        durableFiles.keySet().removeIf(path -> directory.equals(path.getParent()) && !files.containsKey(path));
        files.forEach((path, content) -> {
            if (directory.equals(path.getParent())) {
                durableFiles.put(path, content);
            }
        });
        directories.stream()
                .filter(child -> directory.equals(child.getParent()))
                .forEach(durableDirectories::add);
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        operate();
        List<Path> children = new ArrayList<>();
        files.keySet().stream()
                .filter(path -> directory.equals(path.getParent()))
                .forEach(children::add);
        directories.stream().filter(path -> directory.equals(path.getParent())).forEach(children::add);
        children.sort(null);
        return children;
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        takeRoom();
        files.put(to, existing(from));
        files.remove(from);
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        operate();
        files.remove(file);
    }

    @Override
    public synchronized long usableSpace(Path directory) throws IOException {
        operate();
        return capacity - used();
    }

    private long used() {
        return files.values().stream()
                .mapToLong(content -> content.bytes.size())
                .sum();
    }

    private Content existing(Path file) throws IOException {
        Content content = files.get(file);
        if (content == null) {
            throw new FileNotFoundException("no such file");
        }
        return content;
    }

    private void sync(Content content) throws IOException {
        requireSyncs();
        content.synced = content.bytes.toByteArray();
    }

    private void requireSyncs() throws IOException {
        if (syncsFail) {
            throw new IOException("Input/output error");
        }
    }

    private final class OpenFile implements DiskFile {
        private final Content content;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public void write(List<ByteBuffer> buffers) throws IOException {
            synchronized (UnreliableDisk.this) {
                takeRoom();
                for (ByteBuffer buffer : buffers) {
                    if (used() + buffer.remaining() > capacity) {
                        throw new IOException("No space left on device");
                    }
                    byte[] bytes = new byte[buffer.remaining()];
                    buffer.get(bytes);
                    content.bytes.writeBytes(bytes);
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (UnreliableDisk.this) {
                takeRoom();
                UnreliableDisk.this.sync(content);
            }
        }

        @Override
        public void close() {}
    }
}
