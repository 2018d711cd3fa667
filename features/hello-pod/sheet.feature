Feature: hello-pod, a Pod from its manifest to its end
  A web server that says "Kubernetes Rocks!" becomes a Pod. The learner writes a manifest of 13 lines, applies it, watches
  the Pod come up, looks at it with `kubectl get`, `describe`, `exec` and `logs`, and deletes it.

  Rule: A manifest describes the Pod

    Scenario: The learner writes a manifest of 13 lines
      When I run:
        """
        tee pod.yml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: hello-pod
          labels:
            zone: prod
            version: v1
        spec:
          containers:
          - name: hello-ctr
            image: nigelpoulton/k8sbook:latest
            ports:
            - containerPort: 8080
        EOF
        """
      Then the file "pod.yml" is the lab's own
      And "wc -l pod.yml" prints "13 pod.yml"
      And "kubectl apply --dry-run=server -f pod.yml" prints "pod/hello-pod created (server dry run)"

    Scenario: A Pod belongs to the core group, whose name is left out of apiVersion
      Given the lab's files are in the folder "pods"
      When I run "kubectl explain storageclass"
      Then it prints:
        """
        GROUP:      storage.k8s.io
        KIND:       StorageClass
        VERSION:    v1
        [...]
        """
      When I run "kubectl explain pod"
      Then it prints:
        """
        KIND:       Pod
        VERSION:    v1
        [...]
        """
      When I run "sed '1s,v1,core/v1,' pod.yml > core.yml"
      And I try "kubectl apply -f core.yml"
      Then it fails with "no matches for kind \"Pod\" in version \"core/v1\""

    Scenario: A manifest may name a namespace
      Given the lab's files are in the folder "pods"
      When I run "sed 's/^metadata:/&\n  namespace: kube-public/' pod.yml > public.yml"
      And I run "kubectl config set-context --current --namespace="
      And I run "kubectl apply --dry-run=server -f public.yml -o yaml"
      Then it prints "namespace: kube-public"
      And "kubectl apply --dry-run=server -n default -f public.yml" fails with "does not match the namespace \"default\""

  Rule: The manifest becomes a Pod

    Scenario: The manifest reaches the API server with a POST
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod.yml -v=6"
      Then it prints "pod/hello-pod created"
      And it prints "verb=\"POST\" url=\"[...]/api/v1/namespaces/[NAME]/pods?[...]\" status=\"201 Created\"" on standard error
      And within 60 seconds the Pod "hello-pod" is ready
      When I run "kubectl apply -f pod.yml"
      Then it prints "pod/hello-pod unchanged"

    Scenario: The Pod is created, pulls its image and runs
      Given the lab's files are in the folder "pods"
      And the Pod "bb" runs busybox
      When I open a session with "kubectl get pods --watch"
      And I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      And within 60 seconds the session shows:
        """
        NAME        READY   STATUS              RESTARTS   AGE
        bb          1/1     Running             0          [AGE]
        hello-pod   0/1     Pending             0          [AGE]
        [...]
        hello-pod   0/1     ContainerCreating   0          [AGE]
        hello-pod   1/1     Running             0          [AGE]
        """
      And the Pod "hello-pod" pulled the image "nigelpoulton/k8sbook:latest"

    Scenario: The Pod is shown as the cluster keeps it, with defaults and a status
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      When I run "kubectl get pods hello-pod -o yaml"
      Then it prints the file "get-pods-hello-pod-yaml.txt"

  Rule: kubectl looks at the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    Scenario: The Pod is listed with its node, which the wide form tells
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE
        hello-pod   1/1     Running   0          [AGE]
        """
      When I run "kubectl get pods -o wide"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE    IP     NODE         NOMINATED NODE   READINESS GATES
        hello-pod   1/1     Running   0          [AGE]  [IP]   [NODE:node]  <none>           <none>
        """
      # The kubelet of that node manages the Pod.
      And within 60 seconds "kubectl get events -o wide" prints "Started  pod/hello-pod  spec.containers{hello-ctr}  kubelet, [=node]"

    Scenario: The Pod is found by its labels
      When I run "kubectl get pods -l zone=prod,version=v1 --show-labels"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE     LABELS
        hello-pod   1/1     Running   0          [AGE]   version=v1,zone=prod
        """
      When I run "kubectl get pods -l zone=test"
      Then it prints "No resources found" on standard error

    Scenario: The Pod is described, with its events
      Then within 60 seconds an event of the Pod "hello-pod" says "Normal Started [to 1.34: Started container hello-ctr][from 1.35: Container started]"
      When I run "kubectl describe pods hello-pod"
      Then it prints the file "describe-pods-hello-pod.txt"

  Rule: Commands are executed in the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    Scenario: The server is process 1 of its container
      When I run "kubectl exec hello-pod -- ps aux"
      Then it prints:
        """
        PID   USER     TIME   COMMAND
            1 root     0:00   node ./app.js
        [...] root     0:00   ps aux
        """

    Scenario: The learner works in a shell of the container, and asks the server
      When I open a session with "kubectl exec -it hello-pod -- sh"
      Then within 60 seconds the session shows "#"
      When I type "hostname"
      Then within 60 seconds the session shows "hello-pod"
      When I type "wget -qO- localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

    Scenario: The flags -it connect the learner's terminal
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "test -t 0 && test -t 1 && echo both are a terminal"
      Then within 60 seconds the session shows "both are a terminal"
      And "kubectl exec hello-pod -- test -t 1" fails with "command terminated with exit code 1"
      And "kubectl exec -it hello-pod -- test -t 1 < /dev/null" fails with "Unable to use a TTY - input is not a terminal"

    Scenario: A command that the image does not have cannot be executed
      When I try "kubectl exec hello-pod -- curl localhost:8080"
      Then it fails with "exec: \"curl\": executable file not found in $PATH"

  Rule: curl is installed in a container

    Scenario: The learner installs curl in the container, and asks the server
      Given the image "nigelpoulton/k8sbook:latest" is no stand-in
      And the Pod "hello-pod" runs from "pod.yml"
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "apk add curl"
      Then within 60 seconds the session shows "OK: "
      When I type "curl localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

    @slow
    Scenario: The learner installs curl in the container beside, which shares localhost
      Given the Pod "hello-pod" runs from "pod-curl.yml"
      When I open a session with "kubectl exec -it hello-pod --container curl-ctr -- sh"
      And I type "apt-get update && apt-get install -y --no-install-recommends curl && echo curl is there"
      Then within 120 seconds the session shows "curl is there"
      When I type "curl localhost:8080"
      Then within 60 seconds the session shows "<h1>Kubernetes Rocks!</h1>"

  Rule: A Pod may have several containers
    Background:
      Given the Pod "hello-pod" runs from "pod-two.yml"

    Scenario: The Pod's containers are described in the manifest's order
      When I run "kubectl describe pods hello-pod"
      Then it prints:
        """
        [...]
        Containers:
          hello-ctr:
            Container ID:  containerd://[ID]
        [...]
          bb-ctr:
            Container ID:  containerd://[ID]
        [...]
        """
      And "kubectl get pods" prints "hello-pod  2/2  Running"

    Scenario: kubectl takes the container that the learner names
      When I run "kubectl exec hello-pod --container bb-ctr -- ps aux"
      Then it prints "1 root [...]sleep 3600"
      And "kubectl exec hello-pod --container hello-ctr -- ps aux" prints "1 root  0:00  node ./app.js"
      And within 60 seconds "kubectl logs hello-pod --container bb-ctr" prints "I am bb-ctr"

    Scenario: kubectl reads the first container's log where the learner names no container
      Then within 60 seconds the log of the container "bb-ctr" of the Pod "hello-pod" shows "I am bb-ctr"
      When I run "kubectl exec hello-pod --container hello-ctr -- sh -c 'echo I am hello-ctr > /proc/1/fd/1'"
      Then within 60 seconds "kubectl logs hello-pod" prints "I am hello-ctr"
      And it prints "Defaulted container \"hello-ctr\" out of: hello-ctr, bb-ctr" on standard error
      And it does not print "I am bb-ctr"

  Rule: The Pod is deleted
    Background:
      Given the lab's files are in the folder "pods"
      And the Pod "hello-pod" runs from "pod.yml"

    Scenario: The learner leaves the container, and deletes the Pod
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "exit"
      Then within 60 seconds the session ends
      When I run "kubectl delete -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is gone
      When I run "kubectl get pods"
      Then it prints "No resources found" on standard error
