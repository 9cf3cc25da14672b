import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Texts of numbers: rows of the bits in hexadecimal and the text, or of the text and what it is read as. */
final class NumberVectors {
    private NumberVectors() {}

    static List<Object> doubles(long seed, int factor) {
        Random random = new Random(seed);
        List<Object> cases = new ArrayList<>();
        double[] edges = {
            0, -0.0, 1, -1, 0.1, 0.5, 1e-3, 9.99e-4, 1e7, 9999999, 9999999.5, 12345678, 1e10, 1e15, 1e16, 1e17, 1e21, 1e22, 1e23, 2e23,
            2e-3, 2.0e-44, 8.41e21, 5.0e-324, 1.0e-323, 1.5e-323, 2e-323, Double.MIN_NORMAL, Double.MAX_VALUE, Double.NaN,
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Long.MAX_VALUE, Long.MIN_VALUE, 9007199254740991.0,
            9007199254740993.0, 4294967295.0, 2147483647, -2147483648, -2147483649.0, 1.1f, 3.4e38f, 100, 1000, 123456.789, 0.001234,
        };
        for (double edge : edges) {
            cases.add(row(edge));
        }
        for (int index = 0; index < 130 * factor; index++) {
            cases.add(row(Double.longBitsToDouble(random.nextLong())));
            cases.add(row(Math.scalb(1 + random.nextDouble(), random.nextInt(60) - 30)));
            cases.add(row(random.nextInt(2_000_000) / 100.0));
            cases.add(row(Double.parseDouble(random.nextInt(1000) + "e" + (random.nextInt(40) - 20))));
        }
        for (int exponent = -1074; exponent < 1024; exponent += 13) {
            cases.add(row(Math.scalb(1.0, exponent)));
        }
        return cases;
    }

    static List<Object> floats(long seed, int factor) {
        Random random = new Random(seed + 1);
        List<Object> cases = new ArrayList<>();
        float[] edges = {
            0, -0.0f, 1, -1, 0.1f, 1.1f, 3.3f, 1e-3f, 9.99e-4f, 1e7f, 9999999, 16777216, 33554432, 1e10f, 1e15f, 1e22f, 2e23f, Float.MIN_VALUE,
            2 * Float.MIN_VALUE, 7 * Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY, 3.4e38f, 123456.79f, 0.3f, 1.0e-12f, 1e27f, 8.5e-13f,
        };
        for (float edge : edges) {
            cases.add(row(edge));
        }
        for (int index = 0; index < 110 * factor; index++) {
            cases.add(row(Float.intBitsToFloat(random.nextInt())));
            cases.add(row((float) Math.scalb(1 + random.nextDouble(), random.nextInt(40) - 20)));
            cases.add(row(random.nextInt(2_000_000) / 100.0f));
        }
        for (int exponent = -149; exponent < 128; exponent++) {
            cases.add(row(Math.scalb(1.0f, exponent)));
        }
        return cases;
    }

    static List<Object> parseFloatingPoint(long seed, int factor) {
        Random random = new Random(seed + 2);
        List<String> texts = new ArrayList<>(List.of(
            "", " ", "1", "+1", "-1", " 1 ", "\t1.5\n", "1.", ".5", ".", "-.5", "+.5e1", "1e", "1e+", "1e5", "1E-5", "1e+05", "1d", "1D",
            "1f", "1F", "1.5e3f", "1l", "0x1p3", "0x1.8p1", "0x.8p0", "0X1P-1074", "0x1p-1075", "0x1.8p-1075", "0x1p", "0x1", "0x1.8",
            "0xp1", "0x.p1", "0x1p1024", "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023", "0x1.fffffep127", "0x1.ffffffp127",
            "0x1.fffffefp127", "-0x1p0d", "0x1p0f", "0x1p-149", "0x1p-150", "0x1.000001p-150", "0x0p99999999999", "0x1p99999999999",
            "0x1p-99999999999", "0x1.00000000000008p0", "0x1.000000000000081p0", "0x1.00000000000018p0", "0x1.000001p0",
            "0x1.0000011p0", "0x1.000003p0", "NaN", "+NaN", "-NaN", "nan", "NAN", "Infinity", "-Infinity", "+Infinity", "infinity", "Inf",
            "NaNd", "Infinityf", "1_000", "1,5", "1 000", "--1", "+-1", "1e5.5", "1e400", "1e-400", "-1e-400", "1e99999999999999",
            "0e99999999999999", "1e-99999999999999", "4.9e-324", "2.4e-324", "2.5e-324", "2.4703282292062327e-324",
            "2.4703282292062328e-324", "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
            "3.4028235e38", "3.4028236e38", "3.40282356e38", "3.4028235677973366e38", "3.4028235677973367e38", "1.4e-45", "7e-46", "7.1e-46",
            "7.006492321624085e-46", "7.0064923216240854e-46", "16777217", "16777217.0000000001", "16777216.999999999", "16777219",
            "16777219.00000000000000000000000000001", "33554434.0", "33554434.00000000000000000001", "1.00000017881393421514957253748434595763683319091796875001",
            "1.00000017881393432617187499", "1.00000017881393432617187500", "1.00000005960464477539062500000000000000000000001",
            "1.00000005960464477539062499999999999999999999999", "9007199254740993", "9007199254740993.0000000000000000000001",
            "\u0661", "1\u0661", "\uff11", "\u00a01", "1\u00a0", "\u0001" + "1\u001f", "0x\u0661p1", "true", "abc", "1.2.3", "- 1", "0", "-0", "0.0", "-0.0", "00012",
            "0.30000001192092896", "0.1", "0.2", "0.3", "1e23", "2e23", "8.41e21", "123456789012345678901234567890", "1e-7", "1.1"));
        for (int index = 0; index < 60 * factor; index++) {
            texts.add(Double.toString(Double.longBitsToDouble(random.nextLong())));
            float low = Float.intBitsToFloat(random.nextInt() & 0x7f7fffff);
            java.math.BigDecimal middle = new java.math.BigDecimal(low).add(new java.math.BigDecimal(Math.nextUp(low))).divide(java.math.BigDecimal.valueOf(2));
            if (middle.precision() < 60) {
                texts.add(middle.toString());
                texts.add(middle + "1".repeat(middle.scale() > 0 && middle.toString().indexOf('E') < 0 ? 1 : 0));
            }
            texts.add(random.nextInt(100_000) + "." + random.nextInt(100_000) + "e" + (random.nextInt(80) - 40));
            texts.add(Double.toHexString(Math.scalb(random.nextDouble(), random.nextInt(300) - 150)));
        }
        List<Object> cases = new ArrayList<>();
        for (String text : texts) {
            Object asDouble = result(text, value -> Long.toHexString(Double.doubleToLongBits(Double.parseDouble(value))));
            Object asFloat = result(text, value -> Integer.toHexString(Float.floatToIntBits(Float.parseFloat(value))));
            cases.add(Vectors.row(text, asDouble, asDouble instanceof List ? null : asFloat));
        }
        return cases;
    }

