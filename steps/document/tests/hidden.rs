//! Text that a page hides, and commands that it forbids, are not run.

use crate::document::{
    Markup, read,
    safety::WhyNotRun,
    story::{Deed, Story},
};

/// The commands that are typed on the reader's machine.
fn typed(format: Markup, page: &str) -> Vec<String> {
    let acts = Story::of(&read(format, page)).acts;
    let commands = acts.into_iter().filter_map(|act| match act.deed {
        Deed::Type(typed) => Some(typed.command),
        _ => None,
    });
    commands.collect()
}

#[test]
fn what_a_page_does_not_show_is_not_run() {
    for page in [
        "= A\n\n////\n----\n$ rm a\n----\n////\n\n----\n$ ls\n----\n",
        "= A\n\nifdef::windows[]\n----\n$ rm a\n----\nendif::[]\n\n----\n$ ls\n----\n",
        ":linux:\n\nifdef::linux[]\n----\n$ ls\n----\nendif::[]\n",
        "= A\n\nifdef::windows[]\nifdef::x[]\nb\nendif::[]\n----\n$ rm a\n----\nendif::[]\n\n----\n$ ls\n----\n",
        ":os: linux\n\nifeval::[\"{os}\" == \"windows\"]\n----\n$ rm a\n----\nendif::[]\nifeval::[\"{os}\" == \"linux\"]\n----\n$ ls\n----\nendif::[]\n",
        "ifdef::windows[]\n----\n$ rm a\n----\n",
    ] {
        assert!(!typed(Markup::AsciiDoc, page).contains(&"rm a".to_owned()), "{page}");
    }
    for page in [
        "A\n=\n\n.. a comment\n\n   .. code-block:: bash\n\n      rm a\n\n.. code-block:: bash\n\n   ls\n",
        "A\n=\n\n.. only:: internal\n\n   .. code-block:: bash\n\n      rm a\n\n.. code-block:: bash\n\n   ls\n",
    ] {
        assert_eq!(typed(Markup::Rest, page), ["ls"], "{page}");
    }
    for page in [
        "<pre style=\"display: none\">rm a</pre><p>b</p><pre>ls</pre>",
        "<div style='display:none'><pre>rm a</pre></div><pre>ls</pre>",
        "<pre>ls<span style='display:none'>; rm a</span></pre>",
        "<pre><del>rm a</del></pre><pre>ls</pre>",
    ] {
        assert_eq!(typed(Markup::Html, page), ["ls\n".trim_end()], "{page}");
    }
    let template = "{% comment %}\n```\nrm a\n```\n{% endcomment %}\n\n{{/*\n```\nrm a\n```\n*/}}\n\n```\nls\n```\n";
    assert_eq!(typed(Markup::Markdown, template), ["ls"]);
}

#[test]
fn what_the_prose_forbids_is_not_run() {
    for prose in [
        "Never type this:",
        "Do not run the next command:",
        "Führe das nicht aus. Den Befehl nicht ausführen:",
        "切勿执行：",
        "Der Befehl löscht alles. Führen Sie ihn *nicht* aus:",
        "Führe ihn auf keinen Fall, also **nie**, aus:",
        "You must never run this:",
        "This must not be run:",
        "Ne l'exécutez **pas** :",
        "N'exécutez jamais ceci :",
        "Não o execute:",
        "Ни в коем случае не запускайте её:",
        "Non eseguitelo:",
        "Nie uruchamiajcie tego:",
        "No lo ejecute:",
    ] {
        let page = format!("{prose}\n\n```sh\nrm a\n```\n");
        assert_eq!(typed(Markup::Markdown, &page), [""; 0], "{prose}");
    }
    let commented = typed(Markup::Markdown, "All of them:\n\n```sh\n# do not run this\nrm a\n```\n");
    assert_eq!(commented, [""; 0]);
    for prose in [
        "Do not run it as root. List the files:",
        "This never fails:",
        "Pods that must not run together:",
        "Finished Pods do not run any more:",
        "Les Pods n'ont pas de nom :",
    ] {
        let page = format!("{prose}\n\n```sh\nls\n```\n");
        assert_eq!(typed(Markup::Markdown, &page), ["ls"], "{prose}");
    }
}

#[test]
fn what_the_prose_places_in_a_container_is_not_run_on_this_machine() {
    for prose in
        ["Inside the container, remove the data:", "Open a shell with `kubectl exec -it web -- sh`, and then type:"]
    {
        let page = format!("{prose}\n\n```sh\nrm -r data\n```\n");
        let acts = Story::of(&read(Markup::Markdown, &page)).acts;
        let is_left = |deed: &Deed| matches!(deed, Deed::Leave(_, WhyNotRun::NotUnderstood(_)));
        assert!(acts.iter().any(|act| is_left(&act.deed)), "{prose}: {acts:?}");
    }
    let page = "In the Pod, nginx listens on port 80:\n\n```sh\nkubectl get pods\n```\n";
    assert_eq!(typed(Markup::Markdown, page), ["kubectl get pods"]);
}

#[test]
fn a_script_that_the_reader_saves_is_a_file_and_is_judged_where_it_is_run() {
    let page = "Save this as `clean.sh`:\n\n```sh\n#!/bin/sh\nrm -rf /srv\n```\n\n```sh\nsh clean.sh\n```\n";
    let acts = Story::of(&read(Markup::Markdown, page)).acts;
    assert!(matches!(&acts[0].deed, Deed::Write(source) if source.name() == "clean.sh"), "{acts:?}");
    assert!(matches!(&acts[1].deed, Deed::Leave(_, WhyNotRun::Unsafe(_))), "{acts:?}");
}

#[test]
fn a_program_of_the_page_with_a_name_of_kubectl_is_judged_as_a_program() {
    for (name, call) in [("kc", "./kc get pods"), ("kk", "timeout 9 kk get pods"), ("kubectl", "./kubectl get pods")] {
        let text = format!("```\nprintf 'rm -rf /home/x' > {name}\nexport PATH=.:$PATH\n{call}\n```\n");
        let said = super::understanding::listing(&text);
        assert!(said.last().unwrap().contains("skip"), "{said:?}");
    }
}
