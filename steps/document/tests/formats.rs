//! The same page in each format is understood in the same way.

use crate::document::{
    Markup, Piece, read, read_with,
    review::review,
    story::{Act, Story},
};

const MARKDOWN: &str = r"# Web

Create the file `web.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: main
    image: a<b
    command: [cat, /tmp/x]
```

Then:

```console
$ kubectl apply -f web.yaml
pod/web created
$ kubectl get pods -o name
pod/web
```

<!-- labproof: skip -->

```bash
kubectl delete pod web
```
";

const REST: &str = r"Web
===

Create the file ``web.yaml``:

.. code-block:: yaml

   apiVersion: v1
   kind: Pod
   metadata:
     name: web
   spec:
     containers:
     - name: main
       image: a<b
       command: [cat, /tmp/x]

Then:

.. code-block:: console

   $ kubectl apply -f web.yaml
   pod/web created
   $ kubectl get pods -o name
   pod/web

.. labproof: skip

.. code-block:: bash

   kubectl delete pod web
";

const ASCIIDOC: &str = r"= Web

Create the file `web.yaml`:

[source,yaml]
----
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: main
    image: a<b
    command: [cat, /tmp/x]
----

Then:

[source,console]
----
$ kubectl apply -f web.yaml
pod/web created
$ kubectl get pods -o name
pod/web
----

// labproof: skip

[source,bash]
----
kubectl delete pod web
----
";

const HTML: &str = r#"<!DOCTYPE html>
<html><head><title>Web</title><style>pre { color: red }</style></head>
<body>
<h1 id="web">Web</h1>
<p>Create the file <code>web.yaml</code>:</p>
<div class="highlight-yaml notranslate"><div class="highlight"><button>Copy</button><pre><span></span><span class="nt">apiVersion</span><span class="p">:</span> v1
<span class="nt">kind</span>: Pod
metadata:
  name: web
spec:
  containers:
  - name: main
    image: a&lt;b
    command: [cat, /tmp/x]
</pre></div></div>
<p>Then:
<pre><code class="language-console">
$ kubectl apply -f web.yaml
pod/web created
$ kubectl get pods -o name
pod/web
</code></pre>
<script>document.write("<pre>$ kubectl get nodes</pre>")</script>
<!-- labproof: skip -->
<pre class="brush: bash">kubectl delete pod web</pre>
</body></html>
"#;

/// How a page is understood, without the lines' numbers.
fn understood(format: Markup, text: &str) -> Vec<String> {
    let document = read(format, text);
    let mut story = Story::of(&document);
    review(&document, &mut story);
    let bare = |line: &str| {
        let words = line.split_whitespace().skip_while(|word| word.chars().all(|letter| letter.is_ascii_digit()));
        words
            .map(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ')'))
            .collect::<Vec<_>>()
            .join(" ")
    };
    story.listing().lines().map(bare).collect()
}

#[test]
fn the_same_page_is_understood_in_the_same_way_in_each_format() {
    let markdown = understood(Markup::Markdown, MARKDOWN);
    assert_eq!(markdown.len(), 4, "{markdown:?}");
    assert!(markdown[3].contains("skip"), "{markdown:?}");
    for (format, text) in [(Markup::Rest, REST), (Markup::AsciiDoc, ASCIIDOC), (Markup::Html, HTML)] {
        assert_eq!(understood(format, text), markdown, "{format:?}");
    }
}

#[test]
fn findings_in_html_have_the_line_of_the_source() {
    let listing = Story::of(&read(Markup::Html, HTML)).listing();
    assert!(listing.contains("    6  write       the file web.yaml"), "{listing}");
    assert!(listing.contains("   18  run         kubectl apply -f web.yaml  (output in line 19)"), "{listing}");
}

#[test]
fn html_in_one_line_and_without_end_tags_is_read() {
    let blocks = |text: &str| Story::of(&read(Markup::Html, text)).acts.len();
    assert_eq!(blocks("<p>a<pre>$ kubectl get pods</pre><ul><li>b<li>c</ul><pre>$ kubectl get nodes"), 2);
    assert_eq!(blocks(&"<p><b>x".repeat(20_000)), 0);
}

#[test]
fn what_generators_of_pages_add_to_lines_is_left_out() {
    for block in [
        "<div class=\"token-line\">kubectl get svc</div><div class=\"token-line\">kubectl get cm</div>",
        "<span class=\"ln\">1</span>kubectl get svc\n<span class=\"ln\">2</span>kubectl get cm\n",
        "kubectl get svc <i class=\"conum\" data-value=\"1\"></i><b>(1)</b>\nkubectl get cm\n",
    ] {
        let page = format!("<p>Look:</p><pre><code class=\"language-bash\">{block}</code></pre>");
        let acts = Story::of(&read(Markup::Html, &page)).acts;
        let names: Vec<String> = acts.iter().map(Act::name).collect();
        assert!(
            names.len() == 2 && names[0].ends_with("kubectl get svc") && names[1].ends_with("kubectl get cm"),
            "{names:?}"
        );
    }
}

