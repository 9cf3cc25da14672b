import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows of text, unscaled value, scale, toString, toPlainString (short ones), bits of the double and the float, long, setScale results; or of text and message. */
final class BigDecimalVectors {
    private BigDecimalVectors() {}

    static List<Object> cases(long seed, int factor) {
        Random random = new Random(seed + 10);
        List<String> texts = new ArrayList<>(List.of(
            "", "+", "-", ".", "-.", "e5", ".e5", "0", "-0", "+0", "0.00", "-0.00", "0E+3", "0E-8", "1", "+1", "-1", "1.", ".5", "-.5", "1.50", "00012.500", "1e3", "1E3",
            "1E+3", "1e-3", "1E", "1E+", "1E-", "1EE3", "1E3.0", "1.5E3", "1.2.3", " 1", "1 ", "1d", "1f", "0x1", "NaN", "Infinity", "abc", "12a", "1,5", "--1", "+-1",
            "0.000001", "0.0000001", "0.00000010", "1E-6", "1E-7", "10E-7", "100E-8", "123E-3", "123E3", "123E+10", "12.3E+7", "0E-6", "0E-7", "0.0E2", "1E400", "1E-400", "1E65", "-1E64", "1E63", "1.5E64",
            "1E2147483647", "1E-2147483647", "1E2147483648", "1E-2147483648", "1E-2147483649", "1E+2147483648", "0.1E-2147483647", "0.1E2147483647", "10E2147483647", "1E0000000000000000005",
            "1E10000000000", "1E00000000000000000000000001", "1E99999999999", "1E9999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
            "92233720368547758.07", "9223372036854775807.0", "9223372036854775807.5", "922337203685477580700E-2", "18446744073709551617", "123456789012345678", "1234567890123456789", "12345678901234567890123456789012345678.90",
            "123456789012345678x", "12345678901234567x", "1234567890123456789x", "-12345678901234567890.1.2", "-123456789012345678.", "...................", "\u0661\u0662.\u0665", "1\uff11e\uff12", "\u0661\u0662\u0663\u0661\u0662\u0663\u0661\u0662\u0663\u0661\u0662\u0663\u0661\u0662\u0663\u0661\u0662\u0663\u0661\u0662\u0663", "\ud835\udfcf", "1_0", "null", "true",
            "0.125", "0.135", "-0.125", "2.5", "3.5", "-2.5", "0.5", "0.05", "0.005", "0.0051", "0.995", "9.995", "99.99", "1E-20", "-1E-20", "5E-3", "49E-4", "51E-4"));
        for (int index = 0; index < 60 * factor; index++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
            for (int digits = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 8); digits > 0; digits--) {
                text.append(random.nextInt(10));
            }
            if (random.nextBoolean()) {
                text.append('.').append(random.nextInt(100_000));
            }
            if (random.nextInt(3) == 0) {
                text.append('E').append(random.nextInt(40) - 20);
            }
            texts.add(text.toString());
        }
        List<Object> cases = new ArrayList<>();
        for (String text : texts) {
            cases.add(row(text));
        }
        return cases;
    }

    private static Object row(String text) {
        BigDecimal value;
        try {
            value = new BigDecimal(text);
        } catch (NumberFormatException error) {
            return Vectors.row(text, error.getMessage());
        }
        boolean small = Math.abs((long) value.scale()) < 1000;
        List<Object> rounded = new ArrayList<>();
        for (RoundingMode mode : RoundingMode.values()) {
            Object result;
            try {
                result = small ? value.setScale(2, mode).unscaledValue().toString() : null;
            } catch (ArithmeticException error) {
                result = "!" + error.getMessage();
            }
            rounded.add(result);
        }
        String exact;
        try {
            exact = Long.toString(value.longValueExact());
        } catch (ArithmeticException error) {
            exact = null;
        }
        return Vectors.row(text, value.unscaledValue().toString(), value.scale(), value.toString(), small ? value.toPlainString() : null,
            Long.toHexString(Double.doubleToLongBits(value.doubleValue())), Integer.toHexString(Float.floatToIntBits(value.floatValue())),
            small ? Long.toString(value.longValue()) : null, exact, rounded);
    }
}
