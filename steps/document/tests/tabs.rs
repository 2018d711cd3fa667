//! Tabs: one of several ways is followed, and what belongs to one story is all run.

use super::understanding::listing;
use crate::document::{Markup, read, story::Story};

const RUN: &str = "run kubectl get pods";
const LEFT: &str = "skip oc get pods (not run: labproof follows the tab kubectl)";

/// The acts of a document, without their lines.
fn acts(format: Markup, text: &str) -> Vec<String> {
    let listing = Story::of(&read(format, text)).listing();
    let words = |line: &str| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    listing.lines().map(words).collect()
}

#[test]
fn one_of_several_ways_is_followed_in_each_format() {
    for (format, text) in [
        (
            Markup::Markdown,
            "=== \"oc\"\n\n    ```bash\n    oc get pods\n    ```\n\n=== \"kubectl\"\n\n    ```bash\n    kubectl get pods\n    ```\n",
        ),
        (
            Markup::AsciiDoc,
            "[tabs]\n====\noc::\n+\n--\n[source,bash]\n----\noc get pods\n----\n--\nkubectl::\n+\n--\n[source,bash]\n----\nkubectl get pods\n----\n--\n====\n",
        ),
        (
            Markup::Rest,
            ".. tab-set::\n\n   .. tab-item:: oc\n\n      .. code-block:: bash\n\n         oc get pods\n\n   .. tab-item:: kubectl\n\n      .. code-block:: bash\n\n         kubectl get pods\n",
        ),
        (
            Markup::Html,
            "<ul role=\"tablist\"><li role=\"tab\">oc</li><li role=\"tab\">kubectl</li></ul><div role=\"tabpanel\"><pre>oc get pods</pre></div><div role=\"tabpanel\" hidden><pre>kubectl get pods</pre></div>",
        ),
    ] {
        assert_eq!(acts(format, text), [LEFT, RUN], "{format:?}");
    }
}

#[test]
fn an_output_below_tabs_is_that_of_the_command_in_the_followed_one() {
    let text = "{{< tabs >}}\n{{% tab name=\"Linux\" %}}\n```bash\nkubectl get pods\n```\n{{% /tab %}}\n{{% tab name=\"Windows\" %}}\n```bash\nkubectl.exe get pods\n```\n{{% /tab %}}\n{{< /tabs >}}\nIt prints:\n```\nNAME READY\n```\n";
    assert_eq!(
        listing(text),
        [
            "4 run kubectl get pods (output in line 15)",
            "9 skip kubectl.exe get pods (not run: labproof follows the tab Linux)"
        ]
    );
}

#[test]
fn tabs_of_one_story_are_all_run() {
    let text = "=== \"Terminal 1\"\n\n    ```bash\n    kubectl get pods\n    ```\n\n=== \"Terminal 2\"\n\n    ```bash\n    kubectl get nodes\n    ```\n";
    assert_eq!(acts(Markup::Markdown, text), ["run kubectl get pods", "run kubectl get nodes"]);
}