#[test]
fn raw_html_in_markdown_has_blocks() {
    let page = "# A\n\n<details>\n<pre><code>kubectl get pods\nNAME READY\n</code></pre>\n</details>\n\n<pre>\n$ kubectl get nodes\n</pre>\n";
    let listing = Story::of(&read(Markup::Markdown, page)).listing();
    assert!(listing.contains("    4  run         kubectl get pods  (output in line 5)"), "{listing}");
    assert!(listing.contains("   10  run         kubectl get nodes"), "{listing}");
}

#[test]
fn a_block_has_the_file_that_it_includes() {
    let files = |name: &str| (name == "../examples/pod.yaml").then(|| "kind: Pod\n".to_owned());
    for (format, text) in [
        (Markup::AsciiDoc, ":file: pod\n\n.{file}.yaml\n[source,yaml]\n----\ninclude::example${file}.yaml[]\n----\n"),
        (
            Markup::Rest,
            "Text.\n\n.. literalinclude:: ../examples/pod.yaml\n   :language: yaml\n   :caption: pod.yaml\n\nMore.\n",
        ),
    ] {
        let pieces = read_with(format, text, &files).pieces;
        let mut blocks = pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some((block.title.as_deref(), block.text.as_str())),
            _ => None,
        });
        assert_eq!(blocks.next(), Some((Some("pod.yaml"), "kind: Pod\n")), "{format:?}");
    }
    let listing = Story::of(&read(Markup::Rest, ".. literalinclude:: pod.yaml\n")).listing();
    assert!(listing.contains("it needs a file that the document does not contain: pod.yaml"), "{listing}");
}

#[test]
fn what_a_page_replaces_in_a_literal_block_is_what_the_reader_types() {
    let text = ".. |img| replace:: nginx:1.27\n\n.. parsed-literal::\n\n   root\\@boot $ kubectl create deployment web \\\\\n      --image=\\ |img|\n\n.. parsed-literal::\n\n   $ **kubectl get pods**\n\n.. code-block:: console\n   :substitutions:\n\n   $ kubectl set image deploy/web nginx=|img|\n";
    let listing = Story::of(&read(Markup::Rest, text)).listing();
    let words: Vec<&str> = listing.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "5 run kubectl create deployment web \\ … 10 run kubectl get pods 15 run kubectl set image deploy/web nginx=nginx:1.27"
    );
}

#[test]
fn an_indented_paragraph_of_asciidoc_is_a_block() {
    let text = "Deploy it:\n\n  kubectl create deployment web --image=nginx\n\n* List\n\n  kubectl get pods\n+\nMore.\n\n[source,bash]\nkubectl get nodes\n\n[,yaml]\n.pod.yaml\n----\nkind: Pod\n----\n\n  * no item of code\n";
    let listing = Story::of(&read(Markup::AsciiDoc, text)).listing();
    let words: Vec<&str> = listing.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "3 run kubectl create deployment web --image=nginx 7 run kubectl get pods 12 run kubectl get nodes 17 write the file pod.yaml"
    );
}

#[test]
fn slides_in_markdown_within_html_are_read() {
    let text = "<section data-markdown>\n  <textarea data-template>\n    ## Deploy\n    ```bash\n    kubectl create deployment web --image=nginx\n    ```\n    ---\n    ```bash\n    kubectl get pods\n    ```\n  </textarea>\n</section>\n<section data-markdown><script type=\"text/template\">\nRun `kubectl get nodes`.\n</script></section>\n";
    let listing = Story::of(&read(Markup::Html, text)).listing();
    let words: Vec<&str> = listing.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "5 run kubectl create deployment web --image=nginx 9 run kubectl get pods 14 run kubectl get nodes"
    );
}

#[test]
fn a_title_may_stand_around_a_block() {
    for (format, text) in [
        (
            Markup::Markdown,
            "{% code title=\"base/pod.yaml\" overflow=\"wrap\" %}\n```yaml\nkind: Pod\n```\n{% endcode %}\n",
        ),
        (Markup::AsciiDoc, "[NOTE]\n.base/pod.yaml\n====\n[source,yaml]\n----\nkind: Pod\n----\n====\n"),
    ] {
        let listing = Story::of(&read(format, text)).listing();
        assert!(listing.contains("write       the file base/pod.yaml"), "{format:?}: {listing}");
    }
}

#[test]
fn what_a_browser_does_not_show_is_not_read() {
    for text in [
        "<div class=\"tab-pane\" style=\"display:none\"><pre>kubectl delete pod a</pre></div>",
        "<div hidden data-template=\"x\">Run <code>kubectl delete pod a</code>.</div>",
        "<section data-markdown>A slide.<div hidden>\n\nRun `kubectl delete pod a`.\n</div></section>",
        "<script type=\"text/template\">\n```bash\nkubectl delete pod a\n```\n</script>",
    ] {
        let listing = Story::of(&read(Markup::Html, text)).listing();
        assert_eq!(listing, "", "{text}");
    }
}

#[test]
fn wide_blanks_and_many_brackets_are_read() {
    _ = read(Markup::AsciiDoc, "Text.\n\n kubectl get pods\n\u{3000}結果\n");
    let groups = format!("```bash\n{}\n```\n", "{ ".repeat(200_000));
    _ = Story::of(&read(Markup::Markdown, &groups));
}
