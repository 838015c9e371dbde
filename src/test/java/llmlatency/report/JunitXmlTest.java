package llmlatency.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Verdicts as JUnit XML: valid by a schema of what CI systems read, and their counts add up. */
class JunitXmlTest {
    private static final String THREE =
            "check src/test/resources/budgets/three.json --profiles src/test/resources/overlay";

    private static Schema schema() throws SAXException {
        return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Path.of("src/test/resources/junit.xsd").toFile());
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                THREE,
                THREE + " --baseline src/test/resources/budgets/three-before.json --max-regression 1%",
                THREE + " --against pessimistic",
                "check -m llama-3.1-70b -g rtx4090 --max-tpot 1s",
                "check -m llama-3.1-70b -g rtx4090 --max-tpot 1s --allow-misfit",
                "check -m llama-3.1-8b -g h100-sxm --concurrency 4000 --max-ttft 1s"
            })
    void a_verdict_is_valid_and_its_counts_are_those_of_its_cases(String commandLine) throws Exception {
        Run run = Run.line(commandLine + " -f junit");
        schema().newValidator().validate(new StreamSource(new StringReader(run.out())));

        Element root = parsed(run.out()).getDocumentElement();
        int failures = root.getElementsByTagName("failure").getLength();
        assertThat(count(root, "tests"))
                .isEqualTo(root.getElementsByTagName("testcase").getLength());
        assertThat(count(root, "failures")).isEqualTo(failures);
        assertThat(run.code()).isEqualTo(failures == 0 ? 0 : 1);
        for (int i = 0; i < root.getElementsByTagName("testsuite").getLength(); i++) {
            Element suite = (Element) root.getElementsByTagName("testsuite").item(i);
            assertThat(count(suite, "tests"))
                    .isEqualTo(suite.getElementsByTagName("testcase").getLength());
            assertThat(count(suite, "failures"))
                    .isEqualTo(suite.getElementsByTagName("failure").getLength());
            assertThat(count(suite, "skipped"))
                    .isEqualTo(suite.getElementsByTagName("skipped").getLength());
        }
    }

    private static int count(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    @Test
    void the_schema_refuses_what_is_no_report() throws SAXException {
        Schema schema = schema();
        assertThatThrownBy(() -> schema.newValidator()
                        .validate(new StreamSource(new StringReader("<testsuites name='a'><testcase/></testsuites>"))))
                .isInstanceOf(SAXException.class);
    }

    @Test
    void hostile_names_stay_text() throws IOException {
        Path file = Files.createTempFile("budget", ".json");
        try {
            Files.writeString(file, """
                    {"deployments": [{"name": "<b>&\\u0000\\u001b[0m ::error::\\n| x", "model": "7b", "gpu": "l4",
                      "limits": {"max_tpot": "1ms"}}]}""");
            String junit = Run.of("check", file.toString(), "-f", "junit").out();
            String github = Run.of("check", file.toString(), "-f", "github").out();
            String markdown = Run.of("check", file.toString(), "-f", "markdown").out();

            assertThatCode(() -> parsed(junit)).doesNotThrowAnyException();
            assertThat(github.lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("::error file=") || line.startsWith("::notice title="));
            assertThat(markdown).doesNotContain("<b>").contains("&lt;b&gt;");
        } finally {
            Files.delete(file);
        }
    }
}
