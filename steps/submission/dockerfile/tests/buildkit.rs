//! Features of `BuildKit` are allowed if they reach only the build itself.

use super::*;

fn refused(text: &str) -> Vec<(usize, String)> {
    refused_by(Builder::BuildKit, text)
}

fn broken(instruction: &str) -> Vec<String> {
    broken_by(Builder::BuildKit, instruction)
}

#[test]
fn right_ones_in_odd_styles_are_not_refused() {
    let right = [
        "# syntax=docker/dockerfile:1.7-labs\n# check=skip=all;error=true\nFROM --platform=$BUILDPLATFORM busybox\n",
        "FROM busybox\nRUN <<EOF\n#!/bin/sh\nFROM evil\necho \\\nEOF\nCOPY <<-\"a.txt\" <<'b' /x/\n$X\n\ta.txt\nb\nADD <<c /c\r\nc\r\nUSER b\n",
        "FROM busybox AS a\nRUN --mount=type=cache,target=/x --network=none cat <<A > $HOME/x && cat \\\n # b\n <<B\nA\nB\n",
        "FROM busybox\nRUN [\"cat\", \"<<EOF\"]\nRUN [ -f x ] && cat <<EOF\nEOF\nRUN echo '<<EOF' \"<<EOF\"\nUSER b\n",
        "# escape=`\nFROM busybox\nRUN cat <<EOF `\n | sed\nFROM evil `\nEOF\nUSER b\n",
        "ARG TARGETARCH\nFROM busybox AS a-amd64\nFROM busybox AS a-arm64\nFROM a-${TARGETARCH} AS b\n",
    ];
    for text in right {
        assert_eq!(refused(text), [], "{text}");
    }
}

#[test]
fn a_here_document_hides_nothing() {
    let cases = [
        ("RUN cat <<EOF\nx\nEOF\nFROM evil\n", 5),
        ("RUN cat <<EOF\r\nx\r\nEOF\r\nFROM evil\r\n", 5),
        ("RUN cat <<-EOF\n EOF\n\tEOF\nFROM evil\n", 5),
        ("RUN cat <<A <<B\nB\nA\nB\nFROM evil\nA\nB\n", 6),
        ("RUN cat <<EOF \\\n # x\n y\nEOF\nFROM evil\nEOF\n", 6),
        ("RUN cat <<EOF\nx \\\nEOF\nFROM evil\nEOF\n", 5),
        ("RUN [\"cat\", \"<<EOF\"]\nFROM evil\nEOF\n", 3),
        ("RUN [\"<<EOF\"]\nFROM evil\nEOF\n", 3),
        ("COPY [\"<<EOF\", \"/x\"]\nFROM evil\nEOF\n", 3),
        ("RUN echo \"<<EOF\" '<<EOF' \\<<EOF x<<EOF <<<EOF $X<<EOF\nFROM evil\nEOF\n", 3),
        ("CMD cat <<EOF\nFROM evil\nEOF\n", 3),
        ("LABEL a=<<EOF\nFROM evil\nEOF\n", 3),
        ("# RUN <<EOF\nFROM evil\nEOF\n", 3),
    ];
    for (text, line) in cases {
        let text = format!("FROM busybox\n{text}");
        assert_eq!(refused(&text), [(line, "base-image".into())], "{text}");
    }
}

#[test]
fn a_here_document_ends() {
    for (line, ends) in
        [("EOF", true), ("EOF ", false), (" EOF", false), ("\tEOF", false), ("EOF\\", false), ("eof", false)]
    {
        let expected = if ends { vec![] } else { vec![(2, "dockerfile-syntax".into())] };
        assert_eq!(refused(&format!("FROM busybox\nRUN <<EOF\nFROM evil\n{line}")), expected, "{line}");
    }
    let message = message_of(Builder::BuildKit, "RUN <<A <<B\nA\n");
    assert_eq!(message, "its here-document does not end: write a line that is just B");
}

