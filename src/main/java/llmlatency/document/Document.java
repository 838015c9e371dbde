package llmlatency.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON profile that knows where it stands, so that every message can name file, line and field.
 *
 * <p>The value is a {@code Map<String, Document>}, a {@code List<Document>}, a {@code String}, a
 * {@code BigDecimal} or a {@code Boolean}.
 */
public final class Document {
    /** What a config's null is kept as. */
    static final Object NULL = new Object();

    private final String file;
    private final int line;
    private final String field;
    private final Object value;

    Document(String file, int line, String field, Object value) {
        this.file = file;
        this.line = line;
        this.field = field;
        this.value = value;
    }

    /**
     * A document made from plain values: maps, lists, texts, numbers and truth values.
     *
     * @param file what messages name as its origin
     */
    public static Document of(String file, Object plain) {
        return of(file, "", plain);
    }

    private static Document of(String file, String field, Object plain) {
        Object value = plain;
        if (plain instanceof Map<?, ?> map) {
            Map<String, Document> fields = new LinkedHashMap<>();
            map.forEach((key, item) ->
                    fields.put((String) key, of(file, field.isEmpty() ? (String) key : field + "." + key, item)));
            value = fields;
        } else if (plain instanceof List<?> list) {
            List<Document> items = new ArrayList<>();
            for (Object item : list) {
                items.add(of(file, field + "[" + items.size() + "]", item));
            }
            value = items;
        } else if (plain instanceof Number number && !(plain instanceof BigDecimal)) {
            value = new BigDecimal(number.toString());
        }
        return new Document(file, 0, field, value);
    }

    /** A copy of this object with one more field. */
    public Document with(String name, Document field) {
        Map<String, Document> all = new LinkedHashMap<>(fields());
        all.put(name, field);
        return new Document(file, line, this.field, all);
    }

    /** Whether it is a config's null. */
    public boolean isNull() {
        return value == NULL;
    }

    /** Whether it is an object. */
    public boolean isObject() {
        return value instanceof Map<?, ?>;
    }

    /** The file that it stands in, as the user may know it. */
    public String file() {
        return file;
    }

    /** The line that it starts on, from 1; 0 where it comes from no file. */
    public int line() {
        return line;
    }

    /** A refusal that names file, line and field. */
    public Refusal refuse(String message, String... hints) {
        String place = file + (line == 0 ? "" : ", line " + line) + (field.isEmpty() ? "" : ", field " + field);
        return new Refusal(place + ": " + message, hints);
    }

    /**
     * Checks that an object holds no other fields than these.
     *
     * @throws Refusal naming the first one that is not known, and the nearest that is
     */
    public void allowOnly(Collection<String> names) {
        if (value instanceof Map<?, ?> map && names.containsAll(map.keySet())) {
            return;
        }
        for (Map.Entry<String, Document> entry : fields().entrySet()) {
            if (!names.contains(entry.getKey())) {
                List<String> near = NearestNames.among(names, entry.getKey());
                String hint = near.isEmpty() ? "known fields: " + String.join(", ", names) : NearestNames.hint(near);
                throw entry.getValue().refuse("unknown field", hint);
            }
        }
    }

    /** The fields of an object, in order. */
    public Map<String, Document> fields() {
        if (value instanceof Map<?, ?> map) {
            Map<String, Document> fields = new LinkedHashMap<>();
            map.forEach((key, node) -> fields.put((String) key, (Document) node));
            return fields;
        }
        throw refuse("expected an object");
    }

    /** The items of a list. */
    public List<Document> items() {
        if (value instanceof List<?> list) {
            List<Document> items = new ArrayList<>(list.size());
            for (Object item : list) {
                items.add((Document) item);
            }
            return Collections.unmodifiableList(items);
        }
        throw refuse("expected a list");
    }

    /** A field of an object, or null where it is absent. */
    public @Nullable Document find(String name) {
        if (value instanceof Map<?, ?> map) {
            return (Document) map.get(name);
        }
        throw refuse("expected an object");
    }

