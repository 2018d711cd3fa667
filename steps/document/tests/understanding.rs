use crate::document::{
    Markup, read,
    story::{Deed, ProseRole, Story},
};

/// How a document is understood: its listing, without the lines' numbers and with one blank between words.
pub(super) fn listing(text: &str) -> Vec<String> {
    let listing = Story::of(&read(Markup::Markdown, text)).listing();
    listing.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

const POD: &str = "```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n";

#[test]
fn commands_and_their_output_are_separated_without_prompts() {
    let text =
        "```bash\nkubectl apply -f https://x.io/a.yaml\npod/a created\n\nkubectl get pods\nNAME READY\na 1/1\n```\n";
    assert_eq!(
        listing(text),
        [
            "2 run kubectl apply -f https://x.io/a.yaml (output in line 3)",
            "5 run kubectl get pods (output in lines 6 to 7)"
        ]
    );
}

#[test]
fn what_no_program_prints_is_a_command_after_any_line() {
    let text = "```bash\nkubectl apply -f -\npod/a created\nkubectl get pods\nNAME READY\na 1/1\n```\n";
    assert_eq!(
        listing(text),
        ["2 run kubectl apply -f - (output in line 3)", "4 run kubectl get pods (output in lines 5 to 6)"]
    );
}

#[test]
fn a_block_after_a_command_is_its_output() {
    for block in [
        "```\nhello\n```",
        "```bash\nNAME   READY\nweb    1/1\n```",
        "```output\nhello\n```",
        "```yaml\nkind: Pod\nname: x\n```",
    ] {
        let command = if block.contains("yaml") { "kubectl get pod web -o yaml" } else { "kubectl logs web" };
        let said = listing(&format!("```sh\n{command}\n```\nOutput:\n{block}\n"));
        assert!(said.len() == 1 && said[0].contains("(output in line"), "{said:?}");
    }
}

#[test]
fn comments_below_a_command_may_be_its_output() {
    let text = "```bash\nkubectl delete pod web\n# pod \"web\" deleted\n# then list them\nkubectl get pods\n# NAME READY\n# a 1/1\nls\n```\n";
    assert_eq!(
        listing(text),
        [
            "2 run kubectl delete pod web (output in line 3)",
            "5 run kubectl get pods (output in lines 6 to 7)",
            "8 run ls"
        ]
    );
    assert_eq!(
        listing("```sh\nkubectl apply -f -\n# pod/web created\n```\n"),
        ["2 run kubectl apply -f - (output in line 3)"]
    );
}

#[test]
fn only_what_programs_print_is_output_in_comments() {
    let text = "```bash\nkubectl get pods -o name\n# pod/web\n# pod/db\nkubectl get pods | wc -l\n# 2\nkubectl label pod web a=b\n# error: 'a' already has a value (c), and --overwrite is false\nls\n# 2 files\n```\n";
    assert_eq!(
        listing(text),
        [
            "2 run kubectl get pods -o name (output in lines 3 to 4)",
            "5 run kubectl get pods | wc -l (output in line 6)",
            "7 run kubectl label pod web a=b (output in line 8) (may fail)",
            "9 run ls"
        ]
    );
}

#[test]
fn a_transcript_shows_commands_again_only_before_new_ones() {
    let block = |text: &str| format!("```\n{text}```\n\n");
    let inside = block("$ kubectl exec -it web -- sh\n# ls\n") + &block("$ kubectl exec -it db -- sh\n/ # ls\nbin\n");
    assert_eq!(
        listing(&inside).last().map(String::as_str),
        Some("8 run inside ls (output in line 9)"),
        "{:?}",
        listing(&inside)
    );
    let silent = block("kubectl get pods\n") + &block("$ kubectl get pods\n");
    assert_eq!(listing(&silent), ["2 run kubectl get pods"]);
}

#[test]
fn a_transcript_that_shows_a_command_again_is_its_output() {
    let text = "```bash\nexport a=1\nkubectl  get pods\n```\n```console\nlab> export a=1\nkubectl get pods \nNAME READY\n```\n";
    assert_eq!(listing(text), ["2 run export a=1", "3 run kubectl get pods (output in line 8)"]);
    let other = "```bash\ntee x <<EOF\na\nEOF\n```\n```console\nmy-lab> cat x\na\n```\n";
    assert_eq!(listing(other), ["2 run tee x <<EOF …", "7 run cat x (output in line 8)"]);
}

#[test]
fn a_command_has_all_its_lines() {
    let text = "```bash\n# a comment\nkubectl run a \\\n  --image=x\ncat <<EOF | kubectl apply -f -\nrm -rf /\nEOF\nfor i in 1 2\ndo\n  echo $i\ndone\necho 'a\nb'\n```\n";
    assert_eq!(
        listing(text),
        [
            "3 run kubectl run a \\ …",
            "5 run cat <<EOF | kubectl apply -f - …",
            "8 run for i in 1 2 …",
            "12 run echo 'a …"
        ]
    );
}

#[test]
fn a_file_gets_its_name_from_whoever_says_it() {
    let apply = "```\nkubectl apply -f web.yaml\n```\n";
    let ways = [
        format!("Create `web.yaml`:\n{POD}{apply}"),
        format!("{}{apply}", POD.replace("```yaml", "```yaml title=\"web.yaml\"")),
        format!("{}{apply}", POD.replace("apiVersion", "# web.yaml\napiVersion")),
        format!("A Pod:\n{POD}Save it as `web.yaml`.\n{apply}"),
        format!("<!-- labproof: file web.yaml -->\n{POD}{apply}"),
    ];
    for text in ways {
        let said = listing(&text);
        assert!(said[0].ends_with("write the file web.yaml"), "{text}{said:?}");
    }
    let only_used = listing(&format!("A Pod:\n{POD}{apply}"));
    assert!(only_used[0].contains("write the file web.yaml (named by line 9)"), "{only_used:?}");
}

#[test]
fn the_words_around_a_block_are_understood_in_six_languages() {
    for (create, output, fails) in [
        ("Create the file `NAME`, with one Pod.", "You should see:", "This must fail."),
        ("Crea el archivo `NAME`, con un Pod.", "La salida:", "Esto falla."),
        ("Crie o arquivo `NAME`, com um Pod.", "A saída:", "Isto falha."),
        ("Créez le fichier `NAME`, avec un Pod.", "La sortie :", "Cela échoue."),
        ("创建文件 `NAME`，其中有一个 Pod。", "输出类似于：", "这会失败。"),
        ("1つの Pod を持つファイル `NAME` を作成します。", "出力は次のとおりです：", "これは失敗します。"),
    ] {
        let text = format!("{}\n\n{POD}", create.replace("NAME", "web.yaml"))
            + "```sh\nkubectl apply -f web.yaml\nkubectl logs web\n```\n"
            + &"A sentence.\n\n".repeat(9)
            + &format!("{output}\n\n```\nhello\n```\n{fails}\n\n```sh\nkubectl get x\n```\n");
        let story = Story::of(&read(Markup::Markdown, &text));
        let said = listing(&text);
        assert_eq!(said[0], "4 write the file web.yaml", "{create}");
        assert!(said[2].contains("(output in line"), "{output} {said:?}");
        let Some(Deed::Type(last)) = story.acts.last().map(|act| &act.deed) else { panic!("{said:?}") };
        assert!(last.may_fail, "{fails}");
    }
}

#[test]
fn a_manifest_that_no_command_uses_is_offered_to_the_server() {
    assert_eq!(listing(POD), ["2 dry run the manifest of Pod/web"]);
    assert!(listing(&format!("{POD}```\nkubectl exec web -- ls\n```\n"))[0].contains("apply the manifest of Pod/web"));
    assert!(listing("```yaml\n- name: a\n  image: b\n  x: c\n```\n")[0].contains("skip"));
}

#[test]
fn nothing_that_is_meant_for_a_container_runs_on_this_machine() {
    let text = "```\nkubectl exec -it web -- sh\n```\n```\nrm -rf /data\nexit\nls\n```\n";
    let said = listing(text);
    assert_eq!(said, ["2 enter kubectl exec -it web -- sh", "5 run inside rm -rf /data", "6 exit exit", "7 run ls"]);
    let lost = listing("```\nkubectl exec -it <container> -- sh\n```\n```\necho a > /etc/x\nexit\nls\n```\n");
    assert!(lost[1].contains("meant for the shell that line 2 opens") && lost[3] == "7 run ls", "{lost:?}");
    let nested = listing("```\n$ kubectl exec -it web -- sh\n/ # ls\na\n/ # exit\n$ ls\n```\n");
    assert_eq!(nested[1], "3 run inside ls (output in line 4)");
    assert!(listing("```\n/ # apk add curl\n```\n")[0].contains("no command before it opens one"));
    assert!(
        listing("```\nkubectl exec -it web -- bash\n```\n```\nkubectl get pods\n```\n")[1]
            .contains("run kubectl get pods")
    );
}

#[test]
fn a_comment_may_say_that_a_command_is_for_a_node() {
    for comment in ["Run this in a shell on the node you want to query.", "질의 할 노드의 쉘에서 이것을 실행한다."]
    {
        let listing = listing(&format!("```shell\n# {comment}\ncurl localhost:10249/proxyMode\n```\n"));
        assert!(listing[0].starts_with("3 skip curl localhost"), "{listing:?}");
    }
    let here = listing("```shell\n# show what runs on the node\nkubectl get pods -o wide\n```\n");
    assert_eq!(here, ["3 run kubectl get pods -o wide"]);
}

#[test]
fn what_never_ends_goes_on_in_the_background() {
    for command in [
        "kubectl port-forward web 80:80",
        "kubectl get pods --watch",
        "kubectl get -w pods",
        "kubectl get --watch pods -n shop",
        "kubectl logs -f web",
        "npm start 3001",
        "kubectl proxy",
    ] {
        assert_eq!(listing(&format!("```sh\n{command}\n```\n")), [format!("2 start {command}")]);
    }
    assert_eq!(listing("```sh\nnpm start 3001 &\n```\n"), ["2 run npm start 3001 &"]);
}

#[test]
fn the_author_has_the_last_word() {
    assert!(listing("<!-- labproof: skip -->\n```bash\nls\n```\n")[0].contains("labproof: skip"));
    assert_eq!(
        listing("```bash\nls\n```\n\n<!-- labproof: output -->\n```bash\nkubectl get pods\n```\n"),
        ["2 run ls (output in line 7)"]
    );
}

#[test]
fn no_block_is_dropped() {
    for block in [
        "```\n???\n```",
        "```powershell\n$x = 1\n```",
        "```bash\n\n```",
        "```mermaid\ngraph\n```",
        "```diff\n- replicas: 2\n+ replicas: 4\n```",
        "    indented prose.",
    ] {
        let said = listing(&format!("a\n\n{block}\n"));
        assert!(said.len() == 1 && said[0].contains("skip"), "{block}: {said:?}");
    }
}

#[test]
fn a_file_is_named_after_its_block_in_other_languages_too() {
    for prose in ["Guarda esto como `web.yaml`.", "Speichern Sie das als `web.yaml`.", "`web.yaml` として保存します。"]
    {
        let listing = listing(&format!("{POD}\n{prose}\n\n```\nkubectl apply -f web.yaml\n```\n"));
        assert_eq!(listing[0], "2 write the file web.yaml", "{prose}");
    }
}

#[test]
fn a_sentence_that_tells_to_run_a_command_is_run() {
    assert_eq!(
        listing("Then run `kubectl get pods`.\n\n```\nNAME READY\nweb 1/1\n```\n"),
        ["1 run kubectl get pods (output in lines 4 to 5)"]
    );
    let shown_again = "Run `kubectl get pods`:\n\n```sh\n$ kubectl get pods\nNAME READY\n```\n";
    assert_eq!(listing(shown_again), ["4 run kubectl get pods (output in line 5)"]);
    assert_eq!(listing("Run `kubectl get pods`:\n\n```sh\nkubectl get po\n```\n"), ["4 run kubectl get po"]);
    let introduced = "This is what\n`kubectl get pods` shows now:\n\n```\nNAME READY\nweb 1/1\n```\n";
    assert_eq!(listing(introduced), ["2 run kubectl get pods (output in lines 5 to 6)"]);
    let excerpt = "The reason is in `kubectl describe pod web`:\n\n```text\n  ...\n  Warning  Failed  9s\n```\n";
    assert_eq!(listing(excerpt), ["1 run kubectl describe pod web (output in lines 4 to 5)"]);
    let another = "```\nkubectl apply -f https://x.io/a.yaml\n```\n\nThen look with `kubectl get pod web`:\n\n```\nNAME READY\nweb 0/1\n```\n";
    assert_eq!(
        listing(another),
        ["2 run kubectl apply -f https://x.io/a.yaml", "5 run kubectl get pod web (output in lines 8 to 9)"]
    );
    for other in ["If you run `kubectl delete pod web`, it is gone.\n", "If it hangs,\nrun `kubectl delete pod web`.\n"]
    {
        assert_eq!(listing(other), [""; 0]);
    }
}

#[test]
fn an_edit_that_the_prose_tells_exactly_is_made() {
    let page = "```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  priority: 1\n```\n\n```\nkubectl apply -f web.yaml\n```\n\n\
                Now change `priority: 1` to `priority: 2`.\n\n```\nkubectl apply -f web.yaml\n```\n";
    let story = Story::of(&read(Markup::Markdown, page));
    let files = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Write(source) => Some((act.line, source.name().to_owned(), source.text.contains("priority: 2"))),
        _ => None,
    });
    assert_eq!(files.collect::<Vec<_>>(), [(2, "web.yaml".into(), false), (14, "web.yaml".into(), true)]);
}

