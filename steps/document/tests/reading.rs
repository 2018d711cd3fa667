use crate::document::{Block, Markup, Piece, read, story::Story};

/// The blocks of a document, each as `line language: text`.
fn blocks(format: Markup, text: &str) -> Vec<String> {
    let pieces = read(format, text).pieces.into_iter();
    let blocks = pieces.filter_map(|piece| match piece {
        Piece::Block(block) => Some(block),
        _ => None,
    });
    blocks.map(|Block { line, language, text, .. }| format!("{line} {language}: {}", text.trim_end())).collect()
}

#[test]
fn a_fence_has_the_lines_of_its_text_wherever_it_stands() {
    let text = "---\ntitle: x\n---\n# A\n```bash\na\n```\n- item\n\n  ~~~~ sh\n  b\n  ```\n  c\n  ~~~~\n\n> ```yaml\n> d: 1\n> ```\n\n<details>\n\n```console\n$ e\n```\n\n</details>\n";
    let found = blocks(Markup::Markdown, text);
    assert_eq!(found, ["6 bash: a", "11 sh: b\n```\nc", "17 yaml: d: 1", "23 console: $ e"]);
}

#[test]
fn what_hugo_and_jekyll_mark_as_code_is_a_block() {
    let text = "a\n\n{{< highlight yaml \"linenos=table\" >}}\nkind: Pod\n{{< /highlight >}}\n\n{% highlight bash %}\nls\n{% endhighlight %}\n";
    assert_eq!(blocks(Markup::Markdown, text), ["4 yaml: kind: Pod", "8 bash: ls"]);
}

#[test]
fn blocks_in_comments_are_not_read() {
    assert_eq!(blocks(Markup::Markdown, "a\n\n<!--\n```bash\nrm x\n```\n\n$ kubectl get pods\n-->\n\nb"), [""; 0]);
}

#[test]
fn a_remark_for_labproof_is_read() {
    let document = read(Markup::Markdown, "a\n<!-- labproof: skip -->\n```bash\nls\n```\n");
    assert!(document.pieces.contains(&Piece::Remark(2, "skip".into())), "{document:?}");
}

#[test]
fn a_fence_that_never_ends_ends_with_the_document() {
    assert_eq!(blocks(Markup::Markdown, "```bash\nls\n"), ["2 bash: ls"]);
    assert_eq!(blocks(Markup::AsciiDoc, "[source,bash]\n----\nls\n"), ["3 bash: ls"]);
}

#[test]
fn what_follows_a_block_that_nothing_closes_is_not_run() {
    let rest = "\nThen delete it.\n\nkubectl delete pod web\n";
    for (format, begin) in [
        (Markup::Markdown, "```bash\nkubectl get pods\n"),
        (Markup::Markdown, "- a\n\n  ```bash\n  kubectl get pods\n"),
        (Markup::Markdown, "````bash\nkubectl get pods\n```\n"),
        (Markup::AsciiDoc, "[source,bash]\n----\nkubectl get pods\n---\n"),
        (Markup::Html, "<pre><code>kubectl get pods\n"),
    ] {
        let listing = Story::of(&read(format, &format!("{begin}{rest}"))).listing();
        assert!(listing.contains("kubectl get pods"), "{listing}");
        assert!(listing.contains("wrong: nothing closes the block that begins here"), "{listing}");
        assert!(!listing.contains("run         kubectl delete"), "{listing}");
    }
    for closed in ["```sh\nls\n```", "~~~~\nls\n~~~~~ \n", "> ```\n> ls\n> ```\n", "1. a\n   ```\n   ls\n   ```\n2. b"]
    {
        let listing = Story::of(&read(Markup::Markdown, closed)).listing();
        assert!(listing.contains("ls") && !listing.contains("nothing closes"), "{listing}");
    }
}

#[test]
fn a_command_with_a_prompt_is_a_block_without_a_fence() {
    let text = "Run it.\n  $ kubectl get pods\n\nThe output will be:\nNAME READY\nweb 1/1\n\nThat is all.\n";
    assert_eq!(blocks(Markup::Markdown, text), ["2 console: $ kubectl get pods", "5 output: NAME READY\nweb 1/1"]);
}

#[test]
fn a_rule_in_the_middle_of_a_line_ends_an_indented_block() {
    let text = "Now:\n\n    $ ls\n    a\n\n                     *   *   *\n\nThanks.\n";
    assert_eq!(blocks(Markup::Markdown, text), ["3 : $ ls\na"]);
}

#[test]
fn literal_blocks_and_directives_of_restructuredtext_are_blocks() {
    let text = "Title\n=====\n\nRun::\n\n  $ ls\n\n  a\n\nand\n\n.. code-block:: yaml\n   :caption: pod.yaml\n   :linenos:\n\n   kind: Pod\n\nNot one:\n\n.. note::\n\n   text\n";
    assert_eq!(blocks(Markup::Rest, text), ["6 : $ ls\n\na", "16 yaml: kind: Pod"]);
}

