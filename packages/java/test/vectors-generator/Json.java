import java.util.Collection;
import java.util.Map;

/** Writes compact JSON: one element of the outermost array per line, everything outside of ASCII escaped. */
final class Json {
    private Json() {}

    static String lines(Collection<?> cases) {
        StringBuilder out = new StringBuilder("[\n");
        String separator = "";
        for (Object element : cases) {
            out.append(separator);
            write(out, element);
            separator = ",\n";
        }
        return out.append("\n]\n").toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Collection<?> collection) {
            out.append('[');
            String separator = "";
            for (Object element : collection) {
                out.append(separator);
                write(out, element);
                separator = ",";
            }
            out.append(']');
        } else if (value instanceof Map<?, ?> map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                write(out, entry.getKey());
                out.append(':');
                write(out, entry.getValue());
                separator = ",";
            }
            out.append('}');
        } else if (value instanceof String text) {
            writeText(out, text);
        } else {
            out.append(value);
        }
    }

    private static void writeText(StringBuilder out, String text) {
        out.append('"');
        for (char unit : text.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                out.append('\\').append(unit);
            } else if (unit < 0x20 || unit > 0x7e) {
                out.append(String.format("\\u%04x", (int) unit));
            } else {
                out.append(unit);
            }
        }
        out.append('"');
    }
}
