import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;

/** Rows of pattern, zone, locale, instants, texts; rows of pattern, zone, text, result; rows of pattern, message. */
final class DateVectors {
    /** 80 years before 2026-01-01, the instant as of which two-digit years are read. */
    private static final long CENTURY_START = -757382400000L;

    private static final String[] ZONES = {"UTC", "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "GMT+01:00", "GMT-03:30", "Europe/Dublin", "Asia/Tokyo", "America/Sao_Paulo", "Pacific/Apia"};

    private static final String[] PATTERNS = {
        "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "yyyy-MM-dd HH:mm:ss", "yyyyMMdd", "yyyyMMddHHmmssSSSZ", "EEE, d MMM yyyy HH:mm:ss Z", "hh:mm a",
        "YYYY-'W'ww-u", "G yy MMMM", "k K H h", "F E EEEE M MM MMM", "'quoted' ''yyyy''", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS", "D w W F u", "y yy yyy yyyyyy", "Y YY YYYYY", "z zzzz", "X XX XXX Z", "GGGG MMMMM L LLL LLLL EEEEE", "dd/MM/yyyy h:mm:ss a z",
        "yyyy.MM.dd G 'at' HH:mm:ss z", "h:mm a, z", "yyMMddHHmmssZ", "'year='yyyy/'month='MM/'day='dd/'hour='HH", "S SS SSS SSSS", "u E D", "yyyy-DDD", "YYYY-ww-E",
    };

    private static final String[] PARSE_PATTERNS = {
        "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "yyyy-MM-dd'T'HH:mm:ss.SSSX", "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMdd", "yyyyMMddHHmmss", "yyMMdd", "yy-M-d", "EEE, d MMM yyyy HH:mm:ss z", "dd/MM/yyyy hh:mm a",
        "YYYY-'W'ww-u", "yyyy-DDD", "yyyy MMM F E", "yyyy MM W u", "yyyy w E", "G y", "MMMM d, yyyy", "HH:mm:ss.SSS", "k:mm K a", "yyyyMMMdd", "HHmmssSSS", "d MMM yy", "yyyy-MM-dd HH:mm:ss Z", "u yyyy w", "a hh", "Y w", "M/d/y", "yyyy-MM-dd zzzz", "LLLL yyyy", "yyyyDDDHHmm", "ddMMyyyyzz",
    };

    private static final String[] TEXTS = {
        "", " ", "x", "2023", "2023-08-23", "2023-08-23T14:13:19.123Z", "2023-08-23T14:13:19.123+02:00", "2023-08-23T14:13:19.123-0530", "2023-08-23T14:13:19.1Z", "2023-08-23T14:13:19.123456Z", "2023-8-3", "23-08-23", " 2023-08-23", "2023- 08-23", "2023 -08-23",
        "20230823", "20230823141319", "2023082314", "230823", "460101", "451231", "460102", "060101", "0023-08-23", "-1-1-1", "2023-02-30", "2023-13-01", "2023-00-00", "2023-08-23 25:61:61", "1582-10-04", "1582-10-10", "1582-10-15", "1500-02-29", "1700-02-29", "0000-01-01", "99999-12-31", "2147483648-01-01", "99999999999999999999-01-01",
        "2E3-01-01", "2023-1E1-01", "\u0662\u0660\u0662\u0663-\u0660\u0668-\u0662\u0663", "Wed, 23 Aug 2023 14:13:19 GMT", "Wed, 23 Aug 2023 14:13:19 EST", "Wed, 23 Aug 2023 14:13:19 edt", "Wed, 23 Aug 2023 14:13:19 PST", "Wed, 23 Aug 2023 14:13:19 CEST", "Wed, 23 Jan 2023 14:13:19 CEST", "Wed, 23 Aug 2023 14:13:19 CET", "Wed, 23 Aug 2023 14:13:19 +0200", "Wed, 23 Aug 2023 14:13:19 GMT+2:00", "Wed, 23 Aug 2023 14:13:19 GMT+02:00", "Wed, 23 Aug 2023 14:13:19 GMT-1130", "Wed, 23 Aug 2023 14:13:19 GMT+2", "Wed, 23 Aug 2023 14:13:19 UTC", "Wed, 23 Aug 2023 14:13:19 IST", "Wed, 23 Aug 2023 14:13:19 JST", "Wed, 23 Aug 2023 14:13:19 Eastern Standard Time", "Wed, 23 Aug 2023 14:13:19 MSK", "Wed, 23 Aug 2023 14:13:19 XYZ", "Wed, 23 Aug 2023 14:13:19 +25:00", "Wed, 23 Aug 2023 14:13:19 +2", "Wed, 23 August 2023 14:13:19 Z", "Mon, 23 Aug 2023 14:13:19 GMT", "wednesday, 23 aug 2023 14:13:19 gmt",
        "23/08/2023 12:30 am", "23/08/2023 12:30 PM", "23/08/2023 00:30 AM", "23/08/2023 13:30 PM", "2023-W34-3", "2023-W01-1", "2023-W53-7", "2023-W00-0", "2023-W34-9", "2023-W-1-3", "2023-235", "2023-366", "2023-000", "2023 Aug 2 Wed", "2023 Aug -1 Fri", "2023 Aug 6 Mon", "2023 08 3 4", "2023 08 0 7", "2023 34 Wed", "AD 2023", "BC 44", "bc 1", "August 23, 2023", "aug 3, 23", "Mayday 5, 2020", "May 5, 2020", "14:13:19.123", "24:00:00.000", "24:10 0 PM", "24:10 11 AM", "2023Aug23", "141319123", "23 Aug 45", "23 Aug 46", "3 2023 34", "PM 03", "2023 34", "2023 2024 10 3", "8/23/23", "8/23/2023", "8/23/123",
        "2023-03-12 02:30:00", "2023-11-05 01:30:00", "2023-03-26 02:30:00", "2023-10-29 02:30:00", "2023-06-01 12:00:00 -0030", "2023-06-01 Eastern Daylight Time", "2023-06-01 Central European Standard Time", "20232351413", "23082023EST", "23082023 CST", "2023-08-23T14:13:19+05", "2023-08-23T14:13:19+0530", "2023-08-23T14:13:19+05:30", "2023-08-23T14:13:19Z", "2023-08-23T14:13:19z", "2023-08-23T14:13:19 Z", "\t2023-08-23", "2023-\t8-23", "NaN-01-01", "+2023-08-23", "2,023-08-23", "2023.5-08-23", "1969-12-31 23:59:59", "1900-01-01 00:00:00", "2011-12-30 12:00:00", "2018-11-04 00:30:00",
    };

    private DateVectors() {}

    static List<Object> format(long seed, int factor) {
        Random random = new Random(seed + 40);
        List<Object> cases = new ArrayList<>();
        for (int round = 0; round < factor; round++) {
            for (String pattern : PATTERNS) {
                cases.add(formatRow(random, pattern, "UTC", Locale.US));
                cases.add(formatRow(random, pattern, ZONES[random.nextInt(ZONES.length)], Locale.US));
            }
            for (int index = 0; index < 30; index++) {
                cases.add(formatRow(random, randomPattern(random), ZONES[random.nextInt(ZONES.length)], random.nextInt(6) == 0 ? Locale.ROOT : Locale.US));
            }
        }
        return cases;
    }

    static List<Object> parse(long seed, int factor) {
        Random random = new Random(seed + 41);
        List<Object> cases = new ArrayList<>();
        for (String pattern : PARSE_PATTERNS) {
            for (String text : TEXTS) {
                Object row = parseRow(pattern, "UTC", text);
                if (((List<?>) row).get(3) instanceof Long || random.nextInt(20) == 0) {
                    cases.add(row);
                }
            }
        }
        for (int index = 0; index < 250 * factor; index++) {
            String pattern = random.nextBoolean() ? PARSE_PATTERNS[random.nextInt(PARSE_PATTERNS.length)] : randomPattern(random);
            String zone = ZONES[random.nextInt(ZONES.length)];
            String text;
            if (random.nextInt(3) == 0) {
                text = TEXTS[random.nextInt(TEXTS.length)];
            } else {
                SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.US);
                format.setTimeZone(TimeZone.getTimeZone(ZONES[random.nextInt(ZONES.length)]));
                text = mutate(random, format.format(new Date(instant(random))));
            }
            cases.add(parseRow(pattern, zone, text));
        }
        return cases;
    }

