import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RefreshRetriableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.utils.Utils;

/**
 * Writes the vector files into the directory given. With the jars of an unpacked Kafka 4.3.1 (they carry Jackson and the
 * codecs), in this folder: {@code javac -d out -cp "kafka/libs/*" *.java} and
 * {@code java -cp "out:kafka/libs/*" GenerateVectors ../vectors}.
 */
public final class GenerateVectors {
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        ObjectMapper mapper = new ObjectMapper();
        Files.writeString(directory.resolve("messages.json"), mapper.writeValueAsString(MessageVectors.write(mapper)) + "\n");
        ObjectNode records = mapper.createObjectNode();
        RecordVectors.write(records);
        Files.writeString(directory.resolve("records.json"), mapper.writeValueAsString(records) + "\n");
        Files.writeString(directory.resolve("hashes.json"), mapper.writeValueAsString(hashes(mapper)) + "\n");
        Files.writeString(directory.resolve("errors.json"), mapper.writeValueAsString(errors(mapper)) + "\n");
    }

    private static ArrayNode hashes(ObjectMapper mapper) {
        ArrayNode vectors = mapper.createArrayNode();
        Random random = new Random(815);
        for (int length = 0; length < 80; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            int hash = Utils.murmur2(bytes);
            vectors.addArray().add(Base64.getEncoder().encodeToString(bytes)).add(hash)
                .add(Utils.toPositive(hash) % 7).add(crc.getValue());
        }
        return vectors;
    }

    private static ArrayNode errors(ObjectMapper mapper) {
        ArrayNode vectors = mapper.createArrayNode();
        for (Errors error : Errors.values()) {
            Exception exception = error.exception();
            vectors.addArray().add(error.code()).add(error.name()).add(exception instanceof RetriableException)
                .add(exception instanceof RefreshRetriableException || exception instanceof InvalidMetadataException);
        }
        return vectors;
    }
}
