package walnut.server;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/**
 * The least that a Java process can do for a C-STORE on this machine, for {@link IngestBench} to hold Walnut against: one
 * blocking thread an association that reads, digests, stores and answers, with no check, no limit and no recovery. It
 * understands what {@code storescu} and {@code echoscu} send and nothing else.
 *
 * <p>Of the ways to store, {@code in-turn} and {@code side-by-side} keep the promise that Walnut keeps, by its schema's row and
 * three syncs; {@code journal} would keep it with one (the object written a second time, past the page cache, into zeroed
 * space) if there were a restart that reads it and somebody who syncs the files later, which is not counted here.
 */
public final class IngestFloor {
    private static final int ALIGNMENT = 4096;
    private static final long JOURNAL_BYTES = 512L << 20;
    private static final int LARGEST_OBJECT = 1 << 20;

    private enum Way {
        DISCARD,
        WRITE,
        IN_TURN,
        SIDE_BY_SIDE,
        JOURNAL
    }

    private final Way way;
    private final Path folder;
    private final FileChannel directory;
    private final Connection database;
    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final PreparedStatement count;
    private final FileChannel log;
    private final FileChannel journal;
    private final AtomicLong journalEnd = new AtomicLong();
    private final AtomicLong arrivals = new AtomicLong();
    private final ExecutorService beside = Executors.newCachedThreadPool();

