package llmlatency.report;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Limit;
import llmlatency.study.Remedy;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import org.jspecify.annotations.Nullable;

/** A verdict as the XML of JUnit: a suite for each deployment, a case for each limit and one for the memory. */
final class VerdictJunit {
    private static final String PROGRAM = "llm-latency check";
    private final Judgement judgement;
    private final StringWriter text = new StringWriter();

    VerdictJunit(Judgement judgement) {
        this.judgement = judgement;
    }

    String text() {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            line(xml, "");
            document(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.append('\n').toString();
    }

    private void document(XMLStreamWriter xml) throws XMLStreamException {
        Shift comparison = judgement.comparison();
        long cases = comparison == null ? 0 : comparison.moves().size();
        long failures = comparison == null ? 0 : comparison.regressions();
        for (Checked checked : judgement.deployments()) {
            cases += cases(checked);
            failures += failures(checked);
        }
        xml.writeStartElement("testsuites");
        counted(xml, PROGRAM, cases, failures, 0);
        for (Checked checked : judgement.deployments()) {
            suite(xml, checked);
        }
        if (comparison != null) {
            moves(xml, comparison);
        }
        line(xml, "");
        xml.writeEndElement();
    }

    private static long cases(Checked checked) {
        return checked.verdict().outcomes().size() + 1L;
    }

    private static long failures(Checked checked) {
        Verdict verdict = checked.verdict();
        return verdict.outcomes().stream().filter(outcome -> !outcome.kept()).count() + (verdict.misfit() ? 1 : 0);
    }

    private static void counted(XMLStreamWriter xml, String name, long cases, long failures, long skipped)
            throws XMLStreamException {
        attribute(xml, "name", name);
        attribute(xml, "tests", String.valueOf(cases));
        attribute(xml, "failures", String.valueOf(failures));
        attribute(xml, "errors", "0");
        attribute(xml, "skipped", String.valueOf(skipped));
        attribute(xml, "time", "0");
    }

    private void suite(XMLStreamWriter xml, Checked checked) throws XMLStreamException {
        Verdict verdict = checked.verdict();
        String memory = VerdictWords.memory(verdict);
        boolean unjudged = memory != null && !verdict.misfit();
        line(xml, "  ");
        xml.writeStartElement("testsuite");
        counted(xml, VerdictWords.name(checked), cases(checked), failures(checked), unjudged ? 1 : 0);
        line(xml, "    ");
        xml.writeStartElement("properties");
        property(xml, "deployment", VerdictWords.described(verdict.estimate()));
        property(xml, "against", verdict.against().key());
        property(xml, "version", judgement.version());
        property(xml, "profiles_hash", judgement.profiles().hash());
        line(xml, "    ");
        xml.writeEndElement();
        for (Limit.Outcome outcome : verdict.outcomes()) {
            limit(xml, checked, outcome);
        }
        open(xml, checked, "fits in memory");
        if (verdict.misfit()) {
            failure(xml, "misfit", String.valueOf(memory), remedies(checked));
        } else if (memory != null) {
            line(xml, "      ");
            xml.writeEmptyElement("skipped");
            attribute(xml, "message", memory);
        }
        close(xml, verdict.misfit() || unjudged);
        line(xml, "  ");
        xml.writeEndElement();
    }

    private static void limit(XMLStreamWriter xml, Checked checked, Limit.Outcome outcome) throws XMLStreamException {
        Limit limit = outcome.limit();
        open(
                xml,
                checked,
                VerdictWords.label(limit.metric()) + (limit.upper() ? " <= " : " >= ") + VerdictWords.limit(limit));
        String note = VerdictWords.note(checked.verdict(), outcome);
        String said = VerdictWords.label(limit.metric()) + " " + VerdictWords.value(outcome) + " "
                + VerdictWords.sign(outcome) + " " + VerdictWords.limit(limit) + ", " + VerdictWords.room(outcome);
        if (outcome.kept()) {
            line(xml, "      ");
            xml.writeStartElement("system-out");
            xml.writeCharacters(characters(note == null ? said : said + "; " + note));
            xml.writeEndElement();
        } else {
            failure(xml, "limit", said, (note == null ? "" : note + "\n") + remedies(checked));
        }
        close(xml, true);
    }

    private static void moves(XMLStreamWriter xml, Shift comparison) throws XMLStreamException {
        line(xml, "  ");
        xml.writeStartElement("testsuite");
        counted(xml, "baseline", comparison.moves().size(), comparison.regressions(), 0);
        for (Shift.Move move : comparison.moves()) {
            line(xml, "    ");
            xml.writeStartElement("testcase");
            attribute(
                    xml,
                    "name",
                    move.deployment() + " " + VerdictWords.label(move.limit().metric()) + " since the baseline");
            attribute(xml, "classname", "baseline");
            attribute(xml, "time", "0");
            String said = VerdictWords.moved(move) + " " + VerdictWords.change(move);
            if (move.regression()) {
                failure(xml, "regression", said, VerdictWords.blame(move));
            } else {
                line(xml, "      ");
                xml.writeStartElement("system-out");
                xml.writeCharacters(characters(said));
                xml.writeEndElement();
            }
            close(xml, true);
        }
        line(xml, "  ");
        xml.writeEndElement();
    }

    private static String remedies(Checked checked) {
        StringBuilder text = new StringBuilder();
        for (Remedy remedy : checked.remedies()) {
            text.append("to pass: ")
                    .append(VerdictWords.typed(remedy))
                    .append(VerdictWords.layout(remedy))
                    .append(", ")
                    .append(VerdictWords.cost(remedy))
                    .append('\n');
        }
        return text.toString();
    }

    private static void open(XMLStreamWriter xml, Checked checked, String name) throws XMLStreamException {
        line(xml, "    ");
        xml.writeStartElement("testcase");
        attribute(xml, "name", name);
        attribute(xml, "classname", VerdictWords.name(checked));
        attribute(xml, "time", "0");
        Checked.Place place = checked.place();
        if (place != null) {
            attribute(xml, "file", place.file());
            attribute(xml, "line", String.valueOf(place.line()));
        }
    }

    private static void close(XMLStreamWriter xml, boolean content) throws XMLStreamException {
        if (content) {
            line(xml, "    ");
        }
        xml.writeEndElement();
    }

    private static void failure(XMLStreamWriter xml, String type, String message, String detail)
            throws XMLStreamException {
        line(xml, "      ");
        xml.writeStartElement("failure");
        attribute(xml, "type", type);
        attribute(xml, "message", message);
        xml.writeCharacters(characters(detail.stripTrailing()));
        xml.writeEndElement();
    }

    private static void property(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        line(xml, "      ");
        xml.writeEmptyElement("property");
        attribute(xml, "name", name);
        attribute(xml, "value", value);
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, characters(value));
    }

    private static void line(XMLStreamWriter xml, String indent) throws XMLStreamException {
        xml.writeCharacters("\n" + indent);
    }

    /** XML 1.0 has no place for control characters, not even escaped. */
    private static String characters(@Nullable String text) {
        return String.valueOf(text).replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?");
    }
}
