use super::understanding::listing;
use crate::document::{Markup, read, story::Story};

#[test]
fn prompts_of_all_forms_are_known() {
    for prompt in ["$", "#", "user@host:~$", "root@cp:~#", "[me@node ~]$", "eti-lab>", "%", "PS C:\\x>"] {
        let said = listing(&format!("```\n{prompt} kubectl get pods\nNAME READY\n```\n"));
        assert_eq!(said, ["2 run kubectl get pods (output in line 3)"], "{prompt}");
    }
}

#[test]
fn the_prompt_of_root_is_the_readers_where_the_page_shows_no_other() {
    let page = "```console\n# mkdir site\n# kubectl get pods -o name\npod/a\n```\n";
    assert_eq!(listing(page), ["2 run mkdir site", "3 run kubectl get pods -o name (output in line 4)"]);
    let ends = "```console\n# docker build -t web .\n# kubectl kustomize dev | grep image:\nimage: b\n# kubectl is used here:\n```\n";
    assert_eq!(
        listing(ends)[..2],
        ["2 run docker build -t web .", "3 run kubectl kustomize dev | grep image: (output in lines 4 to 5)"]
    );
    let of_user = format!("```console\n$ kubectl get nodes -o name\nnode/a\n```\n{page}");
    assert!(listing(&of_user)[1].starts_with("6 skip mkdir site"), "{:?}", listing(&of_user));
    let bare = format!("```\nkubectl get nodes\n```\n{page}");
    assert!(listing(&bare)[1].starts_with("5 skip mkdir site"), "{:?}", listing(&bare));
    let example = format!("```\nEx.: kubectl logs web\n```\n{page}");
    assert!(listing(&example).iter().any(|said| said.ends_with(" run mkdir site")), "{:?}", listing(&example));
    let inside = "```console\n# kubectl exec -it web -- sh\n# ls /\nbin\n# exit\n# ls\n```\n";
    let said = listing(inside);
    assert!(said[1].contains("inside") && !said[3].contains("inside"), "{said:?}");
}

#[test]
fn an_example_of_a_general_form_is_a_command() {
    let page = "```\n$ kubectl logs \"pod_ismi\"\n\nÖr: kubectl logs -f web\nEx.: kubectl get pods -o name\n```\n";
    let said = listing(page);
    assert!(said[0].starts_with("2 skip kubectl logs"), "{said:?}");
    assert_eq!(said[1..], ["4 start kubectl logs -f web", "5 run kubectl get pods -o name"]);
}

#[test]
fn commands_of_root_in_plain_text_are_no_headings() {
    let slides = "SLIDES\n\n[1] Files\n\n  # mkdir -p site && cd site\n  # cat > a.txt <<EOF\n  hello\n  EOF\n  # kubectl get pods -o name\n  pod/a\n";
    let format = Markup::of("slides.txt", slides).unwrap();
    let listing = Story::of(&read(format, slides)).listing();
    for command in ["mkdir -p site && cd site", "cat > a.txt", "kubectl get pods -o name  (output in line 10)"] {
        assert!(listing.contains(command), "{listing}");
    }
    let notes = "# kubectl basics\n\nText\n\n# docker basics\n\nText\n";
    assert_eq!(Markup::of("notes.txt", notes), Some(Markup::Markdown));
}
