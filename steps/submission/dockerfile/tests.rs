use super::*;

mod buildkit;
mod classic;

/// The lines and rules that a text breaks with this builder.
fn refused_by(builder: Builder, text: &str) -> Vec<(usize, String)> {
    refusals(builder, text).into_iter().map(|refusal| (refusal.line, refusal.rule.to_string())).collect()
}

fn refusals(builder: Builder, text: &str) -> Vec<Refusal> {
    let bases = ["busybox:latest", "node:20-slim"].map(ImageName::from).into();
    judge("Dockerfile", text, &bases, builder)
}

/// The lines and rules that a text breaks with each builder; both must agree.
fn refused(text: &str) -> Vec<(usize, String)> {
    let [classic, buildkit] = [Builder::Classic, Builder::BuildKit].map(|builder| refused_by(builder, text));
    assert_eq!(classic, buildkit, "{text}");
    classic
}

/// A file with this instruction in its second stage.
fn file_with(instruction: &str) -> String {
    format!("FROM busybox AS first\nFROM busybox\n{instruction}\n")
}

/// The rules that one instruction breaks with this builder.
fn broken_by(builder: Builder, instruction: &str) -> Vec<String> {
    refused_by(builder, &file_with(instruction)).into_iter().map(|(_, rule)| rule).collect()
}

/// The message for one instruction with this builder.
fn message_of(builder: Builder, instruction: &str) -> String {
    let messages = refusals(builder, &file_with(instruction)).into_iter().map(|refusal| refusal.message);
    messages.collect::<Vec<_>>().join("; ")
}

/// The rules that one instruction breaks with each builder; both must agree.
fn broken(instruction: &str) -> Vec<String> {
    refused(&file_with(instruction)).into_iter().map(|(_, rule)| rule).collect()
}

#[test]
fn right_ones_in_odd_styles_are_not_refused() {
    let right = [
        "",
        "# nothing",
        "no Dockerfile at all",
        "FROM busybox\nENTRYPOINT [\"echo\", \"ENTRYPOINT\"]\nCMD [\"CMD\"]\n",
        "# escape=`\r\nfrom docker.io/library/busybox:latest\r\nrun echo `\r\n # a comment\r\n\r\n hello\r\n",
        "# A comment, and key = value.\n\nARG VERSION=1\nFROM --platform=linux/amd64 node:20-slim As Build\nWORKDIR /opt\nCOPY package.json *.js ./\nRUN npm install && rm -rf /var/lib/apt/lists/*\nFROM scratch\nCOPY --chown=1000:1000 --from=build /opt /opt\nCOPY --from=0 /etc/passwd /etc/\nLABEL version=$VERSION maintainer=\"me <me@example.com>\"\nUSER 1000\nEXPOSE 3000/tcp\n",
        "# syntax=docker/dockerfile:1\n\nARG NODE=20\nARG KIND=\"slim\"\nFROM node:${NODE}-$KIND AS base\nARG BASE=evil\nFROM base\n",
        "FROM busybox AS a\nFROM A\nCOPY --from=busybox /bin/sh /x\nADD a.txt b.txt /\n",
        "FROM node:20-slim\nRUN echo \"a << b\" $((1<<2))\nENV x <<EOF\n",
        "FROM busybox\nRUN [\"sh\", \"-c\", \"cat ${x:-y} <<EOF\"]\nUSER b\n",
        "FROM busybox\nRUN echo FROM evil \\\n  --mount=x\nRUN cat <<<x\nHEALTHCHECK --interval=5s CMD true\nSHELL [\"sh\", \"-c\"]\n",
    ];
    for text in right {
        assert_eq!(refused(text), [], "{text}");
    }
}

#[test]
fn only_the_labs_images_are_built_upon() {
    let images = ["evil", "busybox:1", "docker.io/evil/busybox", "later", "busybox@sha256:0", "\"evil\"", "SCRATCH"];
    for image in images.into_iter().chain([
        "$BASE",
        "bus${X}ybox",
        "--platform=x evil",
        "--platform busybox AS x",
        "--platform=à busybox",
    ]) {
        assert_eq!(
            refused(&format!("ARG BASE=evil\n\nFROM {image}\nFROM busybox AS later\n")),
            [(3, "base-image".into())],
            "{image}"
        );
    }
    // In a stage, ARG does not apply to FROM; of several, the last one counts.
    assert_eq!(refused("FROM busybox\nARG B=busybox\nFROM $B\n"), [(3, "base-image".into())]);
    assert_eq!(refused("ARG B=busybox\nARG B=evil\nFROM $B\n"), [(3, "base-image".into())]);
}