#[test]
fn commands_after_an_edit_of_their_sentence_share_their_output() {
    let page = "Save this as `web.yaml`:\n\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  priority: 1\n```\n\n```\nkubectl apply -f web.yaml\n```\n\n\
                Set `priority` in `web.yaml` to `2` and apply it again:\n\n```\nkubectl apply -f web.yaml\nkubectl get pods\n```\n\n```\npod/web configured\nNAME READY\n```\n";
    let story = Story::of(&read(Markup::Markdown, page));
    let is_shared = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Type(typed) => typed.expected.as_ref().map(|expected| expected.is_shared),
        _ => None,
    });
    assert_eq!(is_shared.collect::<Vec<_>>(), [true]);
    assert!(matches!(&story.acts[2].deed, Deed::Write(source) if source.text.contains("priority: 2")));
}

#[test]
fn a_manifest_and_its_commands_may_be_one_block() {
    let text = "Save as web.yaml\n\n    apiVersion: v1\n    kind: Pod\n    metadata:\n      name: web\n\n    me@pc:~$ kubectl apply -f web.yaml\n    pod/web created\n";
    assert_eq!(listing(text), ["3 write the file web.yaml", "8 run kubectl apply -f web.yaml (output in line 9)"]);
    let other = text.replace("apiVersion: v1", "some words").replace("kind: Pod", "of another kind");
    assert!(
        listing(&other).iter().any(|line| line.contains("not run: lines before the first command")),
        "{:?}",
        listing(&other)
    );
    let comment = "```\n# this lists them\n$ kubectl get pods\n```\n";
    assert_eq!(listing(comment), ["3 run kubectl get pods"]);
}

