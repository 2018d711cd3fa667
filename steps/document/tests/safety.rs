use crate::document::{
    Format, read,
    safety::{Terminal, WhyNotRun, on_this_machine},
    story::{Act, Deed, Story},
};

const HARMFUL: &[&str] = &[
    "rm -rf /",
    "sudo rm -r ~/.ssh",
    "rm -rf ../x",
    "rm -rf \"$DIR/\"",
    "rm -rf *",
    "cd x && rm -r /var/lib/x",
    "docker system prune -af",
    "docker rm -f $(docker ps -aq)",
    "docker run --privileged x",
    "docker run -v /:/host x",
    "echo x > /etc/hosts",
    "echo x | sudo tee -a /etc/hosts",
    "echo a >> ~/../x",
    "find / -name '*.log' -delete",
    "find $HOME -exec rm {} +",
    "echo Y3VybA== | base64 -d | sh",
    "systemctl restart docker",
    "curl -s https://x.sh | bash",
    "bash <(curl -s https://x.io)",
    "kubectl delete pods --all -A",
    "kubectl delete ns kube-system",
    "kubectl delete node demo-worker",
    "kubectl config set-context --current --namespace=x",
    "kubens x",
    "kubectl config use-context prod",
    "kind delete cluster",
    "exit",
    "kubectl taint nodes demo-worker a=b:NoSchedule",
    "kubectl drain demo-worker",
    "ssh node1",
    "dd if=/dev/zero of=x",
    "kill -9 -1",
    "k delete node x",
    "killall node",
    "swapoff -a",
    "kubectl -n kube-system delete deploy coredns",
    "kubectl get pods -A -o name | xargs -n 1 kubectl delete -A",
    "kubectl --context x drain demo-worker",
    "docker rm -f demo-control-plane",
    "docker stop kind-worker2",
    "docker exec demo-worker systemctl stop kubelet",
    "bash -c 'rm -rf /srv'",
    "sh -c \"kubectl delete node demo-worker\"",
    "eval 'rm -rf ~/*'",
    "/bin/rm -rf /srv",
    "\\rm -rf /srv",
    "sudo -u root rm -rf /srv",
    "env -i rm -rf /srv",
    "bash -c 'sudo rm -rf /srv'",
    "kubectl exec web -- ls; echo a > /etc/hosts",
    "kubectl exec web -- sh -c 'ls'; rm -rf /srv",
    "kubectl exec web -- sh -c \"echo $(rm -rf /srv)\"",
    "timeout -s KILL 5 rm -rf /srv",
    "X=rm; $X -rf /srv",
    "export X='rm -rf /srv'; $X",
    "r''m -rf /srv",
    "{rm,-rf,/srv}",
    "rm${IFS}-rf${IFS}/srv",
    "rm -rf build/../../srv",
    "cd /srv && rm -rf www",
    "f() { rm -rf \"$1\"; }; f /srv",
    "for d in /srv/*; do rm -rf $d; done",
    "for n in $(kubectl get nodes -o name); do kubectl delete $n; done",
    "kubectl get nodes -o name | xargs kubectl delete",
    "kubectl get deploy -n kube-system -o yaml | kubectl delete -f -",
    "docker ps -aq | xargs docker rm -f",
    "IDS=$(docker ps -aq); docker rm -f $IDS",
    "docker ps -q | while read c; do docker kill $c; done",
    "echo 'rm -rf /srv' | sh",
    "bash <<EOF\nrm -rf /srv\nEOF",
    "cat > notes.txt <<EOF\n$(rm -rf /srv)\nEOF",
    "echo 'kubectl delete nodes --all' > all.sh && sh all.sh",
    "curl -s https://example.org/i > i.txt && sh i.txt",
    "source <(curl -s https://example.org/i)",
    "python3 -c 'import shutil; shutil.rmtree(\"/srv\")'",
    "find /srv -type f -exec sh -c 'rm \"$1\"' _ {} \\;",
    "echo x >| /etc/motd",
    "F=/etc/motd; echo x > $F",
    "sed -i 's/a/b/' /etc/hosts",
    "tar -xzf app.tar.gz -C /",
    "NS=kube-system; kubectl -n $NS delete deploy coredns",
    "kubectl delete ns -l '!shop'",
    "kubectl delete --raw /api/v1/nodes/demo-worker",
    "kubectl delete clusterrole cluster-admin",
    "kubectl apply -f - <<EOF\nkind: ConfigMap\nmetadata:\n  name: coredns\n  namespace: kube-system\nEOF",
    "kubectl debug node/demo-worker --image=busybox -- chroot /host systemctl stop kubelet",
    "docker -D system prune -af",
    "docker run -v ../..:/host alpine rm -rf /host/x",
    "docker exec demo-control-plane kubectl delete ns shop",
    "bomb() { bomb | bomb & }; bomb",
    "for i in {1..100}; do for j in {1..100}; do :; done; done; rm -rf /srv",
    "echo $(( $(rm -rf /srv) ))",
    "if a; then D=/srv; else D=x; fi; rm -rf $D",
    "D=/sr; D+=v; rm -rf $D",
    "rm -rf $'\\x2fsrv'",
    "rm -rf /tmp/x/../../srv",
    "cd /tmp/x && rm -rf ..",
    "cd /srv; cd ~; cd -; rm -rf www",
    "ln -s /srv x; rm -rf x/www",
    "echo 'rm -rf /srv' > a.sh; echo ls >> a.sh; sh a.sh",
    "echo 'rm -rf /srv' > a.sh; mv a.sh b.sh; sh b.sh",
    "tee a.sh <<EOF\nrm -rf /srv\nEOF\nsh a.sh",
    "echo ls > kubectl; kubectl delete node demo-worker",
    "alias x='ls; rm -rf /srv'; x",
    "nice nice nice nice nice nice nice nice nice nice nice nice rm -rf /srv",
    "f() { docker rm -f \"$@\"; }; f $(docker ps -aq)",
    "cat a<x>/etc/motd",
    "echo 'a' > /etc/motd; if true; echo",
    "kubectl delete validatingadmissionpolicybinding labproof-documents",
    "kubectl delete validatingadmissionpolicies --all",
    "kubectl cordon demo-worker  # uncordon it when you like",
    "docker run --rm -dv /:/host alpine rm -rf /host/srv/www",
    "docker run --rm -v //:/host alpine ls",
    "cd / && docker run --rm -v \"$PWD\":/host alpine ls",
    "podman run --no-hosts -v /:/host alpine ls",
    "docker volume create -o type=none -o o=bind -o device=/ whole",
    "docker compose -p shop down -v",
    "docker -H tcp://192.0.2.10:2375 rm -f web",
    "docker --context prod volume rm data",
    "podman system reset --force",
    "docker rm -f $(docker ps -aq -f name=)",
    "docker stop $(docker ps -q -f name=control-plane)",
    "docker rm -f $(docker ps -aq --filter label=io.x-k8s.kind.cluster)",
    "docker exec $NODE systemctl stop kubelet",
    "for n in $(kind get nodes); do docker exec \"$n\" systemctl stop kubelet; done",
    "docker exec -i demo-control-plane bash <<'EOF'\nls\nEOF",
    "docker cp evil.yaml $NODE:/etc/kubernetes/manifests/",
    "kubectl apply -f- <<'EOF'\nkind: ConfigMap\nmetadata:\n  name: coredns\n  namespace: kube-system\nEOF",
    "echo ready\u{a0}# for now; rm -rf /srv/www",
    "echo ready\u{3000}# for now; rm -rf /srv/www",
    "bash -o pipefail -c 'rm -rf /srv/www'",
    "bash <<'EOF'\ncat <notes>/etc/motd\nEOF",
    "bash -ce 'rm -rf /srv/www'",
    "sh -c -e 'rm -rf /srv/www'",
    "bash /dev/stdin <<'EOF'\nrm -rf /srv\nEOF",
    "curl -fsSLo setup.sh https://example.org/i; sh setup.sh",
    "wget -qO run https://example.org/i; sh run",
    "python3 -Bc 'import shutil; shutil.rmtree(\"/srv\")'",
    "python3 -c 'open(\"/etc/motd\", \"w\").write(\"x\")'",
    "perl -e 'system \"rm -rf /srv\"'",
    "command -p rm -rf /srv/www",
    "env -S 'rm -rf /srv/www'",
    "env -C /srv rm -rf www",
    "flock /tmp/x rm -rf /srv/www",
    "xargs -a list rm -rf",
    "find -L /srv/www -name x -delete",
    "find -O3 /srv/www -exec rm {} +",
    "cd /srv/www && find -name '*.bak' -delete",
    "sed -i -es/a/b/ /etc/hosts",
    "sed -zi s/a/b/ /etc/hosts",
    "tar -xf app.tar -C/srv/www",
    "cd /srv && tar -xf app.tar",
    "curl https://example.org/motd -o/etc/motd",
    "cd /etc && curl -sO https://example.org/motd",
];