    static List<Object> patterns(long seed, int factor) {
        Random random = new Random(seed + 42);
        List<String> patterns = new ArrayList<>(List.of("", "bogus", "yyyy-MM-dd'", "yyyy-MM-dd''", "'", "''", "'''", "''''", "'a", "'a'b", "XXXX", "XXXXX", "e", "A", "yyyyT", "\u00e4", "'\u00e4'", "[x]", "n", "I", "yyyy-MM-ddTHH", "c", "V", "O"));
        for (int index = 0; index < 40 * factor; index++) {
            StringBuilder pattern = new StringBuilder();
            for (int length = random.nextInt(5); length >= 0; length--) {
                pattern.append("''yMdabAXz- Zu".charAt(random.nextInt(14)));
            }
            patterns.add(pattern.toString());
        }
        List<Object> cases = new ArrayList<>();
        for (String pattern : patterns) {
            String message = null;
            try {
                new SimpleDateFormat(pattern, Locale.US);
            } catch (IllegalArgumentException error) {
                message = error.getMessage();
            }
            cases.add(Vectors.row(pattern, message));
        }
        return cases;
    }

    private static Object formatRow(Random random, String pattern, String zone, Locale locale) {
        SimpleDateFormat format = new SimpleDateFormat(pattern, locale);
        format.setTimeZone(TimeZone.getTimeZone(zone));
        List<Object> instants = new ArrayList<>();
        List<Object> texts = new ArrayList<>();
        for (int index = 0; index < 9; index++) {
            long instant = instant(random);
            instants.add(instant);
            texts.add(format.format(new Date(instant)));
        }
        return Vectors.row(pattern, zone, locale.equals(Locale.ROOT) ? "root" : "en", instants, texts);
    }

