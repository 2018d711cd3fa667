use super::understanding::listing;
use crate::document::{
    Markup, read,
    story::{Deed, Story, in_other_folders},
};

const POD: &str = "```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n";

#[test]
fn an_editor_names_the_file_that_follows() {
    let text = format!(
        "```\nkubectl run web --image=nginx --dry-run=client -o yaml > web.yaml\nvi web.yaml\n```\n{POD}```\nkubectl create -f web.yaml\n```\n"
    );
    assert_eq!(listing(&text)[2..], ["6 write the file web.yaml", "12 run kubectl create -f web.yaml"]);
    // A part of a manifest does not take the place of the whole.
    let part = "```\nvi web.yaml\n```\n```yaml\nspec:\n  containers:\n  - name: web\n```\n";
    assert!(!listing(part).iter().any(|line| line.contains("write")), "{:?}", listing(part));
}

#[test]
fn an_object_in_an_editor_is_applied_without_what_the_server_sets() {
    let shown =
        "```yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  uid: 191e\nspec:\n  type: NodePort\n```\n";
    assert_eq!(listing(&format!("```\nkubectl edit svc web\n```\n{shown}"))[1], "5 apply the manifest of Service/web");
    let said = listing(&format!("The Service is then:\n\n{shown}"));
    assert_eq!(said, ["4 skip apiVersion: v1 … (not run: an object as the server shows it)"]);
}

#[test]
fn a_form_is_no_manifest() {
    let said = listing("```yaml\napiVersion: # v1\nkind: # Pod\nmetadata:\n  name: # its name\n```\n");
    assert_eq!(said, ["2 skip apiVersion: # v1 … (not run: a manifest without values)"]);
}

#[test]
fn a_comment_is_no_prompt() {
    let text = "```bash\n# Create the policy\nkubectl create -f p.yaml\n# make sure that your network has policies\nkubectl get netpol\n# find all\nkubectl get all\n```\n";
    assert_eq!(listing(text), ["3 run kubectl create -f p.yaml", "5 run kubectl get netpol", "7 run kubectl get all"]);
    assert_eq!(listing("```\n# find / -name x\n/x\n# ls\ny\n```\n").len(), 2, "prompts of root");
}

#[test]
fn what_the_author_writes_around_an_output_is_no_part_of_it() {
    let text = "```\nkubectl get pods\n```\n```\n# result:\nNAME READY\nweb 1/1\nBooks-MacBook-Air-4:~ me$\n```\n";
    assert_eq!(listing(text), ["2 run kubectl get pods (output in lines 6 to 7)"]);
    let again = "```\nkubectl get pods\n```\n```\n user@computer:~/web$ kubectl get pods\n NAME READY\n web 1/1\n```\n";
    assert_eq!(listing(again), ["2 run kubectl get pods (output in lines 6 to 7)"]);
}

#[test]
fn a_file_may_be_named_in_the_paragraph_before() {
    let text = format!(
        "You can find it in the file `app/web.yaml`.\n\nIt contains:\n\n{POD}\n```\nkubectl apply -f other/web.yaml\n```\n"
    );
    assert_eq!(listing(&text)[0], "6 write the file app/web.yaml");
}

#[test]
fn a_command_may_name_another_folder_than_the_document() {
    let acts = |folder: &str| {
        let text = format!("`app/web.yaml`:\n\n{POD}\n```\nkubectl apply -f {folder}web.yaml\n```\n");
        Story::of(&read(Markup::Markdown, &text)).acts
    };
    let other = ("other/web.yaml".to_owned(), "app/web.yaml".to_owned());
    assert_eq!(in_other_folders(&acts("other/")), [other]);
    assert_eq!(in_other_folders(&acts("./app/")), []);
}

#[test]
fn a_command_that_reads_a_folder_uses_the_files_in_it() {
    let used = |name: &str, kustomization: &str, command: &str| {
        let text = format!(
            "`{name}`:\n\n{POD}\n`base/kustomization.yaml`:\n\n```yaml\nresources: [{kustomization}]\n```\n\n```\n{command}\n```\n"
        );
        listing(&text).iter().any(|line| line.ends_with(&format!("write the file {name}")))
    };
    for command in ["kubectl apply -k base", "kubectl kustomize base | grep kind", "kubectl apply -f ./base/ -R"] {
        assert!(used("base/web.yaml", "other.yaml", command), "{command}");
        assert!(!used("more/web.yaml", "other.yaml", command) || command.ends_with("-R"), "{command}");
    }
    assert!(used("more/web.yaml", "../more/web.yaml", "kubectl apply -k base"));
    assert!(used("web.yaml", "other.yaml", "kubectl apply -f ."));
    assert!(!used("web.yaml", "other.yaml", "kubectl apply -f other.yaml"));
}

#[test]
fn a_file_that_the_document_only_shows_is_written() {
    let text = "```console\n$ cat web.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\n$ kubectl apply -f web.yaml\n```\n";
    let mut story = Story::of(&read(Markup::Markdown, text));
    assert!(story.write_what_is_shown(1, "web.yaml") && !story.write_what_is_shown(1, "other.yaml"));
    assert!(matches!(&story.acts[0].deed, Deed::Write(source) if source.text.contains("kind: Pod")));
}

#[test]
fn an_edit_may_name_only_the_new_image() {
    let pod = |image: &str| {
        format!(
            "```yaml\n# web.yaml\nkind: Pod\napiVersion: v1\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: {image}\n```\n"
        )
    };
    let edited = |image: &str, prose: &str| {
        let text = format!("{}\n{prose}\n\n```bash\nkubectl apply -f web.yaml\n```\n", pod(image));
        listing(&text).iter().filter(|line| line.contains("write the file")).count() == 2
    };
    assert!(edited("nginx:1.26", "Abra o arquivo `web.yaml`, troque a imagem para `nginx:1.27` e salve."));
    assert!(edited("nginx:1.26", "Open `web.yaml`, change the image to `nginx:1.27`, and save it."));
    assert!(!edited("nginx:1.27", "Open `web.yaml`, change the image to `nginx:1.27`, and save it."));
    assert!(!edited("httpd:2", "Open `web.yaml`, change the image to `nginx:1.27`, and save it."));
}