    /** A field that must be there. */
    public Document get(String name) {
        Document found = find(name);
        if (found == null) {
            throw refuse("the field '" + name + "' is missing");
        }
        return found;
    }

    /** The items of a list field; none where it is absent. */
    public List<Document> list(String name) {
        Document found = find(name);
        return found == null ? List.of() : found.items();
    }

    /** What a quantity field says, read by the unit's own parser; null where it is absent. */
    public <T> @Nullable T quantity(String name, Function<String, T> parser) {
        Document found = find(name);
        return found == null ? null : found.quantity(parser);
    }

    /** This text read by the unit's own parser. */
    public <T> T quantity(Function<String, T> parser) {
        String text = text();
        try {
            return parser.apply(text);
        } catch (Refusal e) {
            throw refuse(e.message());
        }
    }

    /** A text, not empty. */
    public String text() {
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw refuse("expected a text");
    }

    /** A whole number from {@code least} to {@code most}. */
    public long whole(long least, long most) {
        if (value instanceof BigDecimal number) {
            boolean inRange =
                    number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
            if (inRange && number.remainder(BigDecimal.ONE).signum() == 0) {
                return number.longValue();
            }
        }
        throw refuse("expected a whole number from " + least + " to " + most);
    }

    /** A number above zero. */
    public double positive() {
        if (value instanceof BigDecimal number && number.doubleValue() > 0 && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw refuse("expected a number above zero");
    }

    /** A number from {@code least} to {@code most}. */
    public double number(double least, double most) {
        if (value instanceof BigDecimal number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw refuse("expected a number from " + plain(least) + " to " + plain(most));
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    /** The text, which must be one of these. */
    public String word(Collection<String> words) {
        String text = text();
        if (words.contains(text)) {
            return text;
        }
        List<String> near = NearestNames.among(words, text);
        throw near.isEmpty()
                ? refuse("'" + text + "' is none of " + String.join(", ", words))
                : refuse("'" + text + "' is none of " + String.join(", ", words), NearestNames.hint(near));
    }

    /** The texts of a list field; none where it is absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Document item : list(name)) {
            texts.add(item.text());
        }
        return texts;
    }

    /** The texts of a list field, each of which must be one of these; none where it is absent. */
    public List<String> words(String name, Collection<String> words) {
        List<String> texts = new ArrayList<>();
        for (Document item : list(name)) {
            texts.add(item.word(words));
        }
        return texts;
    }

    /** Whether it is a list. */
    public boolean isList() {
        return value instanceof List<?>;
    }

    /** The constant that the text names in lower case. */
    public <E extends Enum<E>> E choice(E[] constants) {
        String text = text();
        StringBuilder expected = new StringBuilder();
        for (E constant : constants) {
            String key = constant.name().toLowerCase(Locale.ROOT);
            if (key.equals(text)) {
                return constant;
            }
            expected.append(expected.isEmpty() ? "" : ", ").append(key);
        }
        throw refuse("'" + text + "' is none of " + expected);
    }

    /** A truth value. */
    public boolean truth() {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw refuse("expected true or false");
    }

    /** A whole-number field of an object, or {@code otherwise} where it is absent. */
    public long whole(String name, long least, long most, long otherwise) {
        Document found = find(name);
        return found == null ? otherwise : found.whole(least, most);
    }

    /** A truth-value field of an object, false where it is absent. */
    public boolean flag(String name) {
        Document found = find(name);
        return found != null && found.truth();
    }

    /** The value in plain Java: maps, lists, texts, numbers and truth values. A config's null is the text "null". */
    public Object plain() {
        if (value == NULL) {
            return "null";
        }
        if (value instanceof Map<?, ?>) {
            Map<String, Object> plain = new LinkedHashMap<>();
            fields().forEach((key, node) -> plain.put(key, node.plain()));
            return plain;
        }
        if (value instanceof List<?>) {
            return items().stream().map(Document::plain).toList();
        }
        return value;
    }
}
