//! Manifests to which only a command gives a name.

use super::understanding::told;

fn manifest(kind: &str, name: &str) -> String {
    format!("```yaml\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n```\n")
}

#[test]
fn a_file_has_the_object_that_its_command_creates() {
    let text = format!(
        "{}{}```console\n$ kubectl apply -f x/a.yaml\npod/web created\n```\n",
        manifest("Pod", "web"),
        manifest("Service", "db")
    );
    assert_eq!(
        told(&text)[..2],
        ["2 write the file x/a.yaml (named by line 14)", "8 dry run the manifest of Service/db"]
    );
    let text = format!(
        "{}```console\n$ kubectl apply -f x/a.yaml\nclusterrolebinding \"r\" created\n```\n",
        manifest("Pod", "web")
    );
    assert_eq!(told(&text)[0], "2 dry run the manifest of Pod/web");
}

#[test]
fn files_are_read_in_the_order_of_their_manifests() {
    let text = format!(
        "{}{}```bash\nkubectl apply -f a.yaml\nkubectl apply -f b.yaml\n```\n",
        manifest("Pod", "web"),
        manifest("Pod", "db")
    );
    assert_eq!(
        told(&text)[..2],
        ["2 write the file a.yaml (named by line 14)", "8 write the file b.yaml (named by line 15)"]
    );
}

#[test]
fn the_kind_in_a_file_s_name_tells_which_it_is() {
    let text =
        format!("{}{}```bash\nkubectl apply -f pod.yaml\n```\n", manifest("Pod", "web"), manifest("Service", "db"));
    assert_eq!(
        told(&text)[..2],
        ["2 write the file pod.yaml (named by line 14)", "8 dry run the manifest of Service/db"]
    );
}

#[test]
fn a_name_in_the_prose_between_two_blocks_is_that_of_the_next() {
    let text = format!(
        "{}Save this as `a.yaml`:\n{}```bash\nkubectl apply -f a.yaml\n```\n",
        manifest("Pod", "web"),
        manifest("ConfigMap", "c")
    );
    assert_eq!(told(&text)[..2], ["2 dry run the manifest of Pod/web", "9 write the file a.yaml"]);
}