#[test]
fn files_are_copied_in_all_ways() {
    for flags in ["--chmod=755 --chown=a:b", "--link --from=first", "--link=true", "--exclude=*.md --exclude=\"a b\""] {
        assert_eq!(broken(&format!("COPY {flags} a b")), [""; 0], "{flags}");
    }
    for right in ["ADD --chmod=755 --chown=a --link --exclude=x a b", "ADD --unpack=true a b", "COPY --parents a/./b c"]
    {
        assert_eq!(broken(right), [""; 0], "{right}");
    }
    for wrong in
        ["copy --link --from=evil /a /b", "COPY --link -x --from=evil /a /b", "COPY --chmod=\"7 --from=evil\" a b"]
    {
        assert_eq!(broken(wrong), ["copy-from"], "{wrong}");
    }
    for wrong in
        ["ADD --checksum=sha256:0 a b", "ADD --keep-git-dir a b", "ADD <<EOF https://x /\nEOF", "ADD --link $X /"]
    {
        assert_eq!(broken(wrong), ["no-download"], "{wrong}");
    }
}

#[test]
fn mounts_are_of_the_build_itself() {
    for mount in [
        "type=cache,target=/x,id=$X,sharing=locked,mode=0755,uid=1000,gid=1000",
        "target=/x",
        "type=bind,source=a,dst=/x,ro",
        "from=first,src=/a,target=/x,rw=true",
        "TYPE=Bind,From=BUSYBOX-NOT,target=/x",
        "from=busybox,target=/x",
        "type=tmpfs,target=/x,size=1m",
    ] {
        let mount = mount.replace("BUSYBOX-NOT", "First");
        assert_eq!(broken(&format!("RUN --mount={mount} --mount=type=cache,target=/y a")), [""; 0], "{mount}");
    }
    for mount in
        ["type=secret", "type=ssh", "type=Secret", "type=cache,type=secret", "type=$X", "type", "type=bind,required"]
    {
        assert_eq!(broken(&format!("RUN --mount={mount},target=/x a")), ["run-flag"], "{mount}");
    }
    for mount in [
        "type=bind\\\",from=evil\\\"",
        "'type=bind,\"from=evil\"'",
        "type=bind, from=evil",
        "target=/xà--mount=type=secret",
        "env=X",
        "",
    ] {
        assert!(broken(&format!("RUN --mount={mount} a")).contains(&"run-flag".into()), "{mount}");
    }
    for mount in [
        "from=evil",
        "FROM=evil",
        "type=cache,from=evil",
        "from=first,from=evil",
        "from=0",
        "from=",
        "from=$X",
        "\"from\"=evil",
    ] {
        assert_eq!(broken(&format!("RUN --mount={mount},target=/x a")), ["copy-from"], "{mount}");
    }
    assert_eq!(broken("RUN --mount=from=later,target=/x a\nFROM busybox AS later"), ["copy-from"]);
    assert_eq!(refused("FROM busybox AS a\nRUN --mount=from=a,target=/x b\n"), [(2, "copy-from".into())]);
}

#[test]
fn run_reaches_no_more_than_without_flags() {
    for right in ["--network=none", "--network=default", "--security=sandbox"] {
        assert_eq!(broken(&format!("RUN {right} a")), [""; 0], "{right}");
    }
    for wrong in
        ["--network", "--network=$X", "--network=None", "--security=$X", "--device=x", "--device", "--privileged"]
    {
        assert_eq!(broken(&format!("RUN {wrong} a")), ["run-flag"], "{wrong}");
    }
}

#[test]
fn the_platform_chooses_among_what_is_allowed() {
    assert_eq!(refused("FROM busybox AS a-amd64\nFROM a-$TARGETARCH\n"), [(2, "base-image".into())]);
    assert_eq!(refused("ARG TARGETARCH=x\nFROM busybox AS a-amd64\nFROM a-$TARGETARCH\n"), [(3, "base-image".into())]);
    assert_eq!(refused("FROM $TARGETPLATFORM\n"), [(1, "base-image".into())]);
}

#[test]
fn each_stage_has_a_label_and_no_here_document() {
    let text = "FROM a\nRUN <<A <<B\nFROM b\nRUN c\nA\nFROM d\nB\nFROM e\nCOPY <<F /f\nFROM g\nUSER h\nF\n";
    let expected = "FROM a\nLABEL x=1\nRUN <<A <<B\nFROM b\nRUN c\nA\nFROM d\nB\nFROM e\nLABEL x=1\nCOPY <<F /f\nFROM g\nUSER h\nF\n";
    assert_eq!(labelled(text, Builder::BuildKit, "x=1"), expected);
}
