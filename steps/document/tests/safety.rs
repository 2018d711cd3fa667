use crate::document::{
    Markup, read,
    safety::{ReaderTerminal, WhyNotRun, on_this_machine},
    story::{Act, Deed, Story},
};

#[test]
fn what_prepares_a_machine_is_left_to_labproof() {
    for command in [
        "kind create cluster",
        "minikube start",
        "sudo apt install -y npm",
        "git clone https://x",
        "brew install kind",
        "curl -LO https://dl.k8s.io/kubectl",
    ] {
        assert!(matches!(on_this_machine(command, command), Some(WhyNotRun::Environment(_))), "{command}");
    }
}

#[test]
fn what_the_reader_must_fill_in_is_not_run() {
    for command in [
        "kubectl logs <container-name>",
        "kubectl get pod POD -n <your namespace>",
        "docker pull your-registry/x",
        "export A=YOUR_TOKEN",
        "kubectl get ...",
        "kubectl get pods --namespace [TEAM]-web",
        "curl http://[EXTERNALIP]:38709/",
    ] {
        assert!(matches!(on_this_machine(command, command), Some(WhyNotRun::Placeholder(_))), "{command}");
    }
    for command in ["curl -s localhost:8080 | grep '<title>'", "curl localhost | sed -n 's/<h1>//p'"] {
        assert_eq!(on_this_machine(command, command), None, "{command}");
    }
    assert_eq!(
        on_this_machine("kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'", ""),
        None
    );
}

#[test]
fn what_a_container_copies_is_not_on_this_machine() {
    for command in [
        "kubectl exec web -it -- cp /etc/passwd /etc/data/passwd",
        "kubectl exec web -- cp -r /a /b",
        "docker exec web cp /etc/passwd /etc/data",
        "kubectl cp web:/etc/passwd ./passwd",
        "kubectl cp ./passwd web:/etc/passwd",
    ] {
        assert_eq!(on_this_machine(command, ""), None, "{command}");
    }
    for command in [
        "kubectl cp web:/etc/passwd /etc/passwd",
        "docker -l info cp web:/a /etc/a",
        "kubectl -n debug cp web:/k /etc/k",
        "kubectl cp -n shop web:/etc/passwd /etc/passwd",
        "docker --context run cp web:/a /etc/a",
    ] {
        assert!(matches!(on_this_machine(command, ""), Some(WhyNotRun::Unsafe(_))), "{command}");
    }
}

#[test]
fn what_waits_for_a_person_is_not_run() {
    for command in [
        "vi pod.yaml",
        "kubectl edit pod web",
        "watch kubectl get pods",
        "while true; do date; sleep 1; done",
        "kubectl exec -it db -- mysql -u root",
        "http://shop.example/cart",
    ] {
        assert!(matches!(on_this_machine(command, command), Some(WhyNotRun::Interactive(_))), "{command}");
    }
}

#[test]
fn a_kubeconfig_of_the_documents_own_may_be_written() {
    for command in [
        "kubectl config set-cluster lab --server=https://10.0.0.1:6443 --kubeconfig=own.conf",
        "kubectl config use-context red --kubeconfig ./own.conf",
        "kubectl --kubeconfig=own.conf config use-context red --kubeconfig=own.conf",
    ] {
        assert_eq!(on_this_machine(command, ""), None, "{command}");
    }
    for command in [
        "kubectl config use-context red --kubeconfig=~/.kube/config",
        "kubectl config use-context red --kubeconfig=/etc/kubernetes/admin.conf",
        "kubectl config use-context red --kubeconfig=../own.conf",
        "kubectl config use-context red --kubeconfig=$HOME/.kube/config",
    ] {
        assert!(matches!(on_this_machine(command, ""), Some(WhyNotRun::Unsafe(_))), "{command}");
    }
}

#[test]
fn an_editor_that_needs_nobody_may_be_run() {
    let edit = |editor: &str| on_this_machine(&format!("{editor} kubectl edit deployment web"), "");
    assert_eq!(edit("KUBE_EDITOR=\"sed -i 's/2/4/'\""), None);
    for editor in ["", "EDITOR=nano", "KUBE_EDITOR=\"code --wait\""] {
        assert!(matches!(edit(editor), Some(WhyNotRun::Interactive(_))), "{editor}");
    }
}

#[test]
fn nothing_is_typed_into_a_shell_on_this_machine_or_on_a_node() {
    for opener in [
        "bash",
        "sudo -i",
        "su - postgres",
        "docker exec -it demo-worker bash",
        "kubectl debug node/demo-worker -it --image=busybox",
        "kubectl -n kube-system exec -it etcd-demo-control-plane -- sh",
    ] {
        let page = format!("```\n{opener}\n```\n```\nrm -rf data\n```\n");
        let acts = Story::of(&read(Markup::Markdown, &page)).acts;
        assert!(acts.iter().all(|act| matches!(act.deed, Deed::Leave(..))), "{opener}: {acts:?}");
    }
}

