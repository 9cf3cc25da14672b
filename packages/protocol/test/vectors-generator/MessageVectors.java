import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Random requests and responses of every API and version: their JSON form and their bytes. */
final class MessageVectors {
    private static final int[] KEYS = {
        0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 32, 33, 36, 37, 42,
        44, 47, 60, 61, 65, 66
    };
    private static final String[] WORDS = {"", "a", "orders", "ä€𝄞", "connect-cluster", "0"};
    private static final long SAFE = (1L << 53) - 1;

    private final Random random = new Random(4711);
    private final MemoryRecords records =
        MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1_700_000_000_000L, "k".getBytes(), "v".getBytes()));

    static ObjectNode write(ObjectMapper mapper) throws Exception {
        return new MessageVectors().all(mapper);
    }

    private ObjectNode all(ObjectMapper mapper) throws Exception {
        ObjectNode root = mapper.createObjectNode();
        root.put("records", base64(records.buffer().duplicate()));
        ArrayNode vectors = root.putArray("messages");
        for (int key : KEYS) {
            ApiMessageType type = ApiMessageType.fromApiKey((short) key);
            for (int response = 0; response < 2; response++) {
                Schema[] schemas = response == 0 ? type.requestSchemas() : type.responseSchemas();
                for (short version = type.lowestSupportedVersion();
                        version <= type.highestSupportedVersion(true); version++) {
                    for (int sample = 0; sample < 2; sample++) {
                        Message message = response == 0 ? type.newRequest() : type.newResponse();
                        fill(message, schemas[version], version);
                        ArrayNode vector = vectors.addArray();
                        vector.add(key).add(response == 0 ? "request" : "response").add(version);
                        vector.add(json(message, version)).add(base64(MessageUtil.toByteBufferAccessor(message, version).buffer()));
                    }
                }
            }
        }
        ArrayNode subscriptions = root.putArray("subscriptions");
        ArrayNode assignments = root.putArray("assignments");
        for (short version = 0; version <= 3; version++) {
            Message subscription = new ConsumerProtocolSubscription();
            fill(subscription, ConsumerProtocolSubscription.SCHEMAS[version], version);
            subscriptions.addArray().add(json(subscription, version))
                .add(base64(MessageUtil.toVersionPrefixedByteBuffer(version, subscription)));
            Message assignment = new ConsumerProtocolAssignment();
            fill(assignment, ConsumerProtocolAssignment.SCHEMAS[version], version);
            assignments.addArray().add(json(assignment, version))
                .add(base64(MessageUtil.toVersionPrefixedByteBuffer(version, assignment)));
        }
        return root;
    }

    private void fill(Message message, Schema schema, short version) {
        Struct struct = struct(schema);
        ByteBuffer bytes = ByteBuffer.allocate(schema.sizeOf(struct));
        schema.write(bytes, struct);
        bytes.flip();
        message.read(new ByteBufferAccessor(bytes), version);
    }

    private Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, field.def.type instanceof TaggedFields tagged ? tagged(tagged) : value(field.def.type));
        }
        return struct;
    }

    private TreeMap<Integer, Object> tagged(TaggedFields section) {
        TreeMap<Integer, Object> values = new TreeMap<>();
        for (Map.Entry<Integer, Field> field : section.fields().entrySet()) {
            if (random.nextInt(3) > 0) values.put(field.getKey(), value(field.getValue().type));
        }
        return values;
    }

    private Object value(Type type) {
        if (type instanceof Schema schema) return struct(schema);
        if (type instanceof ArrayOf || type instanceof CompactArrayOf) {
            if (type.isNullable() && random.nextInt(4) == 0) return null;
            List<Object> items = new ArrayList<>();
            for (int count = 1 + random.nextInt(2); count > 0; count--) items.add(value(type.arrayElementType().get()));
            return items.toArray();
        }
        if (type.isNullable() && random.nextInt(4) == 0) return null;
        switch (type.toString()) {
            case "BOOLEAN": return random.nextBoolean();
            case "INT8": return (byte) random.nextInt();
            case "INT16": return (short) random.nextInt();
            case "INT32": return random.nextInt() >> random.nextInt(32);
            case "INT64": return (random.nextLong() % SAFE) >> random.nextInt(54);
            case "UUID": return new Uuid(random.nextLong(), random.nextLong());
            case "STRING": case "NULLABLE_STRING": case "COMPACT_STRING": case "COMPACT_NULLABLE_STRING":
                return WORDS[random.nextInt(WORDS.length)];
            case "BYTES": case "NULLABLE_BYTES": case "COMPACT_BYTES": case "COMPACT_NULLABLE_BYTES":
                byte[] bytes = new byte[random.nextInt(8)];
                random.nextBytes(bytes);
                return ByteBuffer.wrap(bytes);
            case "RECORDS": case "NULLABLE_RECORDS": case "COMPACT_RECORDS": case "COMPACT_NULLABLE_RECORDS": return records;
            default: throw new IllegalStateException(type.toString());
        }
    }

    private static JsonNode json(Message message, short version) throws Exception {
        Class<?> converter = Class.forName(message.getClass().getName() + "JsonConverter");
        return (JsonNode) converter.getMethod("write", message.getClass(), short.class).invoke(null, message, version);
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
