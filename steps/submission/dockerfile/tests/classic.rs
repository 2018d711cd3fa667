//! Features that the classic builder lacks are refused, with what to write instead.

use super::*;

fn refused(text: &str) -> Vec<(usize, String)> {
    refused_by(Builder::Classic, text)
}

#[test]
fn a_here_document_hides_nothing() {
    // For this builder, the last line is an instruction of its own.
    let text = "FROM busybox\nRUN cat <<CMD\nADD http://x/y /\nCMD\n";
    assert_eq!(refused(text), [(2, "dockerfile-syntax".into()), (3, "no-download".into())]);
    for line in
        ["RUN cat 0<<-'EOF' > x", "RUN [\"a\"] <<EOF", "COPY <<EOF /x", "ADD a <<EOF /x", "RUN <<A cat \\\n <<B"]
    {
        let text = format!("FROM busybox\n{line}\nFROM evil\n");
        let rules: Vec<String> = refused(&text).into_iter().map(|(_, rule)| rule).collect();
        assert_eq!(rules, ["dockerfile-syntax", "base-image"], "{line}");
    }
}

#[test]
fn messages_say_what_to_write_instead() {
    let lacks = "needs BuildKit, which this machine does not have";
    for (instruction, rule, thing, instead) in [
        ("COPY --chmod=755 a b", "flag", "COPY --chmod", "write `RUN chmod 755 FILE` after the COPY"),
        ("ADD --chmod=u+x a b", "flag", "ADD --chmod", "write `RUN chmod u+x FILE` after the ADD"),
        ("COPY --chmod a b", "flag", "COPY --chmod", "write `RUN chmod 644 FILE` after the COPY"),
        ("COPY --link a b", "flag", "COPY --link", "leave --link out"),
        ("ADD --unpack=true a b", "flag", "ADD --unpack", "leave --unpack out"),
        ("COPY --parents a b", "flag", "COPY --parents", "write a line `COPY FOLDER FOLDER` for each folder"),
        ("COPY --exclude=*.md a b", "flag", "COPY --exclude", "name the files to copy one by one"),
        (
            "RUN --mount=type=cache,target=/x a",
            "run-flag",
            "RUN --mount",
            "write the command without it, and COPY the files that it needs",
        ),
        ("RUN --network=none a", "run-flag", "RUN --network", "write the command without it"),
        ("RUN --security=sandbox a", "run-flag", "RUN --security", "write the command without it"),
        ("RUN <<EOF", "dockerfile-syntax", "a here-document", "hand in the file and write COPY, or write printf"),
    ] {
        assert_eq!(broken_by(Builder::Classic, instruction), [rule], "{instruction}");
        assert_eq!(message_of(Builder::Classic, instruction), format!("{thing} {lacks}: {instead}"));
    }
}

#[test]
fn what_needs_no_buildkit_is_not_said_to() {
    for (instruction, message) in [
        ("ADD --checksum=sha256:0 a b", "ADD --checksum is for downloads: hand in the file, and write COPY"),
        ("COPY --x a b", "COPY has no flag --x: leave it out"),
        ("ADD --parents a b", "ADD has no flag --parents: leave it out"),
        ("COPY --unpack a b", "COPY has no flag --unpack: leave it out"),
        ("RUN --x a", "RUN --x is not allowed: write the command without it"),
    ] {
        assert_eq!(message_of(Builder::Classic, instruction), message);
    }
}

#[test]
fn buildkits_variables_are_not_known() {
    assert_eq!(
        refused("FROM busybox AS a-amd64\nFROM busybox AS a-arm64\nFROM a-$TARGETARCH\n"),
        [(3, "base-image".into())]
    );
}

#[test]
fn the_file_is_not_checked() {
    assert_eq!(refused("# check=skip=all\nFROM busybox\n"), [(1, "dockerfile-syntax".into())]);
}
