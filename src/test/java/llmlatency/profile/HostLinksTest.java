package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import llmlatency.units.BytesPerSecond;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast the link between a host and a device is. */
class HostLinksTest {
    private static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());

    @Test
    void the_table_keeps_its_schema() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode schema =
                json.readTree(Path.of("profiles/schemas/host-links.schema.json").toFile());
        JsonNode table = json.readTree(Path.of("profiles/host-links.json").toFile());

        Validator.Result result = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .validate(schema, table);

        assertThat(result.isValid()).as("%s", result.getErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"rtx4090, 31.5", "h100-sxm, 63.0", "v100-pcie-16gb, 15.76"})
    void a_link_has_the_rate_of_its_lanes(String device, double gigabytes) {
        BytesPerSecond rate = LIBRARY.hostLinks().of(LIBRARY.gpu(device).profile());

        assertThat(rate).isNotNull();
        assertThat(rate.value()).isCloseTo(gigabytes * 1e9, withinPercentage(0.1));
    }

    @Test
    void a_device_whose_profile_lists_none_has_none() {
        assertThat(LIBRARY.hostLinks().of(LIBRARY.gpu("epyc-9654").profile())).isNull();
    }
}
