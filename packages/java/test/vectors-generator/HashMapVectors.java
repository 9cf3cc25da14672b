import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows of the keys as inserted, their order in a HashMap, in a copy, and in one made with a given capacity (the fourth element). */
final class HashMapVectors {
    private static final String[] WORDS = {
        "name", "connector.class", "tasks.max", "topics", "topic", "file", "key.converter", "value.converter", "transforms",
        "errors.tolerance", "id", "ts", "Aa", "BB", "AaAa", "BBBB", "AaBB", "BBAa", "a", "b", "c", "", "\u00e4\u00f6", "\ud83d\ude00", "zip", "street",
    };

    private HashMapVectors() {}

    static List<Object> cases(long seed, int factor) {
        Random random = new Random(seed + 20);
        List<Object> cases = new ArrayList<>();
        cases.add(row(List.of(), 16));
        cases.add(row(List.of(WORDS), 16));
        cases.add(row(collisions(9), 16));
        cases.add(row(collisions(10), 16));
        cases.add(row(collisions(8), 16));
        cases.add(row(sameBin(12, 16), 16));
        cases.add(row(sameBin(9, 16), 1));
        cases.add(row(sameBin(11, 32), 16));
        for (int index = 0; index < 40 * factor; index++) {
            List<String> keys = new ArrayList<>();
            for (int size = random.nextInt(index % 8 == 0 ? 120 : 16); size > 0; size--) {
                keys.add(random.nextBoolean() ? WORDS[random.nextInt(WORDS.length)] : Integer.toString(random.nextInt(100_000), 36));
            }
            cases.add(row(keys, List.of(0, 1, 3, 16, 17, 100).get(random.nextInt(6))));
        }
        return cases;
    }

    private static Object row(List<String> keys, int capacity) {
        Map<String, Integer> map = new HashMap<>();
        Map<String, Integer> sized = new HashMap<>(capacity);
        Map<String, Integer> linked = new LinkedHashMap<>();
        List<Integer> hashes = new ArrayList<>();
        for (String key : keys) {
            map.put(key, 1);
            sized.put(key, 1);
            linked.put(key, 1);
            hashes.add(key.hashCode());
        }
        List<String> distinct = new ArrayList<>(linked.keySet());
        return Vectors.row(keys, indexes(map, distinct), indexes(new HashMap<>(linked), distinct), capacity, indexes(sized, distinct), hashes);
    }

    private static List<Integer> indexes(Map<String, Integer> map, List<String> keys) {
        List<Integer> indexes = new ArrayList<>();
        for (String key : map.keySet()) {
            indexes.add(keys.indexOf(key));
        }
        return indexes;
    }

    /** Distinct texts with equal hash codes; up to eight of them never make a tree. */
    private static List<String> collisions(int count) {
        List<String> keys = new ArrayList<>();
        for (int index = 0; index < Math.min(count, 8); index++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 4; bit++) {
                key.append((index >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.add(key.toString());
        }
        for (int index = keys.size(); index < count; index++) {
            keys.add("other" + index);
        }
        return keys;
    }

    /** Keys that share a bin of a table of the given size, and part when it grows. */
    private static List<String> sameBin(int count, int table) {
        List<String> keys = new ArrayList<>();
        for (int index = 0; keys.size() < count; index++) {
            String key = "k" + index;
            int hash = key.hashCode();
            if (((hash ^ hash >>> 16) & table - 1) == 3) {
                keys.add(key);
            }
        }
        return keys;
    }
}
