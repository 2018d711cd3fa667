//! Programs that labproof does not know, among commands and outputs.

use super::understanding::listing;

#[test]
fn a_program_that_labproof_does_not_know_does_not_hide_the_other_commands_of_its_block() {
    let text = "```bash\nkubectl get pods\n```\nInstall it:\n```bash\n# Install\nfaas-up install openfaas\n\n# or by hand\nkubectl create namespace openfaas\nkubectl get pods -n openfaas\n```\n";
    assert_eq!(
        listing(text),
        [
            "2 run kubectl get pods",
            "7 skip faas-up install openfaas (not run: not understood: labproof does not know the program faas-up)",
            "10 run kubectl create namespace openfaas",
            "11 run kubectl get pods -n openfaas",
        ]
    );
}

#[test]
fn a_program_without_an_output_is_no_output_of_the_command_before() {
    let text = "```bash\nkubectl get pods\n```\n\n```bash\nprovision --all -v\n```\n";
    assert_eq!(
        listing(text)[1],
        "6 skip provision --all -v (not run: not understood: labproof does not know the program provision)"
    );
    // Without an option it may as well be printed.
    let text = "```bash\nkubectl logs web\n```\n\n```bash\nhello again\n```\n";
    assert_eq!(listing(text), ["2 run kubectl logs web (output in line 6)"]);
}

#[test]
fn comments_above_commands_are_no_output() {
    let text = "```\nkubectl get nodes\n\n# Details of a node\nkubectl describe node demo\n```\nMore:\n```\n# show all namespaces\nkubectl get namespaces\n\n# go to one\nkn default\n```\n";
    assert_eq!(
        listing(text),
        [
            "2 run kubectl get nodes",
            "5 run kubectl describe node demo",
            "10 run kubectl get namespaces",
            "13 run kn default"
        ]
    );
}

#[test]
fn a_file_that_is_shown_keeps_its_comments() {
    let text = "```\ncat app.conf\n# settings\nlog=1\n```\n";
    assert_eq!(listing(text), ["2 run cat app.conf (output in lines 3 to 4)"]);
}

#[test]
fn a_group_of_commands_is_one_command() {
    let text = "```bash\n{\n  kubectl create namespace shop\n  kubectl get namespace shop\n}\n```\n";
    assert_eq!(listing(text), ["2 run { …"]);
}

#[test]
fn a_substitution_of_several_lines_is_one_command() {
    let text = "```bash\nPOD=$(\n  kubectl get pods -o name |\n  head -1\n)\nkubectl get $POD\n```\n";
    assert_eq!(listing(text), ["2 run POD=$( …", "6 run kubectl get $POD"]);
}

#[test]
fn the_notes_of_helm_are_an_output_to_their_end() {
    let text =
        "```\nhelm install view ./view\nNAME: view\nNOTES:\nrun the following:\n\nkubectl get svc\necho done\n```\n";
    assert_eq!(listing(text), ["2 run helm install view ./view (output in lines 3 to 8)"]);
}

#[test]
fn a_command_without_a_prompt_before_those_with_one_is_run() {
    let text = "```\nmkdir lab\ncd lab/\n$ kubectl get pods\n```\n";
    assert_eq!(listing(text), ["2 run mkdir lab", "3 run cd lab/", "4 run kubectl get pods"]);
}

#[test]
fn kubectl_after_a_here_document_is_typed_on_this_machine() {
    let text = "```\nkubectl exec -it web -- sh\nls\n```\n\n```\ncat <<EOF | kubectl apply -f -\nkind: Pod\nEOF\n```\n";
    assert_eq!(listing(text)[2], "7 run cat <<EOF | kubectl apply -f - …");
}

#[test]
fn a_listing_below_prose_is_that_of_the_command_that_shows_it() {
    let text = "```\nkubectl apply -f -\n```\nAfter a while, two Pods run:\n```\nNAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          1s\n```\n";
    assert_eq!(listing(text), ["2 run kubectl apply -f -", "6 run kubectl get pods (output in lines 6 to 7)"]);
}

#[test]
fn what_a_command_prints_is_no_program() {
    for (command, printed) in [
        ("kubectl logs counter", "count 1\ncount 2"),
        ("kubectl exec web -- ls /", "bin dev etc home"),
        ("cat /data/x", "hello from web"),
    ] {
        let said = listing(&format!("```bash\n{command}\n{printed}\n```\n"));
        assert!(said.len() == 1 && said[0].contains("(output in line"), "{said:?}");
    }
}

#[test]
fn a_program_after_one_that_prints_nothing_is_no_output() {
    let text = "```bash\nmkdir apps\nflux create source x \\\n  --url=a\n```\n\n```bash\nkubectl delete rs x\nkunectl create -f rs.yaml\n```\n";
    let said = listing(text);
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said[1].contains("program flux") && said[3].contains("program kunectl"), "{said:?}");
}

#[test]
fn a_sharp_sign_is_a_prompt_in_the_shell_that_a_command_opens() {
    let text = "```\nk exec -it web -- /bin/sh\n# cat /etc/hostname\n# exit\n```\n";
    assert_eq!(listing(text)[1..], ["3 run inside cat /etc/hostname", "4 exit exit"]);
}

#[test]
fn what_a_file_has_later_is_only_shown() {
    let pod = "```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n";
    let text = format!("{pod}Save it as `web.yaml`:\n{pod}```\nkubectl apply -f web.yaml\nkubectl get pod web\n```\n");
    assert_eq!(listing(&text)[..2], ["2 dry run the manifest of Pod/web", "9 write the file web.yaml"]);
}
