package llmlatency.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.units.Refusal;

/**
 * Reads a JSON profile into a tree that keeps lines. Streaming rather than databind: the start-up of a short command is
 * mostly class loading, and this loads a third of the classes.
 */
public final class JsonReader {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final int MAX_TEXT_LENGTH = 100_000;
    private static final int LONGEST_REASON = 160;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .build())
            .build();

    private final String file;
    private final JsonParser parser;
    private final boolean config;

    private JsonReader(String file, JsonParser parser, boolean config) {
        this.file = file;
        this.parser = parser;
        this.config = config;
    }

    /**
     * The object that the bytes hold.
     *
     * @throws Refusal naming file and line when they hold anything else
     */
    public static Document read(String file, byte[] json) {
        return read(file, json, false);
    }

    /**
     * The object of a model's config: null is kept as a value of its own, a bare Infinity or NaN becomes a text.
     *
     * @throws Refusal naming file and line when they hold anything else
     */
    public static Document readConfig(String file, byte[] json) {
        return read(file, json, true);
    }

    /**
     * All objects that the bytes hold: one, a list of them, or one after the other as in JSON lines. Read as a config is.
     *
     * @throws Refusal naming file and line when they hold anything else
     */
    public static List<Document> readAll(String file, byte[] json) {
        return read(file, json, true, true);
    }

    private static Document read(String file, byte[] json, boolean config) {
        return read(file, json, config, false).get(0);
    }

    private static List<Document> read(String file, byte[] json, boolean config, boolean many) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature(), config);
            JsonReader reader = new JsonReader(file, parser, config);
            return many ? reader.objects() : List.of(reader.onlyObject());
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new Refusal(file + ", line " + line + ": not valid JSON: " + firstSentence(e.getOriginalMessage()));
        } catch (NumberFormatException e) {
            throw new Refusal(file + " holds a number that is too large or too small to be one");
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage());
        }
    }

    private Document onlyObject() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new Refusal(file + " does not hold a JSON object");
        }
        Document root = value("");
        if (parser.nextToken() != null) {
            throw new Refusal(
                    file + ", line " + parser.currentTokenLocation().getLineNr() + ": something follows the object");
        }
        return root;
    }

    private List<Document> objects() throws IOException {
        List<Document> objects = new ArrayList<>();
        while (parser.nextToken() != null) {
            Document value = value("");
            objects.addAll(value.isList() ? value.items() : List.of(value));
        }
        for (Document object : objects) {
            if (!object.isObject()) {
                throw object.refuse("expected an object");
            }
        }
        return objects;
    }

    private Document value(String field) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        return new Document(file, line, field, content(field, line));
    }

    private Object content(String field, int line) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(field);
            case START_ARRAY -> array(field);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getDecimalValue();
            case VALUE_NUMBER_FLOAT -> parser.isNaN() ? parser.getText() : parser.getDecimalValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            default -> nothing(field, line);
        };
    }

    private Object nothing(String field, int line) {
        if (config) {
            return Document.NULL;
        }
        throw new Refusal(
                file + ", line " + line + ", field " + field + ": null stands for nothing here; leave the field out");
    }

    private Map<String, Document> object(String field) throws IOException {
        Map<String, Document> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(field.isEmpty() ? name : field + "." + name));
        }
        return fields;
    }

    private List<Document> array(String field) throws IOException {
        List<Document> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(field + "[" + items.size() + "]"));
        }
        return items;
    }

    private static String firstSentence(String message) {
        String line = message.replaceFirst("(?s)( \\(start marker|; line: |\n).*", "");
        return Quote.cut(line, LONGEST_REASON);
    }
}
