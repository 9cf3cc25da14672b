import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

/** Records what this Java does into JSON files: {@code java Vectors <directory> [seed] [factor]}. */
public final class Vectors {
    private Vectors() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Path directory = Path.of(arguments[0]);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 20260101L;
        int factor = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        write(directory, "double-to-string", NumberVectors.doubles(seed, factor));
        write(directory, "float-to-string", NumberVectors.floats(seed, factor));
        write(directory, "parse-floating-point", NumberVectors.parseFloatingPoint(seed, factor));
        write(directory, "parse-integer", NumberVectors.parseInteger(seed, factor));
        write(directory, "narrow", NumberVectors.narrow(seed, factor));
        write(directory, "big-decimal", BigDecimalVectors.cases(seed, factor));
        write(directory, "hash-map-order", HashMapVectors.cases(seed, factor));
        write(directory, "parse-properties", PropertiesVectors.load(seed, factor));
        write(directory, "format-properties", PropertiesVectors.store(seed, factor));
        write(directory, "format-date", DateVectors.format(seed, factor));
        write(directory, "parse-date", DateVectors.parse(seed, factor));
        write(directory, "date-pattern", DateVectors.patterns(seed, factor));
        write(directory, "regex-match", RegexVectors.match(seed, factor));
        write(directory, "regex-replace", RegexVectors.replace());
    }

    private static void write(Path directory, String name, List<?> cases) throws IOException {
        Files.writeString(directory.resolve(name + ".json"), Json.lines(cases));
    }

    /** A row of a vector file; unlike {@code List.of} it may hold null. */
    static List<Object> row(Object... elements) {
        return Arrays.asList(elements);
    }
}