#[test]
fn a_manifest_that_nothing_indents_ends_where_its_fields_end() {
    for (before, after) in [("", ""), ("--- 8< ------\n", "--- >8 ------\n"), ("", "\nNow apply it:\n")] {
        let manifest = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n---\nkind: Pod\napiVersion: v1\n";
        let text = format!(
            "Save this as web.yaml:\n\n{before}{manifest}{after}\n    $ kubectl apply -f web.yaml\n    pod/web created\n"
        );
        let listing = listing(&text);
        assert_eq!(listing.len(), 2, "{text}{listing:?}");
        assert!(listing[0].ends_with("write the file web.yaml"), "{text}{listing:?}");
        let story = Story::of(&read(Markup::Markdown, &text));
        let Deed::Write(source) = &story.acts[0].deed else { panic!("{listing:?}") };
        assert_eq!(source.text.trim_end(), manifest.trim_end(), "{text}");
    }
}

#[test]
fn a_rule_of_tildes_between_slides_is_no_fence() {
    let text =
        format!("{0} slide 1\n\n    $ kubectl get pods\n\n{0} slide 2\n\n    $ kubectl get nodes\n", "~".repeat(40));
    assert_eq!(listing(&text), ["3 run kubectl get pods", "7 run kubectl get nodes"]);
}

