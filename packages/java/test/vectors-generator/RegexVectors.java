import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Rows of pattern and text, whether the whole and a part of it matches, the groups of the whole match (or null), and
 * the text with all matches in brackets; rows of pattern and description of the syntax error; rows of replacements.
 */
final class RegexVectors {
    private static final String[] PATTERNS = {
        ".*", "(.*)", "(.*)-v\\d+", "^prefix[._-].+$", "my-topic-(?<n>[0-9]+)", "topic-(.)", "t(.*)-(?<n>.)", "(?i)TOPIC-A", "topic-[a-z]+", "^(topic)-(.*)$", "", "a", "a|b", "(a|b)*c", "a{2}", "a{2,}", "a{2,3}?", "a{2}{3}", "{3}", "x{0}y", "[abc]+", "[^abc]+", "[a-c&&[b-d]]+", "[a-z&&[^aeiou]]+",
        "[a-z&&b-d]+", "[^a-d&&c-f]+", "[a[b-d]]+", "[]a]+", "[^]a]+", "[a-]+", "[-a]+", "[a^]+", "[&a]+", "[a&b]+", "[\\w-]+", "[\\d\\s]+", "[^\\W]+", "\\Qa.b\\E+", "\\Q[\\E", "[\\Q^-]\\E]+", "a\\Qb", "\\x41\\x{1F600}", "\\u0041\\ud83d\\ude00", "\\0101\\07", "\\cA\\a\\e\\t\\n\\f\\r", "\\p{Alpha}+", "\\p{Lower}+", "\\P{Upper}+", "\\p{Punct}+", "\\p{IsAlphabetic}+", "\\p{javaLowerCase}+", "\\p{L}+", "\\pL+", "\\p{Lu}+", "\\p{InGreek}+", "\\p{IsGreek}+", "\\p{sc=Cyrillic}+", "\\p{gc=Nd}+", "\\p{IsLatin}+", "\\p{ASCII}+", "\\p{Space}+", "\\p{javaWhitespace}+", "\\p{IsWhite_Space}+", "\\p{LC}+", "\\p{LD}+", "\\p{L1}+", "[\\p{L}&&[^\\p{Lu}]]+", "\\h+", "\\H+", "\\v+", "\\V+", "\\R", "\\s+", "\\S+", "\\d+", "\\D+", "\\w+", "\\W+", ".", ".+", "(?s).+", "(?d).+", "^", "$", "(?m)^", "(?m)$", "(?md)^", "(?md)$", "(?d)$", "a$", "^a", "(?m)^a", "(?m)a$", "\\Aa", "a\\z", "a\\Z", "\\Z", "\\b", "\\B", "\\bfoo\\b", "\\b\\w", "(?i)straSSE", "(?i)[a-f]+", "(?i)[Z-a]+", "(?i)[^x]+", "(?i)\u00e9", "(?iu)\u00e9", "(?iu)[\u00e0-\u00ef]+", "(?iu)k", "(?iu)\u00df", "(?i)k", "(?i)\\p{Lower}+", "(?i)\\p{Lu}+", "(?i:a)b", "a(?i)b|c", "(?:a(?i)b)c", "((?i)a)b", "(?i)a(?-i)b", "(?x) a b # c\n c", "(?x)[a b]+", "(?x)a\\ b", "(?x)a {2}",
        "a*+b", "a++a", "a?+a", "a{1,3}+a", "(?>a+)b", "(?>a|ab)c", "(?>(a)b)\\1", "x(?>a+)\\b", "(a)(?>b+)(c)\\2", "(a+)+?b", "(a)\\1", "(?<x>a)\\k<x>", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10", "(a)\\11", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(?<=ab|c)d", "(?<=a{1,3})b", "(?=(a+))\\1b", "(a)?b", "(a)|b", "(?:(a)|b)", "a.?b", "a.*?b", "a.+b", "(\\w+)@(\\w+)\\.com", "\\d{4}-\\d{2}-\\d{2}", "[+-]?\\d+(\\.\\d+)?", "(?:[^/]+/)*x", "([a-z]+\\.)*[a-z]+", "(,?\\d)+", "(a|b|c)+", "(?:ab)*", "(ab)+?", "[.]", "[*+?{}()|^$]+", "\\.\\*\\+\\?\\{\\}\\(\\)\\|\\^\\$\\[\\]\\\\", "a}b]c", "\\-\\_\\#", "/", "\u00e9+", "\ud83d\ude00+", "[\ud83d\ude00-\ud83d\ude02]+", "[^\ud83d\ude00]", "\\N", "db\\.(public|private)\\..+", "(?!internal\\.).*", "^(?!__).+", "[A-Za-z0-9_.-]+", "(.*)\\.(.*)\\.(.*)", "([^.]+)\\.([^.]+)", "foo|bar|baz", "(?:foo|bar)-(\\d+)", "server1\\.inventory\\..*", "[^\\n]*", "(?U)\\w", "a**", "*a", "+", "?", "a|*", "(", ")", "a)", "(a", "[", "[a", "[]", "[^]", "[b-a]", "[a&&", "a{", "a{a}", "a{2", "a{3,2}", "a{,3}", "(?", "(?a)", "(?<1>a)", "(?<a", "(?<a>x)(?<a>y)", "\\", "a\\", "\\k<z>", "\\k", "\\y", "\\x1", "\\x{110000}", "\\x{41", "\\u12", "\\08", "\\p{Foo}", "\\p{", "\\pZ", "\\p{IsFoo}", "(?<=a+)b", "(?<=a*)b", "[a-\\d]", "(?i", "{a}", "a{99999999999}", "\\c", "(?:", "(?=", "x{2}+", "[[a]", "\\E", "\\Q", "\\Q\\E", "(?x)#", "(?x)# a\nb",
    };

