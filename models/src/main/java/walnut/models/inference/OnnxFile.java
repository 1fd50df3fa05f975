package walnut.models.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * What an ONNX file declares about itself that ONNX Runtime's Java interface does not tell.
 *
 * <p>Source: onnx.proto (ONNX IR), messages ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto; protobuf's
 * wire format. Only the fields named below are looked at; everything else is stepped over.
 *
 * @param opsets version of each operator set imported; the standard one, written as an empty domain, as {@code ai.onnx}
 * @param domains of all operators used, subgraphs included
 * @param externalData whether a weight lies in another file
 * @param nonFiniteWeights names of float weights that hold NaN
 */
record OnnxFile(
        long irVersion,
        Map<String, Long> opsets,
        Set<String> domains,
        boolean externalData,
        Set<String> nonFiniteWeights) {
    static final String STANDARD_DOMAIN = "ai.onnx";

    /** Graphs within graphs (If, Loop): deeper than any real model. */
    private static final int MAXIMUM_DEPTH = 16;

    /**
     * @throws WalnutException MODEL_PACKAGE_INVALID when the bytes are not an ONNX model
     */
    static OnnxFile parse(byte[] bytes) {
        Reading reading = new Reading();
        try {
            reading.model(new Message(ByteBuffer.wrap(bytes)));
        } catch (MalformedProtobuf e) {
            throw new WalnutException(
                    FailureCode.MODEL_PACKAGE_INVALID,
                    "the ONNX file is damaged (" + e.getMessage() + "); export the model again.");
        }
        if (reading.opsets.isEmpty() || !reading.hasGraph) {
            throw new WalnutException(
                    FailureCode.MODEL_PACKAGE_INVALID,
                    "the ONNX file has no graph or no operator set; export the model again.");
        }
        return new OnnxFile(
                reading.irVersion, reading.opsets, reading.domains, reading.externalData, reading.nonFiniteWeights);
    }

    private static final class Reading {
        private long irVersion;
        private boolean hasGraph;
        private boolean externalData;
        private final Map<String, Long> opsets = new TreeMap<>();
        private final Set<String> domains = new TreeSet<>();
        private final Set<String> nonFiniteWeights = new TreeSet<>();

        /** ModelProto: ir_version = 1, graph = 7, opset_import = 8, functions = 25. */
        void model(Message message) {
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> irVersion = message.varint();
                    case 7 -> {
                        hasGraph = true;
                        graph(message.embedded(), 0);
                    }
                    case 8 -> operatorSet(message.embedded());
                    case 25 -> function(message.embedded());
                    default -> message.skip();
                }
            }
        }

        /** OperatorSetIdProto: domain = 1, version = 2. */
        private void operatorSet(Message message) {
            String domain = "";
            long version = 0;
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> domain = message.text();
                    case 2 -> version = message.varint();
                    default -> message.skip();
                }
            }
            opsets.put(named(domain), version);
        }

        /** FunctionProto: node = 7. */
        private void function(Message message) {
            while (message.next()) {
                if (message.field() == 7) {
                    node(message.embedded(), 1);
                } else {
                    message.skip();
                }
            }
        }

        /** GraphProto: node = 1, initializer = 5, sparse_initializer = 15. */
        private void graph(Message message, int depth) {
            if (depth > MAXIMUM_DEPTH) {
                throw new MalformedProtobuf("graphs nested deeper than " + MAXIMUM_DEPTH);
            }
            while (message.next()) {
                switch (message.field()) {
                    case 1 -> node(message.embedded(), depth);
                    case 5 -> tensor(message.embedded());
                    default -> message.skip();
                }
            }
        }

        /** NodeProto: attribute = 5, domain = 7. */
        private void node(Message message, int depth) {
            String domain = "";
            while (message.next()) {
                switch (message.field()) {
                    case 5 -> attribute(message.embedded(), depth);
                    case 7 -> domain = message.text();
                    default -> message.skip();
                }
            }
            domains.add(named(domain));
        }

        /** AttributeProto: t = 5, g = 6, tensors = 10, graphs = 11. */
        private void attribute(Message message, int depth) {
            while (message.next()) {
                switch (message.field()) {
                    case 5, 10 -> tensor(message.embedded());
                    case 6, 11 -> graph(message.embedded(), depth + 1);
                    default -> message.skip();
                }
            }
        }

        /** TensorProto: data_type = 2 (1: float), float_data = 4, name = 8, raw_data = 9, data_location = 14 (1: external). */
        private void tensor(Message message) {
            long type = 0;
            String name = "";
            ByteBuffer floats = ByteBuffer.allocate(0);
            ByteBuffer raw = ByteBuffer.allocate(0);
            while (message.next()) {
                switch (message.field()) {
                    case 2 -> type = message.varint();
                    case 4 -> {
                        // Packed; a lone value, which no exporter writes, is stepped over.
                        if (message.isEmbedded()) {
                            floats = message.bytes();
                        } else {
                            message.skip();
                        }
                    }
                    case 8 -> name = message.text();
                    case 9 -> raw = message.bytes();
                    case 14 -> externalData |= message.varint() == 1;
                    default -> message.skip();
                }
            }
            if (type == 1 && (holdsNan(raw) || holdsNan(floats))) {
                nonFiniteWeights.add(name);
            }
        }

        private static boolean holdsNan(ByteBuffer littleEndianFloats) {
            var values = littleEndianFloats.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            while (values.hasRemaining()) {
                if (Float.isNaN(values.get())) {
                    return true;
                }
            }
            return false;
        }

        private static String named(String domain) {
            return domain.isEmpty() ? STANDARD_DOMAIN : domain;
        }
    }

    private static final class MalformedProtobuf extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedProtobuf(String what) {
            super(what);
        }
    }

    /** Steps through the fields of one protobuf message; a length is compared with what is left before it is used. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int LENGTH_DELIMITED = 2;
        private static final int FIXED32 = 5;

        private final ByteBuffer bytes;
        private int field;
        private int wireType;

        Message(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        boolean next() {
            if (!bytes.hasRemaining()) {
                return false;
            }
            long key = readVarint();
            field = (int) (key >>> 3);
            wireType = (int) (key & 7);
            if (field < 1) {
                throw new MalformedProtobuf("field number " + field);
            }
            return true;
        }

        int field() {
            return field;
        }

        boolean isEmbedded() {
            return wireType == LENGTH_DELIMITED;
        }

        long varint() {
            require(VARINT);
            return readVarint();
        }

        ByteBuffer bytes() {
            require(LENGTH_DELIMITED);
            long length = readVarint();
            if (length < 0 || length > bytes.remaining()) {
                throw new MalformedProtobuf("a field of " + Long.toUnsignedString(length) + " bytes where "
                        + bytes.remaining() + " are left");
            }
            ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
            bytes.position(bytes.position() + (int) length);
            return slice;
        }

        Message embedded() {
            return new Message(bytes());
        }

        String text() {
            return StandardCharsets.UTF_8.decode(bytes()).toString();
        }

        void skip() {
            switch (wireType) {
                case VARINT -> readVarint();
                case FIXED64 -> advance(Long.BYTES);
                case LENGTH_DELIMITED -> bytes();
                case FIXED32 -> advance(Integer.BYTES);
                default -> throw new MalformedProtobuf("wire type " + wireType);
            }
        }

        private void advance(int count) {
            if (count > bytes.remaining()) {
                throw new MalformedProtobuf("it ends inside a field");
            }
            bytes.position(bytes.position() + count);
        }

        private void require(int expected) {
            if (wireType != expected) {
                throw new MalformedProtobuf("field " + field + " has wire type " + wireType);
            }
        }

        private long readVarint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (!bytes.hasRemaining()) {
                    throw new MalformedProtobuf("it ends inside a number");
                }
                byte part = bytes.get();
                value |= (long) (part & 0x7f) << shift;
                if (part >= 0) {
                    return value;
                }
            }
            throw new MalformedProtobuf("a number of more than ten bytes");
        }
    }
}
