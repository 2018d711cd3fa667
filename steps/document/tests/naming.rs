//! Manifests to which only a command gives a name.

use super::understanding::listing;

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
        listing(&text)[..2],
        ["2 write the file x/a.yaml (named by line 14)", "8 dry run the manifest of Service/db"]
    );
    let text = format!(
        "{}```console\n$ kubectl apply -f x/a.yaml\nclusterrolebinding \"r\" created\n```\n",
        manifest("Pod", "web")
    );
    assert_eq!(listing(&text)[0], "2 dry run the manifest of Pod/web");
}

#[test]
fn files_are_read_in_the_order_of_their_manifests() {
    let text = format!(
        "{}{}```bash\nkubectl apply -f a.yaml\nkubectl apply -f b.yaml\n```\n",
        manifest("Pod", "web"),
        manifest("Pod", "db")
    );
    assert_eq!(
        listing(&text)[..2],
        ["2 write the file a.yaml (named by line 14)", "8 write the file b.yaml (named by line 15)"]
    );
}

#[test]
fn the_kind_in_a_file_s_name_tells_which_it_is() {
    let text =
        format!("{}{}```bash\nkubectl apply -f pod.yaml\n```\n", manifest("Pod", "web"), manifest("Service", "db"));
    assert_eq!(
        listing(&text)[..2],
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
    assert_eq!(listing(&text)[..2], ["2 dry run the manifest of Pod/web", "9 write the file a.yaml"]);
}

#[test]
fn a_file_in_a_folder_that_the_prose_names_stands_there() {
    let text = format!(
        "Create a `k8s` folder and add a `pod.yml` file:\n{}```bash\nkubectl apply -f k8s\n```\n",
        manifest("Pod", "web")
    );
    assert_eq!(listing(&text)[0], "3 write the file k8s/pod.yml");
}

#[test]
fn a_kustomization_needs_no_kind() {
    let text = "Create a `kustomization.yaml` file:\n```yaml\nnamespace: shop\nresources:\n- namespace.yaml\n```\n```bash\nkubectl apply -k .\n```\n";
    assert_eq!(listing(text)[0], "3 write the file kustomization.yaml");
}

#[test]
fn neither_a_link_nor_a_product_is_the_name_of_a_file() {
    let text =
        "See the file [policy](../np/select.md) of Node.js:\n```yaml\nnetwork:\n  policy:\n    enabled: true\n```\n";
    assert!(!listing(text)[0].contains("write"), "{:?}", listing(text));
}

#[test]
fn settings_before_the_command_that_reads_them_are_its_file() {
    let text = "```\n# settings\nlog_level=WARN\nenv=production\n```\n\n```\nkubectl create configmap app --from-env-file=./app.env\n```\n";
    assert_eq!(listing(text)[0], "2 write the file ./app.env (named by line 8)");
    let text = "```\n# of nginx\nworker_processes 4;\n```\n\n```\nkubectl create configmap nginx --from-file=./nginx.conf\n```\n";
    assert_eq!(listing(text)[0], "2 write the file ./nginx.conf (named by line 7)");
}

#[test]
fn a_quotation_of_a_command_is_typed() {
    assert_eq!(listing("Create it:\n\n> kubectl apply -f -\n\nSo.\n"), ["3 run kubectl apply -f -"]);
}

#[test]
fn a_part_of_a_manifest_may_be_a_whole_file() {
    let text = "Create a file named `patch.yaml` that has this content:\n```yaml\nspec:\n  replicas: 3\n```\n{{< tabs >}}\n{{{< tab name=\"Bash\" codelang=\"bash\" >}}\nkubectl patch deployment web --patch \"$(cat patch.yaml)\"\n{{< /tab >}}\n{{< tab name=\"PowerShell\" codelang=\"posh\" >}}\nkubectl patch deployment web --patch $(cat patch.yaml)\n{{< /tab >}}}\n{{< /tabs >}}\n";
    assert_eq!(
        listing(text),
        [
            "3 write the file patch.yaml",
            "8 run kubectl patch deployment web --patch \"$(cat patch.yaml)\"",
            "11 skip kubectl patch deployment web --patch $(cat patch.yaml) (not run: labproof follows the tab Bash)"
        ]
    );
    let text = "In the file `pod.yaml`, change the image:\n```yaml\nspec:\n  image: a\n```\n";
    assert!(!listing(text)[0].contains("write"), "{:?}", listing(text));
}

#[test]
fn a_file_may_be_read_by_an_alias_of_kubectl() {
    let text = format!("{}```\nk apply -f x/a.yaml\n```\n", manifest("Pod", "web"));
    assert_eq!(listing(&text)[0], "2 write the file x/a.yaml (named by line 8)");
}

#[test]
fn the_configuration_of_a_program_is_no_object_of_the_server() {
    for head in [
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization",
        "apiVersion: v1\nkind: Config",
    ] {
        let said = listing(&format!("```yaml\n{head}\nx: 1\n```\n"));
        assert_eq!(
            said,
            [format!(
                "2 skip {} … (not run: the content of a file that the document does not name)",
                head.lines().next().unwrap()
            )]
        );
    }
}

#[test]
fn the_logs_of_a_pod_are_no_folder() {
    let text = format!(
        "Save it as `pod.yaml`:\n{}```bash\nkubectl apply -f pod.yaml\n```\nThe logs of `web`:\n```bash\nkubectl logs -f web\n```\n",
        manifest("Pod", "web")
    );
    assert_eq!(listing(&text)[0], "3 write the file pod.yaml");
}

#[test]
fn commands_are_no_file_of_the_next_one() {
    let text = "```bash\nfaas-up apply -f stack.yml\n```\nThen:\n```bash\nkubectl create configmap c --from-file=app.conf\n```\n";
    assert!(!listing(text)[0].contains("write"), "{:?}", listing(text));
}

#[test]
fn a_manifest_below_a_generated_file_is_the_file_as_edited() {
    let make = "```sh\nkubectl run backend --image=nginx -o yaml --dry-run=client > pod.yaml\n```\nEdit it.\n";
    let apply = "```sh\nkubectl apply -f pod.yaml\n```\n";
    let says = |name: &str| listing(&format!("{make}{}{apply}", manifest("Pod", name)));
    assert!(says("backend").iter().any(|act| act.starts_with("6 write the file pod.yaml")), "{:?}", says("backend"));
    assert!(!says("other").iter().any(|act| act.contains("pod.yaml (named")), "{:?}", says("other"));
}