    private static final String[] TEXTS = {
        "", "a", "b", "ab", "abc", "aaa", "aaab", "AAA", "topic-a", "TOPIC-A", "my-topic-42", "my-topic", "prefix.x", "orders-v12", "orders-v", "a\n", "a\r\n", "\r\n", "\n", "a\nb", "a\r\nb\r\n", "a\u0085b\u2028c\u2029", "\na\n\n", "a\r", "a\nb\n", "foo bar", "foo_bar foo", "\u00e9t\u00e9 \u00c9T\u00c9", "e\u0301a \u0301", "stra\u00dfe STRASSE strasse", "k K \u212a", "\u017f s S", "\u0391\u03b1\u0392 \u0410\u0431", "A\ud83d\ude00\ud83d\ude01", "x\ud83dy", "\t \u00a0\u2003\u000b\f\u0085", "0aZ_-.$^*+?{}()|[]\\/", "a.b a+b", "a}b]c", "-_#", "user@example.com", "2023-08-23", "+3.14,-2,7", "db.public.t1", "a.b.c.d", "__internal", "internal.x", "foo-123 bar-4", "aabb abab", "aa aaa", "abcabc", "aab", "abcdefghijj", "aa1", "A\u0007", "\u0001\u0007\u001b\t\n\f\r", "x/y/x", "cat dog", "\u0661\u0662 12", "\u4e2d\u6587abc", "b-d&", "server1.inventory.orders",
    };

    private RegexVectors() {}

    private static final class TooManySteps extends RuntimeException {}

    /** A text that ends a search which looks at it too often. */
    private static final class Counted implements CharSequence {
        private final CharSequence text;
        private int steps;

        Counted(CharSequence text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > 1_000_000) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    static List<Object> match(long seed, int factor) {
        Random random = new Random(seed + 50);
        List<Object> cases = new ArrayList<>();
        List<String> patterns = new ArrayList<>(List.of(PATTERNS));
        for (int index = 0; index < 120 * factor; index++) {
            patterns.add(randomPattern(random, 3));
        }
        for (int index = 0; index < patterns.size(); index++) {
            Pattern pattern;
            try {
                pattern = Pattern.compile(patterns.get(index));
            } catch (PatternSyntaxException error) {
                cases.add(Vectors.row(patterns.get(index), error.getDescription()));
                continue;
            }
            List<Object> results = new ArrayList<>();
            try {
                addResults(random, pattern, index, results);
            } catch (TooManySteps tooMany) {
                continue;
            }
            cases.add(Vectors.row(patterns.get(index), results));
        }
        return cases;
    }

