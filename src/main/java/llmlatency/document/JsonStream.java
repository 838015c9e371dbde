package llmlatency.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object read as it passes, for documents too large to hold. Every method leaves the stream behind what it has
 * read, and refuses anything else with file and place. Places count characters, so a name that is not ASCII moves those
 * behind it a little.
 */
public final class JsonStream implements Closeable {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final int MAX_NAME_LENGTH = 4096;
    private static final int MAX_TEXT_LENGTH = 1 << 20;
    private static final int LONGEST_REASON = 160;

    /** Names are not kept in tables: each stands once, and a hostile file would make the tables large and slow. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .build())
            .build();

    private final String file;
    private final long start;
    private final JsonParser parser;

    private JsonStream(String file, long start, JsonParser parser) {
        this.file = file;
        this.start = start;
        this.parser = parser;
    }

    /**
     * The object that the stream holds.
     *
     * @param start where in the file the stream begins
     */
    public static JsonStream open(String file, long start, InputStream in) {
        try {
            // A decoder of its own refuses broken UTF-8, which the parser's guess at the encoding would not.
            JsonParser parser = FACTORY.createParser(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
            JsonStream stream = new JsonStream(file, start, parser);
            if (stream.advance() != JsonToken.START_OBJECT || stream.offset() != start) {
                throw stream.refuse("expected a JSON object");
            }
            return stream;
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage());
        }
    }

    /** Where the value that was read last begins. */
    public long offset() {
        return start + parser.currentTokenLocation().getCharOffset();
    }

    /** A refusal that names file and place. */
    public Refusal refuse(String message) {
        return new Refusal(file + ", byte " + offset() + ": " + message);
    }

    /** Steps to the next field of the object and onto its value; null behind the last one. */
    public @Nullable String nextField() {
        if (advance() != JsonToken.FIELD_NAME) {
            return null;
        }
        String name = attempt(parser::currentName);
        advance();
        return name;
    }

    /** Steps into the object that is the value. */
    public void enterObject() {
        require(JsonToken.START_OBJECT, "expected an object");
    }

    /** The value, a text. */
    public String text() {
        require(JsonToken.VALUE_STRING, "expected a text");
        return attempt(parser::getText);
    }

    /** The value, a list of whole numbers from 0 to the largest long. */
    public List<Long> counts(int most) {
        require(JsonToken.START_ARRAY, "expected a list of whole numbers");
        List<Long> counts = new ArrayList<>();
        while (advance() != JsonToken.END_ARRAY) {
            if (counts.size() == most) {
                throw refuse("expected at most " + most + " numbers");
            }
            if (!(scalar() instanceof Long count) || count < 0) {
                throw refuse("expected a whole number from 0 to " + Long.MAX_VALUE);
            }
            counts.add(count);
        }
        return counts;
    }

    /** The value, a text, number or truth value; null where it is anything else, which is passed over. */
    public @Nullable Object scalar() {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> attempt(parser::getText);
            case VALUE_NUMBER_INT -> {
                Number whole = attempt(parser::getNumberValue);
                yield whole instanceof BigInteger ? whole : (Object) whole.longValue();
            }
            case VALUE_NUMBER_FLOAT -> attempt(parser::getDoubleValue);
            case VALUE_TRUE, VALUE_FALSE -> attempt(parser::getBooleanValue);
            default -> {
                skip();
                yield null;
            }
        };
    }

    /** Passes over the value. */
    public void skip() {
        attempt(parser::skipChildren);
    }

    /** Refuses anything but white space behind the object. */
    public void end() {
        if (advance() != null) {
            throw refuse("something follows the object");
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void require(JsonToken token, String otherwise) {
        if (parser.currentToken() != token) {
            throw refuse(otherwise);
        }
    }

    private @Nullable JsonToken advance() {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private <T> T attempt(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private Refusal broken(IOException e) {
        if (!(e instanceof JsonProcessingException json)) {
            return refuse("not valid UTF-8 text: " + e.getMessage());
        }
        JsonLocation place = json.getLocation();
        String line = json.getOriginalMessage().lines().findFirst().orElse("");
        return new Refusal(file + ", byte " + (place == null ? start : start + place.getCharOffset())
                + ": not valid JSON: " + Quote.cut(line, LONGEST_REASON));
    }

    /** Something that the parser does. */
    private interface Reading<T> {
        T read() throws IOException;
    }
}
