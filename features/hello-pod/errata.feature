Feature: Errata of the lab hello-pod
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: A manifest describes the Pod

    @erratum
    Scenario: apiVersion, kind, metadata and spec are fields, not resources
      # The document calls them four top-level resources. A resource is what the server keeps under a name.
      When I run "kubectl explain pod"
      Then it prints:
        """
        [...]
        FIELDS:
          apiVersion <string>
        [...]
          kind <string>
        [...]
          metadata <ObjectMeta>
        [...]
          spec <PodSpec>
        [...]
          status <PodStatus>
        [...]
        """
      And "kubectl get metadata" fails with "the server doesn't have a resource type \"metadata\""

    @erratum
    Scenario: An object comes back in the newest stable version, not in a beta
      # The document says that an object deployed as v1 may come back as v1beta1.
      Given "hpa.yml" is applied
      When I run "kubectl get hpa hello-hpa -o yaml"
      Then it prints "apiVersion: autoscaling/v2"
      And it prints "averageUtilization: 50"
      When I run "kubectl get horizontalpodautoscalers.v1.autoscaling hello-hpa -o yaml"
      Then it prints "apiVersion: autoscaling/v1"
      And it prints "targetCPUUtilizationPercentage: 50"
      When I run "kubectl api-versions"
      Then it does not print "autoscaling/v2beta"

    @erratum
    Scenario: A manifest without a namespace goes to the namespace of the learner's context
      # The document says that the Pod is deployed to the namespace default.
      Given the lab's files are in the folder "pods"
      When I run "kubectl config view --minify"
      Then it prints "namespace: [NAME:namespace]"
      When I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      Then it prints "namespace: [=namespace]"
      And it does not print "namespace: default"
      When I run "kubectl config set-context --current --namespace="
      And I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      Then it prints "namespace: default"

    @erratum
    Scenario: A port that the manifest does not name is reached all the same
      # The document says that the manifest exposes the container on port 8080. "containerPort" is a note; it opens nothing.
      Given the lab's files are in the folder "pods"
      And the Pod "bb" runs busybox
      When I run "grep -v -i port pod.yml | kubectl apply -f -"
      Then within 60 seconds the Pod "hello-pod" is ready
      And "kubectl describe pods hello-pod" prints "Port:  <none>"
      When I run "export helloip=$(kubectl get pod hello-pod -o go-template='{{.status.podIP}}')"
      Then within 60 seconds "kubectl exec bb -- wget -qO- http://$helloip:8080" prints "Kubernetes Rocks!"

  Rule: The manifest becomes a Pod

    @erratum
    Scenario: A container that is being created does not always wait for its image
      # The document says that it is probably waiting for the image to be pulled; the Pod's events tell.
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply -f pod-waits.yml"
      Then within 60 seconds an event of the Pod "hello-pod" says "Warning FailedMount [...] configmap \"hello-config\" not found"
      And within 60 seconds the Pod "hello-pod" has the status "ContainerCreating"
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME        READY   STATUS              RESTARTS   AGE
        hello-pod   0/1     ContainerCreating   0          [AGE]
        """
      When I run "kubectl describe pods hello-pod"
      Then it prints "configmap \"hello-config\" not found"
      And it does not print "Pulling image"

    @erratum
    Scenario: Some values are neither the manifest's nor a default nor the status
      # The document names two sources of the values that the manifest does not have: defaults, and the status.
      Given the lab's files are in the folder "pods"
      When I run "kubectl apply --dry-run=server -f pod.yml -o yaml"
      # An admission plug-in adds the service account's volume.
      Then it prints "name: kube-api-access-[NAME]"
      And it does not print "nodeName"
      When I run "kubectl apply -f pod.yml"
      Then within 60 seconds the Pod "hello-pod" is ready
      # The scheduler writes the node into the specification.
      And "kubectl get pods hello-pod -o yaml" prints "nodeName: [NODE]"

  Rule: kubectl looks at the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    @erratum
    Scenario: kubectl leaves out who has set which field
      # The document says that "-o yaml" returns a full copy from the cluster store.
      When I run "kubectl get pods hello-pod -o yaml"
      Then it does not print "managedFields"
      When I run "kubectl get pods hello-pod -o yaml --show-managed-fields"
      Then it prints "managedFields:"
      And it prints "manager: kubelet"

  Rule: Commands are executed in the Pod
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    @erratum
    Scenario: Standard input needs the flag -i, standard output needs none
      # The document says that the flags -it connect both.
      When I run "echo Hello | kubectl exec -i hello-pod -- cat"
      Then it prints "Hello"
      When I run "echo Hello | kubectl exec hello-pod -- wc -c"
      Then it prints "0"

    @erratum
    Scenario: The prompt is the container's while the command runs, not when it completes
      # The document says that the prompt changes when the command completes.
      Given the terminal sees its own processes only
      When I open a session with "kubectl exec -it hello-pod -- sh"
      Then within 60 seconds the session shows "#"
      And "pgrep -a kubectl" prints "kubectl exec -it hello-pod -- sh"
      When I type "exit"
      Then within 60 seconds the session ends
      And its exit status is 0

  Rule: The log is read
    Background:
      Given the Pod "hello-pod" runs from "pod.yml"

    @erratum
    Scenario: The log can be read while a session in the container is open
      # The document says to exit the container first. What counts is where the command is typed: the image has no kubectl.
      When I open a session with "kubectl exec -it hello-pod -- sh"
      And I type "kubectl logs hello-pod"
      Then within 60 seconds the session shows "kubectl: not found"
      When I type "echo A line of the session > /proc/1/fd/1"
      Then within 60 seconds "kubectl logs hello-pod" prints "A line of the session"

    @erratum
    Scenario: The command is kubectl logs
      # The document calls it once "kubectl log".
      When I try "kubectl log hello-pod"
      Then it fails with "unknown command \"log\" for \"kubectl\""
      When I run "kubectl exec hello-pod -- sh -c 'echo A line of process 1 > /proc/1/fd/1'"
      Then within 60 seconds "kubectl logs hello-pod" prints "A line of process 1"

  Rule: A Pod may have several containers
    Background:
      Given the Pod "hello-pod" runs from "pod-two.yml"

    @erratum
    Scenario: No container need be named, and kubectl says which one it takes
      # The document says that --container is needed where a Pod has several containers, and then that it is not.
      When I run "kubectl exec hello-pod -- ps aux"
      Then it prints "1 root  0:00  node ./app.js"
      And it prints "Defaulted container \"hello-ctr\" out of: hello-ctr, bb-ctr" on standard error

    @erratum
    Scenario: An annotation makes another container the default
      # The document says that kubectl takes the first container.
      When I run "kubectl annotate pod hello-pod kubectl.kubernetes.io/default-container=bb-ctr"
      And I run "kubectl exec hello-pod -- ps aux"
      Then it prints "1 root [...]sleep 3600"
      And within 60 seconds "kubectl logs hello-pod" prints "I am bb-ctr"
      And it does not print "Defaulted container"

  Rule: The Pod is deleted
    Background:
      Given the lab's files are in the folder "pods"
      And the Pod "hello-pod" runs from "pod.yml"

    @erratum
    Scenario: kubectl tells the namespace of the Pod that it deletes
      # The document shows "pod "hello-pod" deleted".
      When I run "kubectl delete -f pod.yml"
      Then it prints:
        """
        pod "hello-pod" deleted from [NAME] namespace
        """