    static List<Object> parseInteger(long seed, int factor) {
        Random random = new Random(seed + 3);
        List<String> texts = new ArrayList<>(List.of(
            "", "+", "-", "0", "-0", "+0", "1", "+1", "-1", "++1", "+-1", " 1", "1 ", "1.0", "1e3", "0x10", "1L", "abc", "12a", "127", "128", "-128",
            "-129", "32767", "32768", "-32768", "-32769", "2147483647", "2147483648", "-2147483648", "-2147483649",
            "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999", "000000000000000000000000012",
            "-000000000000000000000000012", "\u0661\u0662", "-\uff11\uff12", "\u0967\u0968", "\ud835\udfcf", "\u00b2", "\u2460", "\u4e00", "1\u0660", "true", "1_000", "\u0bef\u0be6", "\uabf9", "\u1a99", "\u1a8a", "\u06f5\u06fa"));
        for (int index = 0; index < 30 * factor; index++) {
            texts.add(Long.toString(random.nextLong() >> random.nextInt(64)));
            texts.add(Integer.toString(random.nextInt() >> random.nextInt(32)));
        }
        for (int unit = 0x80; unit < 0x10000; unit++) {
            if (Character.digit((char) unit, 10) == 7) {
                texts.add(String.valueOf((char) unit));
            }
        }
        List<Object> cases = new ArrayList<>();
        for (String text : texts) {
            cases.add(Vectors.row(text,
                result(text, value -> Long.toString(Long.parseLong(value))),
                result(text, Integer::parseInt),
                result(text, value -> (int) Short.parseShort(value)),
                result(text, value -> (int) Byte.parseByte(value))));
        }
        return cases;
    }

    static List<Object> narrow(long seed, int factor) {
        Random random = new Random(seed + 4);
        List<Double> doubles = new ArrayList<>(List.of(0.0, -0.0, 0.9, -0.9, 1.5, -1.5, 127.9, 128.0, 255.0, 256.0, -129.0, 32768.0, 65536.5,
            2147483647.0, 2147483647.9, 2147483648.0, -2147483648.0, -2147483648.9, -2147483649.0, 4294967296.0, 1e10, 1e18, 9.2e18, 9.3e18, -9.3e18,
            9223372036854775807.0, 9223372036854774784.0, 1e300, -1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 4.9e-324));
        List<Long> longs = new ArrayList<>(List.of(0L, 1L, -1L, 127L, 128L, -129L, 32768L, 2147483648L, -2147483649L, 9007199254740993L,
            -9007199254740993L, Long.MAX_VALUE, Long.MIN_VALUE, 0x4000002000000001L, 0x4000002000000000L, 0x4000001fffffffffL,
            0x4000006000000000L, 0x4000005fffffffffL, -0x4000002000000001L, -0x4000002000000000L, -0x4000001fffffffffL, 0x7fffff4000000001L, 0x7fffffc000000000L));
        for (int index = 0; index < 40 * factor; index++) {
            doubles.add((random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(70)));
            longs.add(random.nextLong() >> random.nextInt(60));
        }
        List<Object> cases = new ArrayList<>();
        for (double value : doubles) {
            cases.add(Vectors.row("double", Long.toHexString(Double.doubleToLongBits(value)), Long.toString((long) value), (int) value, (int) (short) value, (int) (byte) value));
        }
        for (long value : longs) {
            cases.add(Vectors.row("long", Long.toString(value), (int) value, (int) (short) value, (int) (byte) value, Integer.toHexString(Float.floatToIntBits((float) value))));
        }
        return cases;
    }

    /** What a function gives, or a row with the message of its exception. */
    static Object result(String text, Function<String, Object> function) {
        try {
            return function.apply(text);
        } catch (NumberFormatException error) {
            return Vectors.row(error.getMessage());
        }
    }

    private static Object row(double value) {
        return Vectors.row(Long.toHexString(Double.doubleToLongBits(value)), Double.toString(value));
    }

    private static Object row(float value) {
        return Vectors.row(Integer.toHexString(Float.floatToIntBits(value)), Float.toString(value));
    }
}
