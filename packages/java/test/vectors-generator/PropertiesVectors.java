import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;

/** Rows of text and entries (null where Java refuses the text); rows of key, value, stored line, stored line without \\u escapes. */
final class PropertiesVectors {
    private static final String[] PIECES = {
        "a", "key", "=", ":", " ", "\t", "\f", "\\", "\\\\", "\n", "\r", "\r\n", "\\\n", "\\\r\n", "\\\n  ", "#", "!", "\\u0041", "\\n", "\\t", "\\=", "\\ ", "\\#", "\u00e9", "b c", "\n\n", "= ", "\\u00e9", "\\q", "\\U0041",
    };

    private PropertiesVectors() {}

    static List<Object> load(long seed, int factor) throws IOException {
        Random random = new Random(seed + 30);
        List<String> texts = new ArrayList<>(List.of(
            "", "\n", "a", "a=", "=a", ":", "=", " = b", "a=b", "a:b", "a b", "a = b", "a  :  b", "a==b", "a=:b", "a := b", "a\tb", "a\fb", " a=b ", "a=b\r\nc=d", "a=b\rc=d", "a=b\n\n\nc=d",
            "#c\na=b", "  #c\na=b", "!c\na=b", "#c\\\na=b", "a=b\\\nc", "a=b\\\n   c", "a=b\\\\\nc=d", "a=b\\\\\\\nc=d", "a\\\nb=c", "a=b\\", "\\", "\\\n", "\\\n\n", "\\\n\na=b", "\\\n#a=b", "a=\\\n#b", "a=\\\n\nb=c", "a\\=b=c", "a\\:b=c", "a\\ b=c",
            "a=\\u0041", "\\u0041=b", "a=\\u004", "a=\\u", "a=\\u00g0", "a=\\uu0041", "a=b\nc=\\u12", "a=\\U0041", "a=\\t\\n\\r\\f\\q\\\"\\'", "a=b#c", "a=b!c", "a=1\na=2", "\ufeffa=b", "a=\u00e9\ud83d\ude00", "   \\\n  b=c", " \\\n \\\n c=d", "a=b\\\r\nc", "a=b\\\rc", "a=b \\\n c", "#", "# \\u12\na=b", "a=\\u0000", "a = \\ b", "a=\\\\u0041", "a\u00a0b"));
        for (int index = 0; index < 120 * factor; index++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(12); pieces >= 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            texts.add(text.toString());
        }
        List<Object> cases = new ArrayList<>();
        for (String text : texts) {
            cases.add(Vectors.row(text, entries(text)));
        }
        return cases;
    }

    static List<Object> store(long seed, int factor) throws IOException {
        Random random = new Random(seed + 31);
        String[] pieces = {"a", "=", ":", "#", "!", " ", "\t", "\n", "\r", "\f", "\\", "\u00e9", "\ud83d\ude00", "\u0000", "\u007f", "\"", "~", "key", "\u2028"};
        List<Object> cases = new ArrayList<>();
        for (int index = 0; index < 40 * factor; index++) {
            String key = text(random, pieces);
            String value = text(random, pieces);
            Properties properties = new Properties();
            properties.setProperty(key, value);
            StringWriter writer = new StringWriter();
            properties.store(writer, null);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            properties.store(bytes, null);
            cases.add(Vectors.row(key, value, withoutDate(bytes.toString(StandardCharsets.ISO_8859_1)), withoutDate(writer.toString())));
        }
        return cases;
    }

    private static String text(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(6); count > 0; count--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String withoutDate(String stored) {
        return stored.substring(stored.indexOf('\n') + 1);
    }

    private static List<Object> entries(String text) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException error) {
            return null;
        }
        List<Object> entries = new ArrayList<>();
        for (Map.Entry<Object, Object> entry : new TreeMap<>(properties).entrySet()) {
            entries.add(Vectors.row(entry.getKey(), entry.getValue()));
        }
        return entries;
    }
}