#[test]
fn nothing_hides_the_image_that_is_built_upon() {
    let cases = [
        ("FROM \\\n  evil\n", 1),
        ("FROM busybox\nfr\\\nom evil\n", 2),
        ("FROM busybox\nRUN a \\\n# comment \\\n\nb\nFROM evil\n", 6),
        ("FROM busybox\nRUN echo \"<<EOF\"\nFROM evil\nEOF\n", 3),
        ("FROM busybox\nRUN [\"cat\", \"a <<EOF\"]\nFROM evil\nEOF\n", 3),
        ("FROM busybox\nENV x <<EOF\nFROM evil\nEOF\n", 3),
        ("# escape=`\nFROM busybox\nCOPY a C:\\\nFROM evil\n", 4),
        ("\u{feff}FROM evil\n", 1),
        ("\u{a0}FROM\tevil", 1),
        ("FROM busybox\r\n\tFROM evil\r\n", 2),
    ];
    for (text, line) in cases {
        assert_eq!(refused(text), [(line, "base-image".into())], "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    let cases = [
        ("# syntax=evil/frontend\nFROM busybox\n", 1),
        ("// syntax=evil/frontend\nFROM busybox\n", 1),
        ("#!/usr/bin/env docker\n# syntax=evil\nFROM busybox\n", 2),
        ("{\"syntax\": \"evil\"}", 1),
        ("// syntax=docker/dockerfile:1\nFROM busybox\n", 1),
        ("#\u{a0}escape=`\nFROM busybox\n", 1),
        ("\n# escape=`\nFROM busybox\n", 2),
        ("FROM busybox\nRUN a \\\\\nUSER b\n", 2),
        ("FROM busybox\nRUN a \\\r\r\nUSER b\n", 2),
        ("FROM busybox\nONBU\u{130}LD ADD https://x /\n", 2),
        ("FROM busybox\nUSER\u{a0}b\n", 2),
        ("# escape=`\nFROM busybox\nCOPY --chown=`a b c\n", 3),
        ("FROM busybox\nCOPY <<$X /x\n", 2),
        ("FROM busybox\nCOPY <<a/b /x\na/b\n", 2),
        ("FROM busybox\nRUN cat << EOF\nEOF\n", 2),
        ("FROM busybox\nRUN cat <<''\n\nUSER b\n", 2),
        ("FROM busybox\nRUN cat <<\"A B\"\nA B\n", 2),
        ("FROM busybox\nRUN cat ${x:-y} <<EOF\nEOF\n", 2),
        ("FROM busybox\nRUN (cat <<EOF) > x\nEOF)\n", 2),
    ];
    for (text, line) in cases {
        assert_eq!(refused(text), [(line, "dockerfile-syntax".into())], "{text}");
    }
}

#[test]
fn nothing_is_copied_from_elsewhere() {
    let cases =
        ["COPY --from=evil /a /b", "copy --chown=a --from=evil /a /b", "COPY --from=$X /a /b", "ADD --from=evil /a /b"];
    let more = ["COPY --from=1 /a /b", "COPY --from=7 /a /b", "COPY --fr\"om\"=evil /a /b", "COPY --\\from=evil /a /b"];
    let flags = ["COPY --from evil /a /b", "COPY --chown=a -x --from=evil /a /b", "COPY --chown=à--from=evil /a /b"];
    for instruction in cases
        .into_iter()
        .chain(more)
        .chain(flags)
        .chain(["COPY \\\n --from=docker.io/evil /a /b", "COPY --chown=à /a /b"])
    {
        assert_eq!(broken(instruction), ["copy-from"], "{instruction}");
    }
    assert_eq!(broken("COPY --from=first /a /b\nFROM busybox AS later"), [""; 0]);
    assert_eq!(broken("COPY --from=later /a /b\nFROM busybox AS later"), ["copy-from"]);
}

#[test]
fn nothing_is_fetched_but_by_commands() {
    let cases =
        ["https://x/y /", "git@host:repo /", "me@host:repo /", "git://x /", "HTTP\\://x /", "http:\"/\"/x /", "$URL /"];
    for sources in cases.into_iter().chain([
        "github.com/a/b /",
        "[\"http:\\u002f\\u002fx\", \"/\"]",
        "[\"\\ud800\", \"\\u002f\"]",
        "a \\\n https://x /",
    ]) {
        assert_eq!(broken(&format!("ADD {sources}")), ["no-download"], "{sources}");
    }
    assert_eq!(broken("ADD [\"a b\", \"/\"]\nADD a@1.txt /x/@y\nCOPY $X /"), [""; 0]);
}

#[test]
fn run_reaches_nothing_of_the_builder() {
    for flag in [
        "--mount=type=secret,id=x",
        "--network=host",
        "--security=insecure",
        "--device=x",
        "--mo\"unt\"=type=ssh",
        "\\\n --mount=x",
        "--x",
    ] {
        assert_eq!(broken(&format!("RUN {flag} true")), ["run-flag"], "{flag}");
    }
}

#[test]
fn flags_are_known() {
    for instruction in ["COPY --x a b", "ADD --parents a b", "CMD --x", "USER --x=y z", "HEALTHCHECK --x CMD true"] {
        assert_eq!(broken(instruction), ["flag"], "{instruction}");
    }
    assert_eq!(broken("FROM --x=y busybox"), ["flag"]);
    for right in ["FROM --platform=$X busybox", "HEALTHCHECK --interval=5s --retries=3 CMD true", "CMD a --x"] {
        assert_eq!(broken(right), [""; 0], "{right}");
    }
}

#[test]
fn nothing_is_left_to_those_who_build_upon_it() {
    assert_eq!(broken("ONBUILD RUN true"), ["onbuild"]);
    assert_eq!(broken("onbuild\\\n add https://x /"), ["onbuild"]);
}

#[test]
fn the_labels_of_labproof_are_its_own() {
    for label in ["dev.labproof.run=x", "a=b \"dev.lab\"proof.run=x", "a=b \"${X:-x y}\"=c", "$X c"] {
        assert_eq!(broken(&format!("LABEL {label}")), ["metadata"], "{label}");
    }
}

#[test]
fn a_dockerfile_is_small() {
    let runs = |number| format!("FROM busybox\n{}", "RUN true\n".repeat(number));
    assert_eq!((refused(&runs(59)), refused(&runs(60))), (vec![], vec![(61, "instruction-count".into())]));
    assert_eq!(refused(&"FROM busybox\n".repeat(8)), []);
    assert_eq!(refused(&"FROM busybox\n".repeat(9)), [(9, "instruction-count".into())]);
    assert_eq!(refused(&format!("FROM busybox\n# {}", "x".repeat(64 * 1024))), [(0, "file-size".into())]);
    assert_eq!(refused(&"FROM evil\n".repeat(50)).len(), 20);
}

#[test]
fn a_message_says_what_was_found_and_what_to_write() {
    let message = message_of(Builder::Classic, "FROM ev\x1bil\n");
    assert_eq!(message, "FROM ev\\u{1b}il is not allowed: the lab's images are busybox:latest, node:20-slim");
}

#[test]
fn each_stage_has_a_label() {
    for (text, expected) in [
        ("FROM a\nRUN b\nRUN c\n", "FROM a\nLABEL x=1\nRUN b\nRUN c\n"),
        (
            "ARG V\nFROM \\\n  a AS b\n# c\n\nRUN d\nFROM e\nCOPY --from=b /f /f",
            "ARG V\nFROM \\\n  a AS b\n# c\n\nLABEL x=1\nRUN d\nFROM e\nLABEL x=1\nCOPY --from=b /f /f",
        ),
        (
            "# escape=`\nFROM a `\n\nAS b\r\nRUN c:\\\nRUN d",
            "# escape=`\nFROM a `\n\nAS b\r\nLABEL x=1\nRUN c:\\\nRUN d",
        ),
        ("FROM a\nFROM b", "FROM a\nLABEL x=1\nFROM b"),
        ("FROM a", "FROM a"),
        ("# syntax=docker/dockerfile:1\r\nFROM a\nRUN b", "#\nFROM a\nLABEL x=1\nRUN b"),
    ] {
        for builder in [Builder::Classic, Builder::BuildKit] {
            assert_eq!(labelled(text, builder, "x=1"), expected);
        }
    }
}
