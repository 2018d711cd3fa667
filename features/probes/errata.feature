Feature: Errata of the lab probes
  The document says otherwise, or has become wrong. Each scenario shows what happens; docs/errata.md says what the document
  should say.

  Rule: A container is restarted when its liveness probe fails

    @slow @erratum
    Scenario: The server works, and is restarted all the same for a file that it never had
      # The document's probe is "ls index.html"; nothing makes this file.
      Given "liveness.yaml" is applied
      Then within 75 seconds the Pod "liveness-readiness-pod" is ready
      And within 60 seconds an event of the Pod "liveness-readiness-pod" says "Killing Container server failed liveness probe, will be restarted"
      And within 1 second an event of the Pod "liveness-readiness-pod" says "Unhealthy Liveness probe failed: ls: index.html: No such file or directory (x3)"
      And within 60 seconds the restart count of the container "server" of the Pod "liveness-readiness-pod" is 1
      And within 60 seconds the container "server" of the Pod "liveness-readiness-pod" has ended with "exit code 137, Error"

    @erratum
    Scenario: A failing liveness probe restarts its container, and neither the Pod nor the container beside it
      # The document says that Kubernetes restarts the Pod.
      Given the Pod "alive" runs from "alive.yaml"
      When I run "kubectl get pod alive -o custom-columns=NAME:.metadata.name,UID:.metadata.uid"
      Then it prints "alive  [ID:uid]"
      When I run "kubectl exec alive -c server -- rm index.html"
      Then within 60 seconds the restart count of the container "server" of the Pod "alive" is 1
      And within 1 second the restart count of the container "neighbour" of the Pod "alive" is 0
      And "kubectl get pod alive -o custom-columns=NAME:.metadata.name,UID:.metadata.uid" prints "alive  [=uid]"

    @erratum
    Scenario: How many failures it takes is the probe's own setting
      # The document says three, which is the default; its own example says four.
      # Its Pod restarts nothing: while a container is made anew, the kubelet may remove the one before it, and its log.
      Given "four-failures.yaml" is applied
      Then within 60 seconds the Pod "four-failures" is in the phase Failed
      When I run "kubectl logs four-failures"
      Then it prints:
        """
        The kubelet asks.
        The kubelet asks.
        The kubelet asks.
        The kubelet asks.
        """

    @erratum
    Scenario: A Pod that restarts nothing fails
      # The document says that a Pod whose liveness checks fail is restarted.
      Given "never.yaml" is applied
      Then within 60 seconds the Pod "never" is in the phase Failed
      And within 60 seconds an event of the Pod "never" says "Killing Stopping container server"
      And within 1 second the restart count of the Pod "never" is 0

  Rule: The kubelet asks in several ways, as often as it is told

    @erratum
    Scenario: A probe by HTTP is no process, but a request of the kubelet
      # The document says that probes are small processes.
      Given the Pod "asked" runs from "asked.yaml"
      Then within 60 seconds the log of the Pod "asked" shows "User-Agent: kube-probe/1.[NUMBER]"

    @erratum
    Scenario: A status that reports no success passes, if it is below 400
      # The document says that a probe by HTTP looks for a successful status code.
      Given the Pod "asked" runs from "asked.yaml"
      Then within 60 seconds "kubectl exec asked -- wget -O - http://127.0.0.1:8000" fails with "304 Not Modified"
      And within 60 seconds the Pod "asked" is ready

    @erratum
    Scenario: The kubelet has a fourth way to ask, and a third probe
      When I run "kubectl explain pod.spec.containers.livenessProbe"
      Then it prints "grpc  <GRPCAction>"
      When I run "kubectl explain pod.spec.containers"
      Then it prints "startupProbe  <Probe>"

  Rule: The examples do not work as they are printed

    @erratum
    Scenario: The settings of the readiness probe have to stand beneath "readinessProbe:"
      # The document's second example lacks this line.
      Given the lab's files are in the folder "probes"
      When I try "kubectl apply -f beside-the-probe.yaml"
      Then it fails with:
        """
        Error from server (BadRequest): error when creating "beside-the-probe.yaml": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].failureThreshold", unknown field "spec.containers[0].httpGet", unknown field "spec.containers[0].initialDelaySeconds"
        """
      And "kubectl apply --dry-run=server -f liveness.yaml" prints "pod/liveness-readiness-pod created (server dry run)"

    @erratum
    Scenario: The second example cannot be applied over the first
      # The document gives both Pods the name liveness-readiness-pod.
      Given the lab's files are in the folder "probes"
      When I run "kubectl apply -f readiness.yaml"
      And I try "kubectl apply -f liveness.yaml"
      Then it fails with "The Pod \"liveness-readiness-pod\" is invalid: spec: Forbidden: pod updates may not change fields other than"
      When I run:
        """
        kubectl delete pod liveness-readiness-pod --now
        kubectl apply -f liveness.yaml
        """
      Then it prints "pod/liveness-readiness-pod created"

    @erratum
    Scenario: The examples' server shows everybody all files of its container
      # The document starts "python -m SimpleHTTPServer" in the root of the file system.
      Given the Pod "two-servers" runs from "two-servers.yaml"
      Then in the container "root" of the Pod "two-servers" "wget -q -O - http://127.0.0.1:8000/var/run/secrets/kubernetes.io/serviceaccount/" prints "href=\"token\""
      And in the container "folder" of the Pod "two-servers" "wget -q -O - http://127.0.0.1:8001/" prints "Directory listing for /"
      And in the container "folder" of the Pod "two-servers" "wget -q -O - http://127.0.0.1:8001/var/" fails with "404"