#[test]
fn the_attributes_of_asciidoc_say_what_a_block_is() {
    let text = "= T\n\n[.console-input]\n[source,bash]\n----\nls\n----\n\n[.console-output]\n....\na\n....\n";
    assert_eq!(blocks(Markup::AsciiDoc, text), ["6 bash: ls", "11 output: a"]);
}

#[test]
fn attributes_and_callouts_of_asciidoc_are_read_as_they_are_shown() {
    let text = "= T\n:pod: web\n\n[source,bash,subs=\"attributes+\"]\n----\nkubectl get pod {pod} -o {x} # <1>\n----\n<1> Shown.\n\n\
                [source,yaml]\n----\nname: {pod} <1> <2>\n----\n";
    assert_eq!(blocks(Markup::AsciiDoc, text), ["6 bash: kubectl get pod web -o {x}", "12 yaml: name: {pod}"]);
}

#[test]
fn what_says_what_a_block_is_is_no_prose() {
    for (format, text) in [
        (Markup::Rest, "Write ``a.yaml``:\n\n.. code-block:: yaml\n\n   kind: Pod\n"),
        (Markup::AsciiDoc, "Write `a.yaml`:\n\n.A Pod\n[source,yaml]\n----\nkind: Pod\n----\n"),
    ] {
        let prose = read(format, text).prose();
        assert!(prose.trim().starts_with("Write") && prose.trim().ends_with(':'), "{prose}");
    }
}

#[test]
fn line_ends_and_control_characters_do_not_matter() {
    assert_eq!(blocks(Markup::Markdown, "a\r\n```bash\r\nl\u{1b}s\u{7}\r```\r\n"), ["3 bash: ls"]);
}

#[test]
fn the_name_of_a_file_gives_its_format() {
    assert_eq!(Markup::of("a/B.MD", ""), Some(Markup::Markdown));
    assert_eq!(Markup::of("a.txt", "so::\n\n  x"), Some(Markup::Rest));
    assert_eq!(Markup::of("a.txt", "so::\n\n  x\n```\n"), Some(Markup::Markdown));
    assert_eq!(Markup::of("a.feature", ""), None);
    assert_eq!(Markup::of("README", ""), None);
}

#[test]
fn below_a_command_that_begins_a_paragraph_stands_its_output() {
    let text = "Intro\n\n$ kubectl scale deployment a --replicas=2\ndeployment.apps/a scaled\n\n$ kubectl get svc a\nNAME   TYPE\na      ClusterIP\n$ kubectl get pods\nThe Pods are listed.\n\nA line, then\n$ kubectl get nodes\nnode1\n";
    assert_eq!(
        blocks(Markup::Markdown, text),
        [
            "3 console: $ kubectl scale deployment a --replicas=2\ndeployment.apps/a scaled",
            "6 console: $ kubectl get svc a\nNAME   TYPE\na      ClusterIP\n$ kubectl get pods",
            "13 console: $ kubectl get nodes"
        ]
    );
}

#[test]
fn a_large_document_takes_seconds() {
    let began = std::time::Instant::now();
    for text in ["```\n", "> ", "- a\n", "<!--", "$ kubectl get pods\n", "a::\n\n  b\n", "[x](", "* *", "    a\n\n"] {
        let text = text.repeat((1 << 15) / text.len());
        for format in [Markup::Markdown, Markup::Rest, Markup::AsciiDoc] {
            _ = Story::of(&read(format, &text));
        }
    }
    assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
}

#[test]
fn only_the_head_of_a_page_holds_its_settings() {
    let slides = "# One\n\n```\nkubectl get pods\n```\n\n---\nclass: center\n\n# Two\n\n```\nkubectl get svc\n```\n\n---\nlast: true\n";
    for head in ["", "---\ntitle: a\nlayout: b\n---\n", "---\nclass: center\n\n"] {
        let listing = super::understanding::listing(&format!("{head}{slides}"));
        assert_eq!(listing.len(), 2, "{head:?}: {listing:?}");
    }
    assert!(super::understanding::listing("---\nrun: |\n  ```\n  kubectl get pods\n  ```\n---\n# One\n").is_empty());
}

#[test]
fn slides_in_plain_text_have_files_and_commands() {
    let text = "Slide 1\n\n  A Job\n\n  # count.yaml\n  apiVersion: batch/v1\n  kind: Job\n  metadata:\n    name: count\n\n  $ kubectl create -f count.yaml\n  job.batch/count created\n\n  (It takes a minute or two.)\n\n  $ kubectl get ds\n  NAME   READY\n  web    2\n\n  Why 2 and not 3?  The control plane is tainted, and our\n  Pods do not tolerate it.\n\n---\nSlide 2\n\n  $ kubectl get jobs\n";
    let document = read(Markup::of("slides.txt", text).unwrap(), text);
    let listing = crate::document::story::Story::of(&document).listing();
    let lines: Vec<&str> = listing.lines().map(str::trim).collect();
    assert_eq!(lines.len(), 4, "{listing}");
    assert!(lines[2].ends_with("(output in lines 17 to 18)"), "{listing}");
    assert!(lines[0].ends_with("the file count.yaml"), "{listing}");
    assert!(lines[1].ends_with("(output in line 12)"), "{listing}");
}
