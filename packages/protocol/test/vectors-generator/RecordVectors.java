import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;

/** Record batches as Java's producer and broker write them. */
final class RecordVectors {
    private static final Header[] NONE = {};
    private final ArrayNode vectors;

    private RecordVectors(ArrayNode vectors) {
        this.vectors = vectors;
    }

    static void write(ObjectNode root) {
        RecordVectors vectors = new RecordVectors(root.putArray("batches"));
        for (CompressionType type : CompressionType.values()) vectors.ordinary(type);
        vectors.timestamps();
        vectors.producers();
        vectors.logAppendTime();
        vectors.markers();
        vectors.compacted();
        root.set("large", large(root));
    }

    private void ordinary(CompressionType type) {
        SimpleRecord[] records = {
            new SimpleRecord(1_700_000_000_000L, bytes("key"), bytes("value"), NONE),
            new SimpleRecord(1_700_000_000_001L, (byte[]) null, (byte[]) null, NONE),
            new SimpleRecord(1_700_000_000_001L, new byte[0], new byte[0], NONE),
            new SimpleRecord(1_699_999_999_999L, bytes("ä€𝄞"), bytes("x".repeat(63)), NONE),
            new SimpleRecord(1_700_000_000_002L, bytes("k".repeat(64)), bytes("ab".repeat(200)), new Header[] {
                new RecordHeader("one", new byte[] {2, -1, 0}),
                new RecordHeader("one", bytes("again")),
                new RecordHeader("null", null),
                new RecordHeader("", new byte[0]),
                new RecordHeader("ä€", bytes("y".repeat(100))),
            }),
            new SimpleRecord(1_700_000_000_003L, bytes("last"), bytes("line ".repeat(300)), NONE),
        };
        add(type.name, builder(Compression.of(type).build(), TimestampType.CREATE_TIME, 42, -1, -1, -1, false), records);
    }

    private void timestamps() {
        long[] times = {1_700_000_000_000L, 1000, 1_700_000_000_000L + (1L << 31), 0, -1, 8_640_000_000_000_000L,
            1_700_000_000_000L - 64, 1_700_000_000_000L + 63, 1_700_000_000_000L + 64, 1_700_000_000_000L + 0x3fffffffL,
            1_700_000_000_000L + 0x40000000L, 1_700_000_000_000L - 0x40000001L, (1L << 53) - 1};
        SimpleRecord[] records = new SimpleRecord[times.length];
        for (int i = 0; i < times.length; i++) records[i] = new SimpleRecord(times[i], (byte[]) null, bytes("v" + i), NONE);
        add("none", builder(Compression.NONE, TimestampType.CREATE_TIME, 0, -1, -1, -1, false), records);
        SimpleRecord[] widest = {new SimpleRecord(-1, (byte[]) null, bytes("a"), NONE), new SimpleRecord((1L << 53) - 2, (byte[]) null, bytes("b"), NONE)};
        add("none", builder(Compression.NONE, TimestampType.CREATE_TIME, 0, -1, -1, -1, false), widest);
    }

    private void producers() {
        SimpleRecord record = new SimpleRecord(1_700_000_000_000L, bytes("k"), bytes("v"), NONE);
        add("none", builder(Compression.NONE, TimestampType.CREATE_TIME, 0, 4242, (short) 7, 2_147_483_647, false), record);
        add("none", builder(Compression.NONE, TimestampType.CREATE_TIME, 0, (1L << 40) + 5, (short) 32767, 0, true), record);
    }