    private static Object parseRow(String pattern, String zone, String text) {
        SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.US);
        format.set2DigitYearStart(new Date(CENTURY_START));
        format.setTimeZone(TimeZone.getTimeZone(zone));
        Object result;
        try {
            result = format.parse(text).getTime();
        } catch (ParseException error) {
            result = Vectors.row(error.getErrorOffset());
        }
        return Vectors.row(pattern, zone, text, result);
    }

    private static long instant(Random random) {
        switch (random.nextInt(10)) {
            case 0:
                return random.nextInt(1000);
            case 1:
                return -12219292800000L + random.nextInt(2_000_000_000) * 4L - 4_000_000_000L;
            case 2:
                return -62135596800000L + random.nextInt(2_000_000_000) * 40L - 40_000_000_000L;
            case 3:
                return -2208988800000L + random.nextInt(2_000_000_000) * 500L;
            case 4:
                return 253402300799999L + random.nextInt() * 1000L;
            case 5:
                return 1672531200000L + random.nextInt(53) * 604_800_000L + random.nextInt(172_800_000);
            default:
                return Math.abs(random.nextLong() % 2_000_000_000_000L);
        }
    }

    private static String randomPattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        for (int fields = 1 + random.nextInt(5); fields > 0; fields--) {
            char letter = "GyMdkHmsSEDFwWahKzZYuXL".charAt(random.nextInt(23));
            pattern.append(String.valueOf(letter).repeat(1 + random.nextInt(letter == 'X' ? 3 : 4)));
            pattern.append(new String[] {"", "-", " ", "/", ":", "'T'", "''"}[random.nextInt(7)]);
        }
        return pattern.indexOf("XXXX") < 0 ? pattern.toString() : randomPattern(random);
    }

    private static String mutate(Random random, String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int changes = random.nextInt(3); changes > 0 && mutated.length() > 0; changes--) {
            int index = random.nextInt(mutated.length());
            switch (random.nextInt(3)) {
                case 0:
                    mutated.deleteCharAt(index);
                    break;
                case 1:
                    mutated.insert(index, " 0-9+:ZTE".charAt(random.nextInt(9)));
                    break;
                default:
                    mutated.setCharAt(index, "0123456789- ".charAt(random.nextInt(12)));
            }
        }
        return mutated.toString();
    }
}
