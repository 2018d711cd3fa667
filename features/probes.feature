Feature: Probes, by which the kubelet asks whether a container works
  A container that runs need not work. The kubelet asks it again and again: while the answer to the readiness probe is no,
  no Service sends to the Pod; once the answer to the liveness probe has been no several times, the container is restarted.

  Rule: A Service sends to a Pod while its readiness probes pass

    @slow
    Scenario: A server that sleeps for 45 seconds is not ready before it answers
      Given the lab's files are in the folder "probes"
      And the Pod "bb" runs busybox
      When I run:
        """
        kubectl apply -f readiness.yaml -f service.yaml
        kubectl label pod liveness-readiness-pod app=liveness-readiness
        """
      Then within 60 seconds an event of the Pod "liveness-readiness-pod" says "Unhealthy Readiness probe failed: Get \"http://[IP]:8000/\": dial tcp [IP]:8000: connect: connection refused"
      And within 60 seconds the Pod "liveness-readiness-pod" is in the phase Running
      And for 25 seconds the Pod "liveness-readiness-pod" is not ready
      And within 60 seconds the Service "liveness-readiness" waits for the Pod "liveness-readiness-pod"
      And within 60 seconds the Service "liveness-readiness" sends to the Pod "liveness-readiness-pod"
      And within 60 seconds "kubectl exec bb -- wget -O - http://liveness-readiness:8000" prints "Directory listing for /"

    Scenario: A server that loses its page receives nothing, is not restarted, and receives again once it has a page
      Given "web.yaml" is applied
      Then within 60 seconds the Service "web" sends to the Pod "web"
      When I run "kubectl exec web -- mv /www/index.html /www/page.html"
      Then within 60 seconds the Service "web" waits for the Pod "web"
      And for 5 seconds the Pod "web" is not ready
      And within 1 second the restart count of the Pod "web" is 0
      When I run "kubectl exec web -- mv /www/page.html /www/index.html"
      Then within 60 seconds the Service "web" sends to the Pod "web"

    Scenario: A Pod of two containers receives nothing until both of them are ready
      Given "pair.yaml" is applied
      Then within 60 seconds an event of the Pod "pair" says "Unhealthy Readiness probe failed: ls: /tmp/filled: No such file or directory"
      And within 60 seconds "kubectl get pod pair" prints "pair  1/2  Running  0  [AGE]"
      And within 60 seconds the Service "pair" waits for the Pod "pair"
      When I run "kubectl exec pair -c cache -- touch /tmp/filled"
      Then within 60 seconds the Service "pair" sends to the Pod "pair"
      And "kubectl get pod pair" prints "pair  2/2  Running  0  [AGE]"

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

    Scenario: A server that answers its liveness probe is left alone
      Given the Pod "liveness-by-http" runs from "liveness-by-http.yaml"
      Then within 20 seconds the log of the Pod "liveness-by-http" has 6 lines
      And within 60 seconds the log of the Pod "liveness-by-http" shows "\"GET / HTTP/1.1\" 200"
      And within 1 second the restart count of the Pod "liveness-by-http" is 0

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
      Given "four-failures.yaml" is applied
      Then within 60 seconds the restart count of the Pod "four-failures" is 1
      When I run "kubectl logs four-failures --previous"
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

    Scenario Outline: The example of a <kind> probe names some of its numbers, and the others are defaults
      Given "<manifest>" is applied
      When I run "kubectl describe pod liveness-readiness-pod | grep delay="
      Then it prints "<probe>"

      Examples:
        | kind      | manifest       | probe                                                                                   |
        | readiness | readiness.yaml | Readiness:  http-get http://:8000/ delay=5s timeout=1s period=10s #success=1 #failure=1 |
        | liveness  | liveness.yaml  | Liveness:   exec [ls index.html] delay=60s timeout=1s period=5s #success=1 #failure=3   |

    Scenario Outline: A probe by <form> passes and fails
      Given "<form>.yaml" is applied
      Then within 60 seconds the Pod "<form>-passes" is ready
      And within 60 seconds an event of the Pod "<form>-fails" says "Unhealthy Readiness probe failed: <reason>"
      And within 60 seconds the Pod "<form>-fails" is in the phase Running
      And for 2 seconds the Pod "<form>-fails" is not ready

      Examples:
        | form | reason                                          |
        | http | HTTP probe failed with statuscode: 404          |
        | tcp  | dial tcp [IP]:8001: connect: connection refused |
        | exec | ls: index.html: No such file or directory       |

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

  Rule: Without a probe Kubernetes sees only whether a process runs, and how it ends

    Scenario: A container that serves nothing is ready
      Given the Pod "silent" runs from "silent.yaml"
      Then "kubectl get pod silent" prints "silent  1/1  Running  0  [AGE]"
      And in the Pod "silent" "wget -O - http://127.0.0.1:8000" fails with "Connection refused"

    Scenario: A download that fails, but ends with exit code 0, has succeeded
      Given "pipeline.yaml" is applied
      Then within 60 seconds the Pod "pipeline" is in the phase Succeeded
      And within 60 seconds the log of the Pod "pipeline" shows "Connection refused"

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

  Rule: What a learner hands in is graded

    @points:2 @task:readiness
    Scenario: The learner's Pod is not ready while its page is missing
      Hint: the readinessProbe asks by httpGet, and so hears what a connection alone does not tell.
      Given "page.yaml" is applied
      Then within 30 seconds the Pod "page" is ready
      When I run "kubectl exec page -- mv /www/index.html /www/away.html"
      Then within 15 seconds an event of the Pod "page" says "Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404"
      And within 15 seconds "kubectl get pod page" prints "page  0/1  Running  0"
      And for 3 seconds the Pod "page" is not ready
      When I run "kubectl exec page -- mv /www/away.html /www/index.html"
      Then within 15 seconds the Pod "page" is ready
      And within 1 second the restart count of the Pod "page" is 0

    @points:2 @task:service @lenient
    Scenario: The learner's Service sends to the Pod while it has its page
      Hint: the selector is the Pod's label; port is the Service's own, targetPort the Pod's.
      Given "page.yaml" is applied
      And "page-service.yaml" is applied
      And the Pod "asker" runs busybox
      Then within 30 seconds the Service "page" sends to the Pod "page"
      And within 10 seconds "kubectl exec asker -- wget -q -O - http://page" succeeds
      And it prints:
        """
        Welcome
        """
      When I run "kubectl exec page -- mv /www/index.html /www/away.html"
      Then within 15 seconds the Service "page" waits for the Pod "page"
      And for 3 seconds the Pod "page" is not ready
      And within 10 seconds "kubectl exec asker -- wget -q -O - http://page" fails with "Connection refused"

    @points:2 @task:liveness
    Scenario: The learner's container is restarted once its file is gone, and not before
      Hint: the livenessProbe runs a command in the container; look at it with "kubectl describe pod worker".
      Given "worker.yaml" is applied
      Then within 30 seconds the Pod "worker" is ready
      And for 8 seconds the restart count of the Pod "worker" stays 0
      When I run "kubectl exec worker -- rm /tmp/alive"
      Then within 30 seconds the restart count of the Pod "worker" is 1
      And within 10 seconds an event of the Pod "worker" says "Killing Container [...] failed liveness probe, will be restarted"
      And within 10 seconds "kubectl exec worker -- ls /tmp/alive" prints "/tmp/alive"