#[test]
fn a_shell_in_a_container_is_known_however_it_is_opened() {
    for opener in [
        "kubectl exec -it web -- bash -l",
        "kubectl exec -it web -- sh  # a shell",
        "sudo kubectl exec -it web -- sh",
        "POD=web; kubectl exec -it $POD -- sh",
        "kubectl exec -it web -- /bin/dash",
        "kubectl run -it tmp --image=busybox",
        "docker run -it --rm alpine",
    ] {
        let page = format!("```\n{opener}\n```\n```\nrm -rf data\n```\n");
        let acts = Story::of(&read(Markup::Markdown, &page)).acts;
        let is_here = |deed: &Deed| matches!(deed, Deed::Type(typed) if !typed.is_inside);
        assert!(!is_here(&acts[1].deed), "{opener}: {acts:?}");
    }
    let page = "```\nbash setup.sh\nkubectl exec -it web -- ls\n```\n```\nrm -r data\n```\n";
    let acts = Story::of(&read(Markup::Markdown, page)).acts;
    assert!(acts.iter().all(|act| matches!(&act.deed, Deed::Type(typed) if !typed.is_inside)), "{acts:?}");
}

#[test]
fn a_prompt_with_the_name_of_a_pod_is_that_of_a_container() {
    for (made, prompt) in [
        ("kubectl run web --image=nginx", "root@web:~#"),
        ("kubectl run web --image=nginx", "node@web:/app$"),
        ("kubectl create deployment shop --image=nginx", "root@shop-7d9c8b6f5d-x2x4z:~#"),
        ("docker run -d --name cache redis", "root@cache:~#"),
        ("docker run -d redis", "root@3f2a1bc45d6e:~#"),
        ("kubectl exec web-0 -- ls", "[root@web-0 ~]#"),
        ("cat <<EOF | kubectl apply -f -\nkind: Pod\nmetadata:\n  name: web\nEOF", "root@web:~#"),
    ] {
        let page = format!("```\n$ {made}\n```\n```\n{prompt} touch data\n```\n");
        let acts = Story::of(&read(Markup::Markdown, &page)).acts;
        assert!(matches!(&acts[1].deed, Deed::Leave(..)), "{prompt}: {acts:?}");
    }
    for prompt in ["student@minikube:~$", "me@laptop:~/web$", "root@controlplane:~#", "[me@laptop ~]$"] {
        let page = format!("```\n{prompt} kubectl run web --image=nginx\n```\n```\n{prompt} touch data\n```\n");
        let acts = Story::of(&read(Markup::Markdown, &page)).acts;
        assert!(matches!(&acts[1].deed, Deed::Type(typed) if !typed.is_inside), "{prompt}: {acts:?}");
    }
}

#[test]
fn files_beside_a_document_are_judged_as_its_own() {
    let page =
        "```\nbash setup.sh\nkubectl apply -f web.yaml\nkubectl apply -f all/\npython3 job.py\nbash good.sh\n```\n";
    let left = |files: &[(&str, &str)]| {
        let mut story = Story::of(&read(Markup::Markdown, page));
        let mut terminal = ReaderTerminal::default();
        for (name, text) in files {
            terminal.keep(name, text);
        }
        story.judge_again(terminal);
        let names = story.acts.iter().filter(|act| matches!(act.deed, Deed::Leave(..))).map(Act::name);
        names.map(|name| name.split_whitespace().last().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(left(&[]), [""; 0]);
    assert_eq!(left(&[("good.sh", "kubectl get pods\n"), ("web.yaml", "kind: Pod\n")]), [""; 0]);
    assert_eq!(left(&[("setup.sh", "#!/bin/bash\nrm -rf /usr\n"), ("good.sh", "true")]), ["setup.sh"]);
    assert_eq!(left(&[("job.py", "import shutil; shutil.rmtree('/')")]), ["job.py"]);
    let node = "kind: Namespace\nmetadata:\n  name: kube-system\n";
    assert_eq!(left(&[("web.yaml", node)]), ["web.yaml", "all/"]);
    assert_eq!(left(&[("all/ns.yaml", node)]), ["all/"]);
}

#[test]
fn editors_and_clients_of_databases_wait_for_a_person() {
    let waits = |command: &str| matches!(on_this_machine(command, ""), Some(WhyNotRun::Interactive(_)));
    for editor in ["vi", "vim", "nvim", "nano", "pico", "micro", "emacs", "code", "gedit", "kate", "mcedit", "subl"] {
        assert!(waits(&format!("{editor} pod.yaml")), "{editor}");
    }
    for client in ["mysql", "mariadb", "psql", "redis-cli", "mongosh", "sqlite3", "cqlsh", "python3", "node"] {
        assert!(waits(client), "{client}");
        assert!(waits(&format!("kubectl exec -it db -- {client}")), "{client}");
    }
    assert!(waits("kubectl exec -it db -- mariadb -u root") && !waits("kubectl exec -it db -- mysql -e 'show tables'"));
    assert!(!waits("python3 -c 'print(1)'") && !waits("redis-cli ping"));
}
