package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.Profile.Confidence;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The profiles on the class path, under {@code dev/cgnat/profiles}. */
final class Profiles {
    /** Profile of a configuration that has none: the defaults alone. */
    static final String NONE = "none";

    /** A directory inside a jar cannot be listed portably; a test compares this with the files. */
    static final List<String> NAMES = List.of(
            "aws-nat-gateway",
            "azure-lb-default",
            "azure-nat-gateway",
            "cilium-egress",
            "demo",
            "gcp-cloud-nat-dynamic",
            "gcp-cloud-nat-static",
            "home-router-full-cone",
            "isp-cgn-deterministic",
            "isp-cgn-nokia-2tier",
            "isp-cgn-pba-512",
            "linux-default",
            "linux-masquerade",
            "linux-tuned",
            "vpp-nat44-ed",
            "vyos-cgnat",
            "windows-2003-default",
            "windows-2003-tuned",
            "windows-port-scalability",
            "windows-reuse-unicastport",
            "windows-vista-plus");

    private Profiles() {}

    static List<Profile> all() {
        return NAMES.stream().map(Profiles::describe).toList();
    }

    /** The file of a profile of {@link #NAMES}. */
    static String text(String name) {
        return TextFile.shipped("/dev/cgnat/profiles/" + name + ".yaml");
    }

    static String label(String name) {
        return "profile " + name;
    }

    /** The fields of the profile; mistakes in it become problems, as in any other file. */
    static Fields read(String name, Problems problems) {
        ConfigNode node = YamlReader.read(text(name), label(name), problems)
                .orElseGet(() -> new Mapping(Position.whole(label(name)), Map.of()));
        return Fields.of(node, "", Section.PROFILE, problems);
    }

    private static Profile describe(String name) {
        Problems problems = new Problems();
        Fields fields = read(name, problems);
        String description = fields.read("description", Leaves::text, "");
        String source = fields.read("source", Leaves::text, "");
        LocalDate readOn = fields.read("read-on", Profiles::date, LocalDate.EPOCH);
        Optional<Located<Confidence>> confidence = fields.read("confidence", Leaves.oneOf(Confidence.class));
        if (problems.errors() > 0 || description.isEmpty() || source.isEmpty() || confidence.isEmpty()) {
            throw new IllegalStateException(label(name) + ": " + problems.sorted());
        }
        return new Profile(name, description, source, readOn, confidence.get().value(), text(name));
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("(expected: a date such as 2026-01-31)", e);
        }
    }
}