    private IngestFloor(Way way, Path folder) throws Exception {
        this.way = way;
        this.folder = Files.createDirectories(folder.resolve("instances"));
        directory = FileChannel.open(this.folder, StandardOpenOption.READ);
        database = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("floor.db"));
        try (Statement statement = database.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = normal");
            statement.execute("create table instance (sop_instance_uid text not null, dataset_sha256 text not null,"
                    + " study_instance_uid text not null, file text not null unique, size_bytes bigint not null,"
                    + " received_at bigint not null, primary key (sop_instance_uid, dataset_sha256))");
            statement.execute("create index by_study on instance (study_instance_uid)");
            statement.execute("create table study_case (study_instance_uid text not null primary key,"
                    + " instance_count integer not null, due_at bigint not null)");
            statement.execute("create index by_due on study_case (due_at)");
            statement.execute("create index by_turn on study_case (instance_count, due_at)");
        }
        find = database.prepareStatement("select 1 from instance where sop_instance_uid = ?");
        insert = database.prepareStatement("insert into instance values (?, ?, ?, ?, ?, ?)");
        count = database.prepareStatement("insert into study_case values (?, 1, ?) on conflict (study_instance_uid)"
                + " do update set instance_count = study_case.instance_count + 1, due_at = excluded.due_at");
        log = FileChannel.open(folder.resolve("floor.db-wal"), StandardOpenOption.WRITE);
        journal = journal(folder.resolve("journal"));
    }

    private FileChannel journal(Path file) throws IOException {
        if (way == Way.JOURNAL) {
            try (FileChannel zeroed = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(8 << 20);
                while (zeroed.position() < JOURNAL_BYTES) {
                    zeroed.write(zeros.clear());
                }
                zeroed.force(true);
            }
            return FileChannel.open(
                    file, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT);
        }
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Arguments: port, way, folder. */
    public static void main(String[] args) throws Exception {
        IngestFloor floor = new IngestFloor(Way.valueOf(args[1].toUpperCase().replace('-', '_')), Path.of(args[2]));
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_RCVBUF, 256 * 1024);
            server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
            while (true) {
                SocketChannel accepted = server.accept();
                new Thread(() -> floor.serve(accepted)).start();
            }
        }
    }

    private void serve(SocketChannel socket) {
        try (socket) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Association(socket).run();
        } catch (EOFException e) {
            // The sender is gone, as after each association.
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    /** PS3.8 and PS3.7 as far as storescu takes it. */
    private final class Association {
        private final SocketChannel socket;
        private final ByteBuffer in = ByteBuffer.allocateDirect(512 * 1024).limit(0);
        private final ByteBuffer object = ByteBuffer.allocateDirect(LARGEST_OBJECT);
        private final ByteBuffer aligned =
                ByteBuffer.allocateDirect(LARGEST_OBJECT + ALIGNMENT).alignedSlice(ALIGNMENT);
        private final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        private ByteBuffer command = ByteBuffer.allocate(0);

        Association(SocketChannel socket) throws Exception {
            this.socket = socket;
        }

        void run() throws Exception {
            while (true) {
                need(6);
                int type = in.get();
                in.get();
                int length = in.getInt();
                need(length);
                int end = in.position() + length;
                switch (type) {
                    case 1 -> send(accept(in.slice(in.position(), length)));
                    case 4 -> {
                        while (in.position() < end) {
                            fragment();
                        }
                    }
                    case 5 -> send(ByteBuffer.wrap(new byte[] {6, 0, 0, 0, 0, 4, 0, 0, 0, 0}));
                    default -> throw new EOFException("PDU type " + type);
                }
                in.position(end);
            }
        }

        private void need(int bytes) throws IOException {
            if (in.capacity() - in.position() < bytes) {
                in.compact().flip();
            }
            while (in.remaining() < bytes) {
                socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
                int position = in.position();
                in.position(in.limit()).limit(in.capacity());
                int read = socket.read(in);
                in.limit(in.position()).position(position);
                if (read < 0) {
                    throw new EOFException();
                }
            }
        }

        private void fragment() throws Exception {
            int length = in.getInt() - 2;
            byte context = in.get();
            int control = in.get();
            ByteBuffer value = in.slice(in.position(), length);
            in.position(in.position() + length);
            boolean last = (control & 2) != 0;
            if ((control & 1) != 0) {
                command = ByteBuffer.allocate(length).put(value).flip().order(ByteOrder.LITTLE_ENDIAN);
                // Room for the preamble and group 0002 of the file.
                object.clear().position(400);
                if (element(0x0100).getShort() == 0x0030) {
                    send(response(context, 0x8030));
                }
            } else {
                object.put(value);
                if (last) {
                    object.flip();
                    digest.update(object.duplicate());
                    String uid = StandardCharsets.US_ASCII
                            .decode(element(0x1000))
                            .toString()
                            .trim();
                    store(uid, HexFormat.of().formatHex(digest.digest()), object.rewind(), aligned);
                    send(response(context, 0x8001));
                }
            }
        }

        private ByteBuffer element(int number) {
            for (int at = 0; at < command.limit(); at += 8 + command.getInt(at + 4)) {
                if (command.getShort(at + 2) == (short) number) {
                    return command.slice(at + 8, command.getInt(at + 4)).order(ByteOrder.LITTLE_ENDIAN);
                }
            }
            return ByteBuffer.allocate(0);
        }

        private ByteBuffer response(byte context, int field) {
            ByteBuffer out =
                    ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).position(24);
            put(out, 0x0002, element(0x0002));
            put(out, 0x0100, shortValue(field));
            put(out, 0x0120, element(0x0110));
            put(out, 0x0800, shortValue(0x0101));
            put(out, 0x0900, shortValue(0));
            put(out, 0x1000, element(0x1000));
            int end = out.flip().limit();
            out.putInt(12, 0).putInt(16, 4).putInt(20, end - 24);
            out.order(ByteOrder.BIG_ENDIAN).put(0, (byte) 4).putInt(2, end - 6).putInt(6, end - 10);
            return out.put(10, context).put(11, (byte) 3);
        }

        private static ByteBuffer shortValue(int value) {
            return ByteBuffer.allocate(2)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) value)
                    .flip();
        }

        private static void put(ByteBuffer out, int number, ByteBuffer value) {
            out.putShort((short) 0)
                    .putShort((short) number)
                    .putInt(value.remaining())
                    .put(value);
        }

        /** Accepts each presentation context with the first transfer syntax proposed. */
        private static ByteBuffer accept(ByteBuffer request) throws IOException {
            ByteArrayOutputStream items = new ByteArrayOutputStream();
            byte[] head = new byte[68];
            request.get(head);
            items.write(head);
            while (request.remaining() >= 4) {
                byte type = request.get();
                byte[] item = new byte[request.position(request.position() + 1).getShort()];
                request.get(item);
                if (type == 0x10) {
                    item(items, type, item);
                } else if (type == 0x20) {
                    int abstractSyntax = 4 + ((item[6] & 0xFF) << 8 | item[7] & 0xFF) + 4;
                    int transferSyntax = 4 + ((item[abstractSyntax + 2] & 0xFF) << 8 | item[abstractSyntax + 3] & 0xFF);
                    byte[] answer = Arrays.copyOf(new byte[] {item[0]}, 4 + transferSyntax);
                    System.arraycopy(item, abstractSyntax, answer, 4, transferSyntax);
                    item(items, 0x21, answer);
                } else {
                    // Maximum length 131072 and an Implementation Class UID.
                    item(items, 0x50, HexFormat.of().parseHex("51000004000200005200000331" + "2e32"));
                }
            }
            ByteBuffer pdu = ByteBuffer.allocate(6 + items.size());
            return pdu.put((byte) 2)
                    .put((byte) 0)
                    .putInt(items.size())
                    .put(items.toByteArray())
                    .flip();
        }

        private static void item(ByteArrayOutputStream items, int type, byte[] value) throws IOException {
            items.write(new byte[] {(byte) type, 0, (byte) (value.length >> 8), (byte) value.length});
            items.write(value);
        }

        private void send(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        }
    }

    private void store(String uid, String sha256, ByteBuffer object, ByteBuffer aligned) throws Exception {
        if (way == Way.DISCARD) {
            return;
        }
        long arrival = arrivals.incrementAndGet();
        Path path = folder.resolve(arrival + ".dcm");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = object.duplicate();
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            switch (way) {
                case IN_TURN -> {
                    file.force(true);
                    directory.force(true);
                    add(uid, sha256, path, object.limit(), arrival);
                    log.force(false);
                }
                case SIDE_BY_SIDE -> {
                    Future<?> named = beside.submit(() -> {
                        directory.force(true);
                        return null;
                    });
                    Future<?> indexed = beside.submit(() -> {
                        add(uid, sha256, path, object.limit(), arrival);
                        log.force(false);
                        return null;
                    });
                    file.force(true);
                    named.get();
                    indexed.get();
                }
                case JOURNAL -> {
                    add(uid, sha256, path, object.limit(), arrival);
                    int length = (object.limit() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                    long at = journalEnd.getAndAdd(length) % (JOURNAL_BYTES - LARGEST_OBJECT) / ALIGNMENT * ALIGNMENT;
                    aligned.clear().put(object).clear().limit(length);
                    journal.write(aligned, at);
                }
                default -> {}
            }
        }
    }

    private synchronized void add(String uid, String sha256, Path file, int size, long arrival) throws Exception {
        String study = uid.substring(0, uid.lastIndexOf('.', uid.lastIndexOf('.') - 1));
        database.setAutoCommit(false);
        find.setString(1, uid);
        try (ResultSet known = find.executeQuery()) {
            if (known.next()) {
                throw new IllegalStateException("sent before");
            }
        }
        insert.setString(1, uid);
        insert.setString(2, sha256);
        insert.setString(3, study);
        insert.setString(4, file.toString());
        insert.setInt(5, size);
        insert.setLong(6, arrival);
        insert.executeUpdate();
        count.setString(1, study);
        count.setLong(2, arrival);
        count.executeUpdate();
        database.commit();
    }
}