#[test]
fn a_paragraph_that_is_only_a_name_names_the_block_after_it() {
    let two = format!(
        "Save the two objects in `a.yaml` and `b.yaml`:\n\n`a.yaml`\n{POD}\n**b.yaml**\n{POD}\n```\nkubectl apply -f a.yaml\nkubectl apply -f b.yaml\n```\n"
    );
    let listing = listing(&two);
    let names: Vec<&str> =
        listing.iter().filter_map(|line| line.split_once("write the file ")).map(|(_, name)| name).collect();
    assert_eq!(names, ["a.yaml", "b.yaml"], "{listing:?}");
}

#[test]
fn a_heading_may_be_that_of_another_way() {
    let text = "## Imperatively\n```\nkubectl create ns a\n```\n## Declaratively\n```\nkubectl apply -f -\n```\n## Option 2: by hand\n```\nkubectl create ns a\n```\n## Next\n```\nkubectl get ns\n```\n";
    let story = Story::of(&read(Markup::Markdown, text));
    let listing: Vec<ProseRole> = story
        .acts
        .iter()
        .filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.role),
            _ => None,
        })
        .collect();
    assert_eq!(listing, [ProseRole::Plainly, ProseRole::OtherWay, ProseRole::OtherWay, ProseRole::Plainly]);
}

#[test]
fn a_word_in_a_comment_is_the_value_of_a_field() {
    let page = "```bash\nkubectl get pod a -o jsonpath='{.status.qosClass}'\n# Guaranteed\n\nkubectl get pod a -o jsonpath='{.spec.x}'\n# Cleanup\nkubectl delete pod a\n```\n";
    assert_eq!(
        listing(page),
        [
            "2 run kubectl get pod a -o jsonpath='{.status.qosClass}' (output in line 3)",
            "5 run kubectl get pod a -o jsonpath='{.spec.x}'",
            "7 run kubectl delete pod a"
        ]
    );
}