    private static void addResults(Random random, Pattern pattern, int index, List<Object> results) {
        for (int text = 0; text < TEXTS.length; text++) {
            if (index < PATTERNS.length ? text % 3 == index % 3 && pattern.matcher(new Counted(TEXTS[text])).find() || text % 13 == index % 13 : text % 12 == index % 12) {
                results.add(result(pattern, TEXTS[text]));
            }
        }
        if (index >= PATTERNS.length) {
            for (int text = 0; text < 3; text++) {
                results.add(result(pattern, randomText(random)));
            }
        }
    }

    static List<Object> replace() {
        String[] patterns = {"(.*)", "topic-(.)", "t(.*)-(?<n>.)", "a", "(a)(b)?", "(?<name>[a-z]+)-(?<number>\\d+)", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "b*"};
        String[] replacements = {"", "x", "p-$1", "$1", "${n}_$1", "\\$1", "a\\\\b", "$0-$0", "${no}", "$", "$x", "${", "${1}", "${1a}", "${n", "${}", "\\", "$2", "$9", "$10", "$11", "$01", "${name}:${number}", "$2$1", "\\x", "$\u0661", "\u00e9$0\ud83d\ude00"};
        String[] texts = {"topic-abcdefghij", "aXbab 12", "items-7"};
        List<Object> cases = new ArrayList<>();
        for (String pattern : patterns) {
            for (String replacement : replacements) {
                List<Object> results = new ArrayList<>();
                for (String text : texts) {
                    results.add(replaced(() -> Pattern.compile(pattern).matcher(text).replaceFirst(replacement)));
                    results.add(replaced(() -> Pattern.compile(pattern).matcher(text).replaceAll(replacement)));
                }
                cases.add(Vectors.row(pattern, replacement, results));
            }
        }
        return List.of(List.of(texts), cases);
    }

    private interface Call {
        String get();
    }

    private static Object replaced(Call call) {
        try {
            return call.get();
        } catch (IllegalArgumentException | IndexOutOfBoundsException error) {
            return Vectors.row(error.getMessage());
        }
    }

    private static Object result(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(new Counted(text));
        List<Object> groups = null;
        if (matcher.matches()) {
            groups = new ArrayList<>();
            for (int group = 1; group <= matcher.groupCount(); group++) {
                groups.add(matcher.group(group));
            }
        }
        return Vectors.row(text, groups, pattern.matcher(new Counted(text)).replaceAll("<$0>"));
    }

    private static String randomPattern(Random random, int depth) {
        String[] atoms = {"a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "-", "^", "$", "\\b", "[a-c&&[^b]]", "(?i)", "\\s", "\\n", "ab"};
        String[] quantifiers = {"", "", "", "", "*", "+", "?", "{2}", "{1,2}", "*?", "+?", "??", "*+", "++", "?+"};
        StringBuilder pattern = new StringBuilder();
        for (int items = 1 + random.nextInt(3); items > 0; items--) {
            if (depth > 0 && random.nextInt(3) == 0) {
                String[] openings = {"(", "(", "(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"};
                pattern.append(openings[random.nextInt(openings.length)]).append(randomPattern(random, depth - 1)).append(')');
            } else if (depth > 0 && random.nextInt(6) == 0) {
                pattern.append("(?:").append(randomPattern(random, depth - 1)).append('|').append(randomPattern(random, depth - 1)).append(')');
            } else {
                pattern.append(atoms[random.nextInt(atoms.length)]);
            }
            pattern.append(quantifiers[random.nextInt(quantifiers.length)]);
        }
        return pattern.toString();
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            text.append("aabbccAB1- \n\r_".charAt(random.nextInt(14)));
        }
        return text.toString();
    }
}