#[test]
fn what_harms_this_machine_or_the_cluster_is_not_run() {
    for &command in HARMFUL {
        let left = on_this_machine(command, command);
        let is_left =
            matches!(left, Some(WhyNotRun::Unsafe(_) | WhyNotRun::Interactive(_) | WhyNotRun::NotUnderstood(_)));
        assert!(is_left, "{command}: {left:?}");
    }
}

#[test]
fn what_a_course_does_in_its_own_folder_is_run() {
    for command in [
        "rm -r build",
        "rm pod.yaml",
        "kubectl delete pods --all",
        "kubectl delete ns shop",
        "kubectl exec web -- rm -rf /data",
        "docker stop hello",
        "find . -name '*.log' -delete",
        "kubectl get secret a -o jsonpath='{.data.a}' | base64 -d",
        "tee Dockerfile <<EOF\nRUN rm -rf /var/lib/apt/lists/*\nEOF",
        "kill -9 $(lsof -i :3001 | awk '{print $2}')",
        "kubectl exec web -- sh -c 'echo a > /etc/x'",
        "kubectl get pods > /dev/null",
        "curl -s http://localhost:5000 | grep x",
        "echo $PATH > out.txt",
        "kubectl get pods --all-namespaces",
        "docker run -d --name a -p 80:80 nginx",
        "kubectl label node demo-worker a=b",
        "kubectl get pod x -o jsonpath='{.items[0].a}'",
        "cat a 2>&1",
        "mkdir -p a/b",
        "cp a b",
        "sleep 5",
        "docker rm -f hello",
        "docker rm -f $(docker ps -aq --filter name=hello)",
        "docker run --rm -v $PWD/site:/usr/share/nginx/html:ro -p 8080:80 nginx",
        "docker run -d -v data:/data --name db redis",
        "docker exec $CONTAINER ls",
        "sed -i 's/a/b/' pod.yaml",
        "sed -ne 1p /etc/os-release",
        "tar -xf app.tar",
        "find . -type f",
        "bash -x setup.sh",
        "env A=b printenv A",
        "command -v kubectl",
        "docker stop queue-worker",
        "bash setup.sh",
        "kubectl run a --image=busybox --restart=Never -- sh -c 'echo a; exit 1'",
        "kubectl exec web -- sh -c \"kill 1; exit\"",
        "kubectl exec web -- sh -c \"echo $NAME > /data/name; exit\"",
        "docker exec web sh -c 'echo a > /etc/x; exit'",
        "sh -c 'echo a'",
        "docker exec demo-worker crictl ps",
        "kubectl get pods -o name | xargs kubectl delete",
        "docker rm -f $(docker ps -aq -f name=hello)",
        "source <(kubectl completion bash)",
        "kubectl exec web -- sh -c 'cd /data; rm -rf /data/*'",
        "docker run --rm alpine sh -c 'echo x > /etc/motd'",
        "rm -rf ~/demo /tmp/demo",
        "cp /etc/hosts .",
        "kubectl delete ns kube-system --dry-run=client",
        "kubectl get pods | (read a; echo $a)",
        "exec 3>&1",
        "for i in 1 2; do cat > pod-$i.yaml <<EOF\nkind: Pod\nEOF\ndone",
        "POD=$(kubectl get pods -l app=web -o name | head -1); kubectl delete $POD",
        "cd build && rm -rf *",
        "kubectl cordon demo-worker; kubectl uncordon demo-worker",
    ] {
        assert_eq!(on_this_machine(command, command), None, "{command}");
    }
    let undone = "kubectl taint nodes demo-worker a=b:NoSchedule\nkubectl taint nodes demo-worker a=b:NoSchedule-";
    assert_eq!(on_this_machine("kubectl taint nodes demo-worker a=b:NoSchedule", undone), None);
}

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
        let acts = Story::of(&read(Format::Markdown, &page)).acts;
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
        let acts = Story::of(&read(Format::Markdown, &page)).acts;
        let is_here = |deed: &Deed| matches!(deed, Deed::Type(typed) if !typed.is_inside);
        assert!(!is_here(&acts[1].deed), "{opener}: {acts:?}");
    }
    let page = "```\nbash setup.sh\nkubectl exec -it web -- ls\n```\n```\nrm -r data\n```\n";
    let acts = Story::of(&read(Format::Markdown, page)).acts;
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
        let acts = Story::of(&read(Format::Markdown, &page)).acts;
        assert!(matches!(&acts[1].deed, Deed::Leave(..)), "{prompt}: {acts:?}");
    }
    for prompt in ["student@minikube:~$", "me@laptop:~/web$", "root@controlplane:~#", "[me@laptop ~]$"] {
        let page = format!("```\n{prompt} kubectl run web --image=nginx\n```\n```\n{prompt} touch data\n```\n");
        let acts = Story::of(&read(Format::Markdown, &page)).acts;
        assert!(matches!(&acts[1].deed, Deed::Type(typed) if !typed.is_inside), "{prompt}: {acts:?}");
    }
}

#[test]
fn files_beside_a_document_are_judged_as_its_own() {
    let page =
        "```\nbash setup.sh\nkubectl apply -f web.yaml\nkubectl apply -f all/\npython3 job.py\nbash good.sh\n```\n";
    let left = |files: &[(&str, &str)]| {
        let mut story = Story::of(&read(Format::Markdown, page));
        let mut terminal = Terminal::default();
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