    private void logAppendTime() {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), RecordBatch.MAGIC_VALUE_V2,
            Compression.NONE, TimestampType.LOG_APPEND_TIME, 7, 1_800_000_000_000L, -1, (short) -1, -1, false, 3);
        add("none", builder, new SimpleRecord(1_700_000_000_000L, bytes("k"), bytes("v"), NONE),
            new SimpleRecord(5, bytes("k"), bytes("w"), NONE));
    }

    private void markers() {
        for (ControlRecordType type : List.of(ControlRecordType.ABORT, ControlRecordType.COMMIT)) {
            MemoryRecords records = MemoryRecords.withEndTransactionMarker(99, 1_700_000_000_000L, 3, 4242, (short) 7,
                new EndTransactionMarker(type, 12));
            ObjectNode vector = describe("none", records.buffer().duplicate());
            vector.put("marker", type.name().toLowerCase());
            vector.put("coordinatorEpoch", 12);
        }
    }

    /** What the log cleaner leaves: offsets with gaps, and a batch without a record that keeps its last offset. */
    private void compacted() {
        MemoryRecordsBuilder builder = builder(Compression.NONE, TimestampType.CREATE_TIME, 100, 4242, (short) 1, 0, false);
        for (int i = 0; i < 6; i++) builder.append(new SimpleRecord(1000 + i, bytes("k" + i), bytes("v" + i), NONE));
        MemoryRecords records = builder.build();
        for (int kept : new int[] {2, 0}) {
            ByteBuffer cleaned = ByteBuffer.allocate(4096);
            records.filterTo(new MemoryRecords.RecordFilter(0, 0) {
                @Override protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
                    return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
                }
                @Override protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
                    return kept > 0 && record.offset() % kept == 1;
                }
            }, cleaned, BufferSupplier.NO_CACHING);
            cleaned.flip();
            describe("none", cleaned);
        }
    }

    /** Batches of several compressed blocks, whose records both sides make by the same rule. */
    private static ArrayNode large(ObjectNode root) {
        ArrayNode large = root.arrayNode();
        for (CompressionType type : CompressionType.values()) {
            if (type == CompressionType.NONE) continue;
            MemoryRecordsBuilder builder = builder(Compression.of(type).build(), TimestampType.CREATE_TIME, 0, -1, -1, -1, false);
            for (int i = 0; i < 1500; i++) builder.append(new SimpleRecord(1_700_000_000_000L + i, (byte[]) null, bytes(line(i)), NONE));
            large.addObject().put("codec", type.name).put("bytes", base64(builder.build().buffer()));
        }
        return large;
    }

    private static String line(int i) {
        return "{\"id\":" + i + ",\"square\":" + (long) i * i + ",\"text\":\"" + "abcdefgh".repeat(i % 7) + "\"}";
    }

    private static MemoryRecordsBuilder builder(Compression compression, TimestampType type, long baseOffset, long producerId,
            int epoch, int sequence, boolean transactional) {
        return MemoryRecords.builder(ByteBuffer.allocate(16_384), RecordBatch.MAGIC_VALUE_V2, compression, type, baseOffset,
            -1, producerId, (short) epoch, sequence, transactional, -1);
    }

    private void add(String codec, MemoryRecordsBuilder builder, SimpleRecord... records) {
        for (SimpleRecord record : records) {
            // With a first timestamp of -1, as the producer's own append allows it.
            builder.appendWithOffset(builder.numRecords() + baseOffset(builder), record);
        }
        describe(codec, builder.build().buffer());
    }

    private long baseOffset(MemoryRecordsBuilder builder) {
        try {
            java.lang.reflect.Field field = MemoryRecordsBuilder.class.getDeclaredField("baseOffset");
            field.setAccessible(true);
            return field.getLong(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode describe(String codec, ByteBuffer bytes) {
        ObjectNode vector = vectors.addObject();
        MemoryRecords records = MemoryRecords.readableRecords(bytes.duplicate());
        RecordBatch batch = records.batches().iterator().next();
        vector.put("codec", codec);
        vector.put("baseOffset", batch.baseOffset());
        vector.put("lastOffset", batch.lastOffset());
        vector.put("partitionLeaderEpoch", batch.partitionLeaderEpoch());
        vector.put("maxTimestamp", batch.maxTimestamp());
        vector.put("logAppendTime", batch.timestampType() == TimestampType.LOG_APPEND_TIME);
        vector.put("producerId", batch.producerId());
        vector.put("producerEpoch", batch.producerEpoch());
        vector.put("baseSequence", batch.baseSequence());
        vector.put("transactional", batch.isTransactional());
        vector.put("control", batch.isControlBatch());
        ArrayNode list = vector.putArray("records");
        for (Record record : batch) {
            ArrayNode item = list.addArray();
            item.add(record.offset()).add(record.timestamp());
            item.add(record.hasKey() ? base64(record.key()) : null).add(record.hasValue() ? base64(record.value()) : null);
            ArrayNode headers = item.addArray();
            for (Header header : record.headers()) {
                headers.addArray().add(header.key())
                    .add(header.value() == null ? null : base64(ByteBuffer.wrap(header.value())));
            }
        }
        vector.put("bytes", base64(bytes.duplicate()));
        return vector;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
